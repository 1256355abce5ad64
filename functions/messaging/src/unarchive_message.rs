//! `DELETE /v1/messages/{id}/archive`

use axum::extract::State;
use axum::response::Response;
use portal_data::messages;
use portal_domain::ids::MessageId;
use portal_http::answer::Answer;
use portal_http::{Call, PathParameters, Portal, Problem};

use crate::own_message;

/// Brings the conversation of a message back that was put away.
#[utoipa::path(
    delete,
    path = "/v1/messages/{id}/archive",
    operation_id = "unarchive_message",
    tag = "messages",
    params(("id" = MessageId, Path, description = "The message's id.")),
    responses((status = 204, description = "It is among the others.")),
)]
pub(crate) async fn unarchive_message(
    State(portal): State<Portal>,
    call: Call,
    path: PathParameters,
) -> Result<Response, Problem> {
    let id: MessageId = path.read("id")?;
    let me = call.member()?;
    let mut tx = portal.database().begin(&call.context).await?;
    let message = own_message::find(&mut tx, id).await?;
    messages::unarchive(&mut tx, me, &message).await?;
    Ok(Answer::nothing().respond(tx.commit().await?))
}
