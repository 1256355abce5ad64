//! `POST /v1/projects/{id}/invitations`

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use portal_data::{DataError, projects};
use portal_domain::ids::{ProjectId, UserId};
use portal_domain::project::Invitation;
use portal_domain::turn::Turn;
use portal_http::answer::Answer;
use portal_http::fields::{FieldReader, Fields, FromFields};
use portal_http::idempotency::IdempotencyKey;
use portal_http::problem::Fault;
use portal_http::{Call, PathParameters, Portal, Problem, ProblemKind, turns};
use utoipa::ToSchema;

use crate::manage;

/// Whom to invite.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "camelCase")]
pub(crate) struct NewInvitation {
    /// The member.
    member_id: UserId,
}

impl FromFields for NewInvitation {
    fn read(fields: &mut FieldReader) -> Option<Self> {
        Some(Self {
            member_id: fields.required("memberId")?,
        })
    }
}

/// Invites a member to a project. Who is invited already stays so.
///
/// The member gets a mail, once the project is announced.
#[utoipa::path(
    post,
    path = "/v1/projects/{id}/invitations",
    operation_id = "invite_member",
    tag = "projects",
    params(("id" = ProjectId, Path, description = "The project's id."), IdempotencyKey),
    request_body = NewInvitation,
    responses(
        (status = 201, description = "The invitation.", body = Invitation,
         headers(("Location" = String, description = "Where the invitations are."))),
        (status = 409, description = "The project is awarded, completed or cancelled."),
    ),
)]
pub(crate) async fn invite_member(
    State(portal): State<Portal>,
    call: Call,
    path: PathParameters,
    key: IdempotencyKey,
    Fields { value: new, digest }: Fields<NewInvitation>,
) -> Result<Response, Problem> {
    let id: ProjectId = path.read("id")?;
    let inviter = call.member()?;
    let mut tx = portal.database().begin(&call.context).await?;
    if let Some(answer) = key.claim(&mut tx, &call, &digest).await? {
        return Ok(answer.respond(None));
    }
    let rates = turns::take(&mut tx, Turn::Invitation).await?;
    let project = manage::hold(&mut tx, id).await?;
    if !project.status.is_editable() {
        return Err(Problem::new(
            ProblemKind::Conflict,
            format!("A project that is {} invites nobody.", project.status),
        ));
    }
    match projects::invite(&mut tx, &project, new.member_id, inviter).await {
        Err(DataError::NotFound) => {
            return Err(Problem::invalid(vec![Fault::body(
                "/memberId",
                "is not a member",
            )]));
        }
        invited => invited?,
    }
    let invitations = projects::list_invitations(&mut tx, id).await?;
    let invitation = invitations.into_iter().find(|one| one.user_id == new.member_id);
    let invitation = invitation.ok_or(DataError::NotFound)?;
    let answer = Answer::created(&format!("/v1/projects/{id}/invitations"), 1, &invitation)?;
    key.keep(&mut tx, &call, &digest, &answer).await?;
    Ok((rates, answer.respond(tx.commit().await?)).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_as_documented() {
        let documented = portal_http::openapi::properties(&crate::openapi(), "NewInvitation");
        assert_eq!(portal_http::fields::names::<NewInvitation>(), documented);
    }
}
