//! `DELETE /v1/calendar/token`

use axum::extract::State;
use axum::response::Response;
use portal_data::calendars;
use portal_http::answer::Answer;
use portal_http::{Call, Portal, Problem};

/// Takes the address of the caller's calendar away; it opens nothing any more.
#[utoipa::path(
    delete,
    path = "/v1/calendar/token",
    operation_id = "revoke_calendar_token",
    tag = "calendars",
    responses((status = 204, description = "There is none any more.")),
)]
pub(crate) async fn revoke_calendar_token(
    State(portal): State<Portal>,
    call: Call,
) -> Result<Response, Problem> {
    let member = call.member()?;
    let mut tx = portal.database().begin(&call.context).await?;
    calendars::revoke(&mut tx, member).await?;
    Ok(Answer::nothing().respond(tx.commit().await?))
}
