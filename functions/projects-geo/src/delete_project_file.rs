//! `DELETE /v1/projects/{id}/files/{fileId}`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_data::projects;
use portal_domain::file::FileState;
use portal_domain::ids::{FileId, ProjectId};
use portal_http::answer::Answer;
use portal_http::file::no_file;
use portal_http::{Call, PathParameters, Portal, Problem, ProblemKind, etag};
use serde_json::json;

use crate::manage;

/// Takes a file away. Where the project was announced, that is an addendum, as a new file is.
#[utoipa::path(
    delete,
    path = "/v1/projects/{id}/files/{fileId}",
    operation_id = "delete_project_file",
    tag = "projects",
    params(
        ("id" = ProjectId, Path, description = "The project's id."),
        ("fileId" = FileId, Path, description = "The file's id."),
    ),
    responses(
        (status = 204, description = "It is gone."),
        (status = 409, description = "The project is awarded, completed or cancelled, and stays as it is."),
        (status = 412, description = "It has changed since `If-Match` was read."),
    ),
)]
pub(crate) async fn delete_project_file(
    State(portal): State<Portal>,
    call: Call,
    headers: HeaderMap,
    path: PathParameters,
) -> Result<Response, Problem> {
    let project: ProjectId = path.read("id")?;
    let id: FileId = path.read("fileId")?;
    let mut tx = portal.database().begin(&call.context).await?;
    let project = manage::hold(&mut tx, project).await?;
    let kept = projects::lookup_file(&mut tx, project.id, id).await?;
    let file = kept.ok_or_else(no_file)?.file;
    etag::guard(&headers, file.version)?;
    if !project.status.is_editable() {
        return Err(Problem::new(
            ProblemKind::Conflict,
            format!("A project that is {} keeps its files.", project.status),
        ));
    }
    projects::remove_file(&mut tx, id).await?;
    if file.state == FileState::Stored && project.status.is_announced() {
        let changes = json!({ "files": [{ "id": id, "name": file.name, "change": "REMOVED" }] });
        let summary = format!("File taken away: {}", file.name);
        projects::add_addendum(&mut tx, &project, call.member()?, &summary, &changes).await?;
    }
    Ok(Answer::nothing().respond(tx.commit().await?))
}
