//! `POST /v1/projects`

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use portal_data::{permissions, projects};
use portal_domain::ids::ProjectId;
use portal_domain::listing::ProjectListing;
use portal_domain::project::ProjectDetails;
use portal_domain::turn::Turn;
use portal_http::answer::Answer;
use portal_http::fields::Fields;
use portal_http::idempotency::IdempotencyKey;
use portal_http::{Call, Portal, Problem, turns};
use uuid::Uuid;

use crate::manage;
use crate::project_body::ProjectBody;

/// Posts a project as a draft.
///
/// Only its owner and staff see it until it is published.
#[utoipa::path(
    post,
    path = "/v1/projects",
    operation_id = "create_project",
    tag = "projects",
    params(IdempotencyKey),
    request_body = ProjectDetails,
    responses(
        (status = 201, description = "The draft.", body = ProjectListing, headers(
            ("Location" = String, description = "Where the project is."),
            ("ETag" = String, description = "The entity tag of this representation."),
        )),
        (status = 409, description = "A request with the same `Idempotency-Key` is still running."),
    ),
)]
pub(crate) async fn create_project(
    State(portal): State<Portal>,
    call: Call,
    key: IdempotencyKey,
    Fields {
        value: ProjectBody(details),
        digest,
    }: Fields<ProjectBody>,
) -> Result<Response, Problem> {
    let owner = call.member()?;
    let mut tx = portal.database().begin(&call.context).await?;
    if let Some(answer) = key.claim(&mut tx, &call, &digest).await? {
        return Ok(answer.respond(None));
    }
    let rates = turns::take(&mut tx, Turn::Project).await?;
    if !permissions::has(&mut tx, manage::MANAGE).await? {
        permissions::require(&mut tx, manage::CREATE).await?;
    }
    let id = ProjectId::from(Uuid::now_v7());
    projects::add(&mut tx, id, owner, &details, None).await?;
    let project = manage::shown(&mut tx, id).await?;
    let answer = Answer::created(&format!("/v1/projects/{id}"), project.version, &project)?;
    key.keep(&mut tx, &call, &digest, &answer).await?;
    Ok((rates, answer.respond(tx.commit().await?)).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_as_documented() {
        let documented = portal_http::openapi::properties(&crate::openapi(), "ProjectDetails");
        assert_eq!(portal_http::fields::names::<ProjectBody>(), documented);
    }
}
