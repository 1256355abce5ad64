//! `PATCH /v1/search/saved/{id}`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_data::saved_searches;
use portal_domain::ids::SavedSearchId;
use portal_domain::search::SavedSearch;
use portal_http::answer::Answer;
use portal_http::fields::MergePatch;
use portal_http::{Call, PathParameters, Portal, Problem, etag};
use serde_json::json;

use crate::forget_saved_search::unknown;
use crate::saved_search_body::SavedSearchBody;

/// Changes one of the caller's searches.
///
/// One that looks for something else, or whose alerts are turned on again, tells what is new from now on.
#[utoipa::path(
    patch,
    path = "/v1/search/saved/{id}",
    operation_id = "change_saved_search",
    tag = "search",
    params(("id" = SavedSearchId, Path, description = "The search's id.")),
    request_body(content(
        (SavedSearchBody = "application/merge-patch+json"),
        (SavedSearchBody = "application/json"),
    ), description = "A JSON Merge Patch: fields that are left out stay, null clears."),
    responses(
        (status = 200, description = "The search as it is now.", body = SavedSearch,
         headers(("ETag" = String, description = "The entity tag of this representation."))),
        (status = 412, description = "It has changed since `If-Match` was read."),
    ),
)]
pub(crate) async fn change_saved_search(
    State(portal): State<Portal>,
    call: Call,
    headers: HeaderMap,
    path: PathParameters,
    patch: MergePatch,
) -> Result<Response, Problem> {
    let member = call.member()?;
    let id: SavedSearchId = path.read("id")?;
    let mut tx = portal.database().begin(&call.context).await?;
    let search = saved_searches::lock(&mut tx, member, id)
        .await?
        .ok_or_else(unknown)?;
    etag::guard(&headers, search.version)?;
    let before =
        json!({ "name": search.name, "query": search.query, "alertsEnabled": search.alerts_enabled });
    let body: SavedSearchBody = patch.over(&before)?;
    let changed = saved_searches::change(&mut tx, member, id, &body.details()).await?;
    let answer = Answer::resource(changed.version, &changed)?;
    Ok(answer.respond(tx.commit().await?))
}
