//! `POST /v1/projects/{id}/complete`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_domain::ids::ProjectId;
use portal_domain::listing::ProjectListing;
use portal_domain::project::ProjectAction;
use portal_http::{Call, PathParameters, Portal, Problem};

use crate::act::act;

/// Says that the work is done.

#[utoipa::path(
    post,
    path = "/v1/projects/{id}/complete",
    operation_id = "complete_project",
    tag = "projects",
    params(("id" = ProjectId, Path, description = "The project's id.")),
    responses(
        (status = 200, description = "The project as it is now.", body = ProjectListing,
         headers(("ETag" = String, description = "The entity tag of this representation."))),
        (status = 409, description = "Its state does not allow this; the answer names what it allows."),
        (status = 412, description = "It has changed since `If-Match` was read."),
    ),
)]
pub(crate) async fn complete_project(
    State(portal): State<Portal>,
    call: Call,
    headers: HeaderMap,
    path: PathParameters,
) -> Result<Response, Problem> {
    act(
        &portal,
        &call,
        &headers,
        path.read("id")?,
        ProjectAction::Complete,
    )
    .await
}
