//! `POST /v1/feedback/{id}/replies`

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use portal_data::feedback;
use portal_domain::feedback::FeedbackReply;
use portal_domain::ids::FeedbackId;
use portal_domain::text::Prose;
use portal_domain::turn::Turn;
use portal_http::answer::Answer;
use portal_http::fields::{FieldReader, Fields, FromFields};
use portal_http::idempotency::IdempotencyKey;
use portal_http::{Call, PathParameters, Portal, Problem, ProblemKind, turns};
use utoipa::ToSchema;

use crate::ticket;

/// What a member replies.
#[derive(Debug, ToSchema)]
pub(crate) struct NewReply {
    /// The reply.
    #[schema(value_type = String, min_length = 1, max_length = 10_000)]
    content: Prose<10_000>,
}

impl FromFields for NewReply {
    fn read(fields: &mut FieldReader) -> Option<Self> {
        Some(Self {
            content: fields.required("content")?,
        })
    }
}

/// Replies to a ticket of the caller's. One that was resolved is open again then; who works on it gets a mail.
#[utoipa::path(
    post,
    path = "/v1/feedback/{id}/replies",
    operation_id = "add_feedback_reply",
    tag = "feedback",
    params(("id" = FeedbackId, Path, description = "The ticket's id."), IdempotencyKey),
    request_body = NewReply,
    responses(
        (status = 201, description = "The reply.", body = FeedbackReply, headers(
            ("Location" = String, description = "Where the replies are."),
            ("ETag" = String, description = "The entity tag of this representation."),
        )),
        (status = 409, description = "The ticket is closed."),
    ),
)]
pub(crate) async fn add_feedback_reply(
    State(portal): State<Portal>,
    call: Call,
    path: PathParameters,
    key: IdempotencyKey,
    Fields { value: new, digest }: Fields<NewReply>,
) -> Result<Response, Problem> {
    let id: FeedbackId = path.read("id")?;
    let me = call.member()?;
    let mut tx = portal.database().begin(&call.context).await?;
    if let Some(answer) = key.claim(&mut tx, &call, &digest).await? {
        return Ok(answer.respond(None));
    }
    let rates = turns::take(&mut tx, Turn::Reply).await?;
    let ticket = ticket::hold(&mut tx, id).await?;
    let status = ticket.status.after_reply_of_member().ok_or_else(|| {
        Problem::new(
            ProblemKind::Conflict,
            "A ticket that is CLOSED takes no replies: reopen it first.",
        )
    })?;
    if status != ticket.status {
        feedback::move_to(&mut tx, id, status).await?;
    }
    let reply = feedback::reply(&mut tx, &ticket, me, &new.content, false).await?;
    let answer = Answer::created(&format!("/v1/feedback/{id}/replies"), 1, &reply)?;
    key.keep(&mut tx, &call, &digest, &answer).await?;
    Ok((rates, answer.respond(tx.commit().await?)).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_as_documented() {
        let documented = portal_http::openapi::properties(&crate::openapi(), "NewReply");
        assert_eq!(portal_http::fields::names::<NewReply>(), documented);
    }
}
