//! `POST /v1/messages`

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use portal_data::DataError;
use portal_data::messages::{self, HeldThread};
use portal_domain::message::{Message, NewMessage};
use portal_http::answer::Answer;
use portal_http::fields::Fields;
use portal_http::idempotency::IdempotencyKey;
use portal_http::problem::Fault;
use portal_http::{Call, Portal, Problem, ProblemKind};

use crate::limits;
use crate::message_body::MessageBody;

/// Writes to a member.
///
/// How often is limited, for new accounts and for first messages more so. Whether a member takes no messages or none of the caller's is
/// not told apart.
#[utoipa::path(
    post,
    path = "/v1/messages",
    operation_id = "send_message",
    tag = "messages",
    params(IdempotencyKey),
    request_body = NewMessage,
    responses(
        (status = 201, description = "The message.", body = Message, headers(
            ("Location" = String, description = "Where the message is."),
            ("ETag" = String, description = "The entity tag of this representation."),
        )),
        (status = 409, description = "The member takes no messages, the caller takes none or has blocked the member, or a request with the \
            same `Idempotency-Key` is still running."),
    ),
)]
pub(crate) async fn send_message(
    State(portal): State<Portal>,
    call: Call,
    key: IdempotencyKey,
    Fields {
        value: MessageBody(new),
        digest,
    }: Fields<MessageBody>,
) -> Result<Response, Problem> {
    let me = call.member()?;
    if new.receiver_id == me {
        return Err(invalid_receiver("must be somebody else"));
    }
    let mut tx = portal.database().begin(&call.context).await?;
    if let Some(answer) = key.claim(&mut tx, &call, &digest).await? {
        return Ok(answer.respond(None));
    }
    let thread = messages::hold(&mut tx, new.receiver_id).await?;
    let rate_limits = limits::admit(&thread)?;
    refuse(&thread)?;
    let id = messages::add(&mut tx, me, &new, thread.is_first).await?;
    let message = messages::lookup(&mut tx, id).await?.ok_or(DataError::NotFound)?;
    let answer = Answer::created(&format!("/v1/messages/{id}"), 1, &message)?;
    key.keep(&mut tx, &call, &digest, &answer).await?;
    let written = tx.commit().await?;
    Ok((rate_limits, answer.respond(written)).into_response())
}

fn invalid_receiver(detail: &str) -> Problem {
    Problem::invalid(vec![Fault::body("/receiverId", detail)])
}

/// Why a message cannot be written, where it cannot. What the receiver has decided comes last and is one sentence: whoever is blocked
/// learns nothing that others do not.
fn refuse(thread: &HeldThread) -> Result<(), Problem> {
    let conflict = |detail| Err(Problem::new(ProblemKind::Conflict, detail));
    if !thread.sender_accepts {
        return conflict(
            "You take no messages, so nobody could answer: change that in your preferences first.",
        );
    }
    if !thread.is_member {
        return Err(invalid_receiver("is not a member"));
    }
    if thread.is_blocked {
        return conflict("You have blocked this member: take the block back first.");
    }
    if !thread.accepts {
        return conflict("This member takes no messages.");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_as_documented() {
        let documented = portal_http::openapi::properties(&crate::openapi(), "NewMessage");
        assert_eq!(portal_http::fields::names::<MessageBody>(), documented);
    }
}
