//! `DELETE /v1/projects/{id}`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_data::projects;
use portal_domain::ids::ProjectId;
use portal_http::answer::Answer;
use portal_http::{Call, PathParameters, Portal, Problem, ProblemKind, etag};

use crate::manage;

/// Takes a project away: a draft, or one that was cancelled.
#[utoipa::path(
    delete,
    path = "/v1/projects/{id}",
    operation_id = "delete_project",
    tag = "projects",
    params(("id" = ProjectId, Path, description = "The project's id.")),
    responses(
        (status = 204, description = "It is gone."),
        (status = 409, description = "It was announced and not cancelled."),
        (status = 412, description = "It has changed since `If-Match` was read."),
    ),
)]
pub(crate) async fn delete_project(
    State(portal): State<Portal>,
    call: Call,
    headers: HeaderMap,
    path: PathParameters,
) -> Result<Response, Problem> {
    let id: ProjectId = path.read("id")?;
    let mut tx = portal.database().begin(&call.context).await?;
    let project = manage::hold(&mut tx, id).await?;
    etag::guard(&headers, project.version)?;
    if !project.status.is_deletable() {
        return Err(Problem::new(
            ProblemKind::Conflict,
            format!(
                "A project that is {} cannot be deleted: cancel it first.",
                project.status
            ),
        ));
    }
    projects::remove(&mut tx, id).await?;
    Ok(Answer::nothing().respond(tx.commit().await?))
}
