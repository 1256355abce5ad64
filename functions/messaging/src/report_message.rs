//! `POST /v1/messages/{id}/report`

use axum::extract::State;
use axum::response::Response;
use portal_data::messages;
use portal_domain::ids::MessageId;
use portal_domain::text::Prose;
use portal_http::answer::Answer;
use portal_http::fields::{FieldReader, Fields, FromFields};
use portal_http::{Call, PathParameters, Portal, Problem, ProblemKind};
use utoipa::ToSchema;

use crate::own_message;

/// Why a message is shown to staff.
#[derive(Debug, ToSchema)]
pub(crate) struct MessageReport {
    /// In words.
    #[schema(value_type = String, min_length = 1, max_length = 1_000)]
    reason: Prose<1_000>,
}

impl FromFields for MessageReport {
    fn read(fields: &mut FieldReader) -> Option<Self> {
        Some(Self {
            reason: fields.required("reason")?,
        })
    }
}

/// Shows a message that the caller received to staff, who see how it begins and nothing else. Once is enough.
#[utoipa::path(
    post,
    path = "/v1/messages/{id}/report",
    operation_id = "report_message",
    tag = "messages",
    params(("id" = MessageId, Path, description = "The message's id.")),
    request_body = MessageReport,
    responses(
        (status = 204, description = "Staff look into it."),
        (status = 409, description = "The caller wrote it."),
    ),
)]
pub(crate) async fn report_message(
    State(portal): State<Portal>,
    call: Call,
    path: PathParameters,
    Fields { value: report, .. }: Fields<MessageReport>,
) -> Result<Response, Problem> {
    let id: MessageId = path.read("id")?;
    let me = call.member()?;
    let mut tx = portal.database().begin(&call.context).await?;
    let message = own_message::find(&mut tx, id).await?;
    if message.sender_id == me {
        return Err(Problem::new(
            ProblemKind::Conflict,
            "You wrote this message yourself.",
        ));
    }
    messages::report(&mut tx, id, me, &report.reason).await?;
    Ok(Answer::nothing().respond(tx.commit().await?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_as_documented() {
        let documented = portal_http::openapi::properties(&crate::openapi(), "MessageReport");
        assert_eq!(portal_http::fields::names::<MessageReport>(), documented);
    }
}
