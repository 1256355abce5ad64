//! `GET /v1/messages/{id}`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_data::{messages, read};
use portal_domain::ids::MessageId;
use portal_domain::message::Message;
use portal_http::query::{NoParameters, Query};
use portal_http::{Call, PathParameters, Portal, Problem, resource};

use crate::own_message::unseen;

/// Shows a message that the caller wrote or received.
#[utoipa::path(
    get,
    path = "/v1/messages/{id}",
    operation_id = "show_message",
    tag = "messages",
    params(("id" = MessageId, Path, description = "The message's id.")),
    responses((status = 200, description = "The message.", body = Message,
        headers(("ETag" = String, description = "The entity tag of this representation.")))),
)]
pub(crate) async fn show_message(
    State(portal): State<Portal>,
    call: Call,
    headers: HeaderMap,
    path: PathParameters,
    _: Query<NoParameters>,
) -> Result<Response, Problem> {
    let id: MessageId = path.read("id")?;
    let read = read!(portal.database(), &call.context, |tx| messages::lookup(tx, id)
        .await);
    let message = read?.ok_or_else(unseen)?.as_seen_by(call.member()?);
    // A message has no version of its own: its contents tell representations apart.
    resource::respond(&headers, 1, &message)
}
