//! `PATCH /v1/projects/{id}`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_domain::ids::ProjectId;
use portal_domain::listing::ProjectListing;
use portal_domain::project::ProjectDetails;
use portal_http::answer::Answer;
use portal_http::fields::MergePatch;
use portal_http::problem::Fault;
use portal_http::{Call, PathParameters, Portal, Problem, ProblemKind, etag};

use crate::manage;
use crate::project_body::{ProjectBody, before_patch};

/// Changes what a project says.
///
/// Once it is announced, a change is an addendum: whoever has bid gets a mail, and acknowledges it.
#[utoipa::path(
    patch,
    path = "/v1/projects/{id}",
    operation_id = "change_project",
    tag = "projects",
    params(("id" = ProjectId, Path, description = "The project's id.")),
    request_body(content(
        (ProjectDetails = "application/merge-patch+json"),
        (ProjectDetails = "application/json"),
    ), description = "A JSON Merge Patch: fields that are left out stay, null clears."),
    responses(
        (status = 200, description = "The project as it is now.", body = ProjectListing,
         headers(("ETag" = String, description = "The entity tag of this representation."))),
        (status = 409, description = "It is awarded, completed or cancelled, and stays as it is."),
        (status = 412, description = "It has changed since `If-Match` was read."),
    ),
)]
pub(crate) async fn change_project(
    State(portal): State<Portal>,
    call: Call,
    headers: HeaderMap,
    path: PathParameters,
    patch: MergePatch,
) -> Result<Response, Problem> {
    let id: ProjectId = path.read("id")?;
    let mut tx = portal.database().begin(&call.context).await?;
    let project = manage::hold(&mut tx, id).await?;
    etag::guard(&headers, project.version)?;
    if !project.status.is_editable() {
        return Err(Problem::new(
            ProblemKind::Conflict,
            format!("A project that is {} stays as it is.", project.status),
        ));
    }
    let ProjectBody(details) = patch.over(&before_patch(&project.details))?;
    if let Some((field, detail)) = manage::crowded(&project, &details) {
        return Err(Problem::invalid(vec![Fault::body(&format!("/{field}"), detail)]));
    }
    manage::rewrite(&mut tx, &project, &details, call.member()?).await?;
    let shown = manage::shown(&mut tx, id).await?;
    let answer = Answer::resource(shown.version, &shown)?;
    Ok(answer.respond(tx.commit().await?))
}
