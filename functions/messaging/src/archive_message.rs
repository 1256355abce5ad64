//! `POST /v1/messages/{id}/archive`

use axum::extract::State;
use axum::response::Response;
use portal_data::messages;
use portal_domain::ids::MessageId;
use portal_http::answer::Answer;
use portal_http::{Call, PathParameters, Portal, Problem, ProblemKind};

use crate::own_message;

/// Puts the conversation of a message away, which is its last; what was unread is read.
///
/// Only the caller's side changes. A new message brings it back, and one that has come meanwhile keeps it where it is.
#[utoipa::path(
    post,
    path = "/v1/messages/{id}/archive",
    operation_id = "archive_message",
    tag = "messages",
    params(("id" = MessageId, Path, description = "The message's id.")),
    responses(
        (status = 204, description = "It is put away."),
        (status = 409, description = "There is a newer message in the conversation."),
    ),
)]
pub(crate) async fn archive_message(
    State(portal): State<Portal>,
    call: Call,
    path: PathParameters,
) -> Result<Response, Problem> {
    let id: MessageId = path.read("id")?;
    let me = call.member()?;
    let mut tx = portal.database().begin(&call.context).await?;
    let message = own_message::find(&mut tx, id).await?;
    if !messages::archive(&mut tx, me, &message).await? {
        return Err(Problem::new(
            ProblemKind::Conflict,
            "There is a newer message in this conversation: archive that one.",
        ));
    }
    Ok(Answer::nothing().respond(tx.commit().await?))
}
