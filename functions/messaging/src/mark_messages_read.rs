//! `POST /v1/messages/read`

use axum::extract::State;
use axum::response::Response;
use portal_data::{conversations, messages};
use portal_domain::ids::MessageId;
use portal_domain::message::Unread;
use portal_http::answer::Answer;
use portal_http::fields::{FieldReader, Fields, FromFields};
use portal_http::{Call, Portal, Problem};
use utoipa::ToSchema;

use crate::own_message;

/// How far a member has read.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "camelCase")]
pub(crate) struct ReadUpTo {
    /// The last message that was read, whoever wrote it.
    message_id: MessageId,
}

impl FromFields for ReadUpTo {
    fn read(fields: &mut FieldReader) -> Option<Self> {
        Some(Self {
            message_id: fields.required("messageId")?,
        })
    }
}

/// Marks a thread as read up to a message. Doing it again changes nothing.
#[utoipa::path(
    post,
    path = "/v1/messages/read",
    operation_id = "mark_messages_read",
    tag = "messages",
    request_body = ReadUpTo,
    responses(
        (status = 200, description = "What is unread now, in all conversations.", body = Unread),
        (status = 404, description = "There is no such message that the caller may see."),
    ),
)]
pub(crate) async fn mark_messages_read(
    State(portal): State<Portal>,
    call: Call,
    Fields { value: read, .. }: Fields<ReadUpTo>,
) -> Result<Response, Problem> {
    let me = call.member()?;
    let mut tx = portal.database().begin(&call.context).await?;
    let message = own_message::find(&mut tx, read.message_id).await?;
    messages::mark_read(&mut tx, me, &message).await?;
    let answer = Answer::json(&conversations::unread(&mut tx, me).await?)?;
    Ok(answer.respond(tx.commit().await?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_as_documented() {
        let documented = portal_http::openapi::properties(&crate::openapi(), "ReadUpTo");
        assert_eq!(portal_http::fields::names::<ReadUpTo>(), documented);
    }
}
