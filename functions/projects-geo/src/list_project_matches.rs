//! `GET /v1/projects/matches`

use axum::extract::State;
use axum::response::Response;
use portal_data::projects::{self, MatchPosition};
use portal_data::read;
use portal_domain::project::ProjectMatch;
use portal_http::page::{List, ListQuery, PageParameters};
use portal_http::query::NoParameters;
use portal_http::{Call, Portal, Problem};

/// Ranks the open projects for the caller, best first, each with its reasons and the parts of its score.
#[utoipa::path(
    get,
    path = "/v1/projects/matches",
    operation_id = "list_project_matches",
    tag = "projects",
    params(PageParameters),
    responses((status = 200, description = "A page of matches.", body = List<ProjectMatch>,
        headers(("Link" = String, description = "The next page, with rel=\"next\"; absent on the last.")))),
)]
pub(crate) async fn list_project_matches(
    State(portal): State<Portal>,
    call: Call,
    ListQuery { page, .. }: ListQuery<NoParameters>,
) -> Result<Response, Problem> {
    let keys = portal.cursor_keys(page.cursor()).await?;
    let after: Option<MatchPosition> = page.position(&keys)?;
    let read = read!(portal.database(), &call.context, |tx| {
        projects::list_matches(tx, after, page.rows()).await
    });
    let (rows, total) = read?;
    let page = page
        .page(&keys, rows, MatchPosition::after)?
        .map(|found| found.shown);
    Ok(page.with_total(Some(total)).respond_json())
}
