//! `GET /v1/calendar.ics`

use axum::extract::State;
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use portal_data::{calendars, read};
use portal_http::query::{FromQuery, Query, QueryReader};
use portal_http::{Call, Problem};
use time::Duration;
use utoipa::IntoParams;

use crate::state::Events;
use crate::{calendar_answer, calendar_token};

/// For how long an event stays in the calendar when it is over.
const KEPT: Duration = Duration::days(90);

/// What programs call the calendar.
const NAME: &str = "NAMC NorCal: my events";

/// Which calendar.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct CalendarParameters {
    /// The token that `POST /v1/calendar/token` has given.
    #[param(min_length = 43, max_length = 43, pattern = "^[A-Za-z0-9_-]{43}$")]
    token: String,
}

impl FromQuery for CalendarParameters {
    fn read(query: &mut QueryReader) -> Option<Self> {
        if !query.has("token") {
            query.fault("token", "is required");
        }
        let token = query.text("token", calendar_token::LENGTH)?;
        Some(Self { token })
    }
}

/// Shows a member's own calendar as iCalendar (RFC 5545), to whoever has its address: the events that the member has a seat at, those of
/// the last 90 days among them, and those that were called off. A seat that waits for its payment is `TENTATIVE`.
#[utoipa::path(
    get,
    path = "/v1/calendar.ics",
    operation_id = "show_calendar",
    tag = "calendars",
    params(CalendarParameters),
    responses(
        (status = 200, description = "The calendar.", body = String, content_type = "text/calendar",
         headers(("ETag" = String, description = "The entity tag of this representation."))),
        (status = 404, description = "The token opens no calendar; it may have been replaced."),
        (status = 406, description = "Only iCalendar."),
    ),
)]
pub(crate) async fn show_calendar(
    State(state): State<Events>,
    call: Call,
    headers: HeaderMap,
    Query(CalendarParameters { token }): Query<CalendarParameters>,
) -> Result<Response, Problem> {
    calendar_answer::admit(&headers)?;
    let hash = calendar_token::hash(&token);
    let since = state.now() - KEPT;
    let events = read!(state.portal.database(), &call.context, |tx| {
        calendars::open(tx, &hash, since).await
    })?;
    let events = events.ok_or_else(|| Problem::not_found("There is no calendar by this token."))?;
    let mut response = calendar_answer::respond(&headers, &events, Some(NAME), &state.web_url);
    // Whoever has the address may keep the calendar, and nobody on the way.
    let cache = HeaderValue::from_static("private, max-age=300");
    response.headers_mut().insert(CACHE_CONTROL, cache);
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_read_as_documented() {
        let documented = portal_http::openapi::query_parameters(&crate::openapi(), "show_calendar");
        assert_eq!(portal_http::query::names::<CalendarParameters>(), documented);
    }
}
