//! `GET /v1/projects/{id}/applications`

use axum::extract::State;
use axum::response::Response;
use portal_data::applications::ApplicationFilters;
use portal_data::{projects, read};
use portal_domain::application::Application;
use portal_domain::ids::ProjectId;
use portal_http::page::{List, ListQuery, PageParameters};
use portal_http::{Call, PathParameters, Portal, Problem};

use crate::application_list::{self, ApplicationParameters};
use crate::manage;

/// Lists the bids on a project, the latest first.
///
/// Its owner and staff see all of them; a member sees the own one alone, so that bids stay sealed.
#[utoipa::path(
    get,
    path = "/v1/projects/{id}/applications",
    operation_id = "list_project_applications",
    tag = "applications",
    params(("id" = ProjectId, Path, description = "The project's id."), ApplicationParameters, PageParameters),
    responses((status = 200, description = "A page of bids.", body = List<Application>,
        headers(("Link" = String, description = "The next page, with rel=\"next\"; absent on the last.")))),
)]
pub(crate) async fn list_project_applications(
    State(portal): State<Portal>,
    call: Call,
    path: PathParameters,
    ListQuery { filters, page }: ListQuery<ApplicationParameters>,
) -> Result<Response, Problem> {
    let id: ProjectId = path.read("id")?;
    let project = read!(portal.database(), &call.context, |tx| projects::lookup(tx, id)
        .await)?;
    if project.is_none() {
        return Err(manage::unseen());
    }
    let of_project = ApplicationFilters {
        project: Some(id),
        statuses: filters.status,
        bidder: None,
    };
    application_list::page(&portal, &call, &page, &of_project).await
}
