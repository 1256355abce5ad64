//! Calendars on their way out.

use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};
use portal_domain::calendar::{self, CalendarEvent};
use portal_http::Problem;
use portal_http::etag::EntityTag;
use portal_http::negotiate::{MediaType, negotiate};

/// Refuses a client that takes no calendars.
///
/// # Errors
/// A 406 problem.
pub(crate) fn admit(headers: &HeaderMap) -> Result<(), Problem> {
    negotiate(headers, &[MediaType::Calendar]).map(drop)
}

/// The calendar, or word that the client has it already.
pub(crate) fn respond(
    headers: &HeaderMap,
    events: &[CalendarEvent],
    name: Option<&str>,
    web_url: &str,
) -> Response {
    let text = calendar::write(events, name, web_url);
    let media = MediaType::Calendar.content_type();
    let tag = EntityTag::of_contents(media, text.as_bytes());
    tag.answer(headers, ([(CONTENT_TYPE, media)], text).into_response())
}
