//! `POST /v1/calendar/token`

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use portal_data::calendars;
use portal_http::call::Written;
use portal_http::{Call, Portal, Problem};
use serde::Serialize;
use utoipa::ToSchema;

use crate::calendar_token;

/// Where a private calendar is. It is shown this once.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CalendarAddress {
    /// The token.
    token: String,
    /// What calendar programs subscribe to. Whoever has it may read the calendar.
    #[schema(format = "uri")]
    url: String,
}

/// Gives the caller's calendar a new address; the one before opens nothing any more.
#[utoipa::path(
    post,
    path = "/v1/calendar/token",
    operation_id = "rotate_calendar_token",
    tag = "calendars",
    responses((status = 201, description = "The address.", body = CalendarAddress)),
)]
pub(crate) async fn rotate_calendar_token(
    State(portal): State<Portal>,
    call: Call,
) -> Result<Response, Problem> {
    let member = call.member()?;
    let token = calendar_token::generate()?;
    let mut tx = portal.database().begin(&call.context).await?;
    calendars::rotate(&mut tx, member, &calendar_token::hash(&token)).await?;
    let written = Written(tx.commit().await?);
    let base = portal.tokens().settings().issuer.trim_end_matches('/');
    let url = format!("{base}/v1/calendar.ics?token={token}");
    Ok((StatusCode::CREATED, written, Json(CalendarAddress { token, url })).into_response())
}
