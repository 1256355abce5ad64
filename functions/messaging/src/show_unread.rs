//! `GET /v1/messages/unread`

use axum::Json;
use axum::extract::State;
use portal_data::{conversations, read};
use portal_domain::message::Unread;
use portal_http::query::{NoParameters, Query};
use portal_http::{Call, Portal, Problem};

/// Says how many messages the caller has not read.
#[utoipa::path(
    get,
    path = "/v1/messages/unread",
    operation_id = "show_unread",
    tag = "messages",
    responses((status = 200, description = "The counts.", body = Unread)),
)]
pub(crate) async fn show_unread(
    State(portal): State<Portal>,
    call: Call,
    _: Query<NoParameters>,
) -> Result<Json<Unread>, Problem> {
    let me = call.member()?;
    let read = read!(portal.database(), &call.context, |tx| conversations::unread(
        tx, me
    )
    .await);
    Ok(Json(read?))
}
