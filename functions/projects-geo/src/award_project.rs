//! `POST /v1/projects/{id}/award`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_data::{DataError, applications};
use portal_domain::ids::{ApplicationId, ProjectId};
use portal_domain::listing::ProjectListing;
use portal_domain::project::ProjectAction;
use portal_http::answer::Answer;
use portal_http::fields::{FieldReader, Fields, FromFields};
use portal_http::{Call, PathParameters, Portal, Problem, ProblemKind, etag};
use utoipa::ToSchema;

use crate::act::illegal;
use crate::manage;

/// Who wins.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "camelCase")]
pub(crate) struct Award {
    /// The bid that wins.
    application_id: ApplicationId,
}

impl FromFields for Award {
    fn read(fields: &mut FieldReader) -> Option<Self> {
        Some(Self {
            application_id: fields.required("applicationId")?,
        })
    }
}

/// Gives the work to a bidder.
///
/// The other bids are rejected, and everyone who has bid gets a mail.
#[utoipa::path(
    post,
    path = "/v1/projects/{id}/award",
    operation_id = "award_project",
    tag = "projects",
    params(("id" = ProjectId, Path, description = "The project's id.")),
    request_body = Award,
    responses(
        (status = 200, description = "The project as it is now.", body = ProjectListing,
         headers(("ETag" = String, description = "The entity tag of this representation."))),
        (status = 409, description = "Its state does not allow this, or the bid is not an open one of this project."),
        (status = 412, description = "It has changed since `If-Match` was read."),
    ),
)]
pub(crate) async fn award_project(
    State(portal): State<Portal>,
    call: Call,
    headers: HeaderMap,
    path: PathParameters,
    Fields { value: award, .. }: Fields<Award>,
) -> Result<Response, Problem> {
    let id: ProjectId = path.read("id")?;
    let reviewer = call.member()?;
    let mut tx = portal.database().begin(&call.context).await?;
    let project = manage::hold(&mut tx, id).await?;
    etag::guard(&headers, project.version)?;
    ProjectAction::Award
        .from(project.status)
        .map_err(|refusal| illegal(&refusal))?;
    match applications::award(&mut tx, &project, award.application_id, reviewer).await {
        Err(DataError::NotFound) => {
            return Err(Problem::new(
                ProblemKind::Conflict,
                "This is not an open bid on this project: list its applications for those that can win.",
            ));
        }
        awarded => awarded?,
    }
    let shown = manage::shown(&mut tx, id).await?;
    let answer = Answer::resource(shown.version, &shown)?;
    Ok(answer.respond(tx.commit().await?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_as_documented() {
        let documented = portal_http::openapi::properties(&crate::openapi(), "Award");
        assert_eq!(portal_http::fields::names::<Award>(), documented);
    }
}
