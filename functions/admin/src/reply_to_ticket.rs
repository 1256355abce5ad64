//! `POST /v1/admin/feedback/{id}/replies`

use axum::extract::State;
use axum::response::Response;
use portal_data::feedback;
use portal_data::staff::actions::{self, Target};
use portal_data::staff::desk;
use portal_domain::feedback::{FeedbackReply, FeedbackStatus};
use portal_domain::ids::FeedbackId;
use portal_domain::staff::Reason;
use portal_domain::text::Prose;
use portal_http::answer::Answer;
use portal_http::fields::{FieldReader, Fields, FromFields};
use portal_http::idempotency::IdempotencyKey;
use portal_http::{Call, PathParameters, Portal, Problem};
use serde_json::json;
use utoipa::ToSchema;

use crate::permitted::{TICKETS, begin, conflict};
use crate::show_help_ticket::unseen;

/// How much of a reply stands in the record where no reason was sent, in characters.
const RECORDED: usize = 500;

/// What staff reply.
#[derive(Debug, ToSchema)]
pub(crate) struct StaffReply {
    /// The reply.
    #[schema(value_type = String, min_length = 1, max_length = 10_000)]
    content: Prose<10_000>,
    /// Whether it is a note that staff alone see; not unless it says so.
    #[schema(default = false, required = false, nullable = false)]
    internal: bool,
    /// Why, for the record of what staff do; unless it is sent, what the reply says, or of a note that it is one.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 500)]
    reason: Option<Reason>,
}

impl FromFields for StaffReply {
    fn read(fields: &mut FieldReader) -> Option<Self> {
        let content = fields.required("content");
        let internal = fields.optional("internal");
        let reason = fields.optional("reason");
        Some(Self {
            content: content?,
            internal: internal.unwrap_or(false),
            reason,
        })
    }
}

/// Replies to a ticket of any member, who gets a mail; or leaves a note that staff alone see, of which nobody is told. A ticket that is
/// closed takes notes only.
#[utoipa::path(
    post,
    path = "/v1/admin/feedback/{id}/replies",
    operation_id = "reply_to_ticket",
    tag = "admin",
    params(("id" = FeedbackId, Path, description = "The ticket's id."), IdempotencyKey),
    request_body = StaffReply,
    responses(
        (status = 201, description = "The reply.", body = FeedbackReply, headers(
            ("Location" = String, description = "Where the replies are."),
            ("ETag" = String, description = "The entity tag of this representation."),
        )),
        (status = 409, description = "The ticket is closed, or a request with the same key is still running."),
    ),
)]
pub(crate) async fn reply_to_ticket(
    State(portal): State<Portal>,
    call: Call,
    path: PathParameters,
    key: IdempotencyKey,
    Fields { value: new, digest }: Fields<StaffReply>,
) -> Result<Response, Problem> {
    let id: FeedbackId = path.read("id")?;
    let me = call.member()?;
    let mut tx = begin(&portal, &call, &[TICKETS]).await?;
    if let Some(answer) = key.claim(&mut tx, &call, &digest).await? {
        return Ok(answer.respond(None));
    }
    let ticket = desk::lock(&mut tx, id).await?.ok_or_else(unseen)?.feedback;
    if ticket.status == FeedbackStatus::Closed && !new.internal {
        return Err(conflict(
            &"A ticket that is CLOSED takes no replies: reopen it first.",
        ));
    }
    let reply = feedback::reply(&mut tx, &ticket, me, &new.content, new.internal).await?;
    let target = Target::Row {
        table: "member_feedback",
        id: id.to_string(),
        member: Some(ticket.user_id),
    };
    let said: String = new.content.chars().take(RECORDED).collect();
    // What a note says is for those who answer tickets, not for all who read the record.
    let (action, unsaid) = if new.internal {
        ("feedback.note", "A note.")
    } else {
        ("feedback.reply", said.as_str())
    };
    let reason = new.reason.as_deref().unwrap_or(unsaid);
    actions::add(
        &mut tx,
        me,
        action,
        &target,
        reason,
        &json!({ "replyId": reply.id }),
    )
    .await?;
    let answer = Answer::created(&format!("/v1/admin/feedback/{id}/replies"), 1, &reply)?;
    key.keep(&mut tx, &call, &digest, &answer).await?;
    Ok(answer.respond(tx.commit().await?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_as_documented() {
        let documented = portal_http::openapi::properties(&crate::openapi(), "StaffReply");
        assert_eq!(portal_http::fields::names::<StaffReply>(), documented);
    }
}
