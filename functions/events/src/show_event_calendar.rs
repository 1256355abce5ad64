//! `GET /v1/events/{id}/calendar`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_data::{events, read};
use portal_domain::ids::EventId;
use portal_http::query::{NoParameters, Query};
use portal_http::{Call, PathParameters, Problem};

use crate::calendar_answer;
use crate::manage;
use crate::state::Events;

/// Shows one event as iCalendar (RFC 5545).
#[utoipa::path(
    get,
    path = "/v1/events/{id}/calendar",
    operation_id = "show_event_calendar",
    tag = "calendars",
    params(("id" = EventId, Path, description = "The event's id.")),
    responses(
        (status = 200, description = "A calendar with the event.", body = String, content_type = "text/calendar",
         headers(("ETag" = String, description = "The entity tag of this representation."))),
        (status = 406, description = "Only iCalendar."),
    ),
)]
pub(crate) async fn show_event_calendar(
    State(state): State<Events>,
    call: Call,
    headers: HeaderMap,
    path: PathParameters,
    _: Query<NoParameters>,
) -> Result<Response, Problem> {
    calendar_answer::admit(&headers)?;
    let id: EventId = path.read("id")?;
    let event = read!(state.portal.database(), &call.context, |tx| events::lookup(
        tx, id
    )
    .await)?;
    let event = event.ok_or_else(manage::unseen)?;
    Ok(calendar_answer::respond(
        &headers,
        &[event.into()],
        None,
        &state.web_url,
    ))
}
