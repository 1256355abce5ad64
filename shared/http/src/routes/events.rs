//! Events, seats at them, and calendars.

use axum::http::Method;

use super::Route;

pub(super) static ROUTES: &[Route] = &[
    route(Method::GET, "/v1/events", "list_events").public(),
    route(Method::POST, "/v1/events", "create_event"),
    route(Method::GET, "/v1/events/ticket-keys", "show_ticket_keys")
        .anonymous()
        .served_by(super::DatabaseRole::None),
    route(Method::GET, "/v1/events/{id}", "show_event").public(),
    route(Method::PATCH, "/v1/events/{id}", "change_event"),
    route(Method::DELETE, "/v1/events/{id}", "delete_event"),
    route(Method::POST, "/v1/events/{id}/publish", "publish_event"),
    route(Method::POST, "/v1/events/{id}/cancel", "cancel_event"),
    route(Method::GET, "/v1/events/{id}/calendar", "show_event_calendar").public(),
    route(Method::GET, "/v1/events/{id}/analytics", "show_event_analytics"),
    route(Method::POST, "/v1/events/{id}/registration", "register_for_event").throttled(),
    route(
        Method::DELETE,
        "/v1/events/{id}/registration",
        "cancel_registration",
    )
    .throttled(),
    route(Method::POST, "/v1/events/{id}/registration/accept", "accept_seat"),
    route(
        Method::GET,
        "/v1/events/{id}/registrations",
        "list_event_registrations",
    ),
    route(Method::POST, "/v1/events/{id}/check-in", "check_in"),
    route(
        Method::DELETE,
        "/v1/events/{id}/check-in/{registrationId}",
        "undo_check_in",
    ),
    route(Method::GET, "/v1/events/{id}/files", "list_event_files"),
    route(Method::POST, "/v1/events/{id}/files", "add_event_file"),
    route(
        Method::GET,
        "/v1/events/{id}/files/{fileId}",
        "download_event_file",
    ),
    route(
        Method::DELETE,
        "/v1/events/{id}/files/{fileId}",
        "delete_event_file",
    ),
    route(Method::GET, "/v1/registrations", "list_registrations"),
    route(Method::GET, "/v1/registrations/{id}", "show_registration"),
    route(Method::GET, "/v1/registrations/{id}/qr", "show_ticket"),
    route(Method::GET, "/v1/calendar.ics", "show_calendar").anonymous(),
    route(Method::POST, "/v1/calendar/token", "rotate_calendar_token"),
    route(Method::DELETE, "/v1/calendar/token", "revoke_calendar_token"),
];

const fn route(method: Method, path: &'static str, operation: &'static str) -> Route {
    Route::new("events", method, path, operation)
}
