//! `GET /v1/projects/{id}`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_data::{projects, read};
use portal_domain::ids::ProjectId;
use portal_domain::listing::ProjectListing;
use portal_http::negotiate::{MediaType, negotiate};
use portal_http::query::{NoParameters, Query};
use portal_http::{Call, PathParameters, Portal, Problem, resource};

use crate::manage;

/// Shows one project.
#[utoipa::path(
    get,
    path = "/v1/projects/{id}",
    operation_id = "show_project",
    tag = "projects",
    params(("id" = ProjectId, Path, description = "The project's id.")),
    responses(
        (status = 200, description = "The project.", body = ProjectListing,
         headers(("ETag" = String, description = "The entity tag of this representation."))),
        (status = 406, description = "Only JSON."),
    ),
)]
pub(crate) async fn show_project(
    State(portal): State<Portal>,
    call: Call,
    headers: HeaderMap,
    path: PathParameters,
    _: Query<NoParameters>,
) -> Result<Response, Problem> {
    negotiate(&headers, &[MediaType::Json])?;
    let id: ProjectId = path.read("id")?;
    let project = read!(portal.database(), &call.context, |tx| projects::lookup(tx, id)
        .await)?;
    let project = project.ok_or_else(manage::unseen)?;
    resource::respond(&headers, project.version, &project)
}
