//! Events: what takes place when and where, who has a seat, and calendars of it.

mod accept_seat;
mod act;
mod add_event_file;
mod calendar_answer;
mod calendar_token;
mod cancel_event;
mod cancel_registration;
mod change_event;
mod check_in;
mod create_event;
mod delete_event;
mod delete_event_file;
mod download_event_file;
mod event_body;
mod event_file;
mod event_filters;
mod event_item;
mod list_event_files;
mod list_event_registrations;
mod list_events;
mod list_registrations;
mod manage;
mod publish_event;
mod qr_code;
mod register_for_event;
mod registration_list;
mod revoke_calendar_token;
mod rotate_calendar_token;
mod show_calendar;
mod show_event;
mod show_event_analytics;
mod show_event_calendar;
mod show_registration;
mod show_ticket;
mod show_ticket_keys;
mod state;
mod ticket;
mod ticket_keys;
mod undo_check_in;

use portal_http::Operations;
pub use state::Events;
use utoipa::OpenApi;

/// The function's name.
pub const FUNCTION: &str = "events";

/// The handlers, by operation.
#[must_use]
pub fn operations() -> Operations<Events> {
    Operations::of(FUNCTION)
        .bind("accept_seat", accept_seat::accept_seat)
        .bind("add_event_file", add_event_file::add_event_file)
        .bind("delete_event_file", delete_event_file::delete_event_file)
        .bind("download_event_file", download_event_file::download_event_file)
        .bind("list_event_files", list_event_files::list_event_files)
        .bind("cancel_event", cancel_event::cancel_event)
        .bind("cancel_registration", cancel_registration::cancel_registration)
        .bind("change_event", change_event::change_event)
        .bind("check_in", check_in::check_in)
        .bind("create_event", create_event::create_event)
        .bind("delete_event", delete_event::delete_event)
        .bind(
            "list_event_registrations",
            list_event_registrations::list_event_registrations,
        )
        .bind("list_events", list_events::list_events)
        .bind("list_registrations", list_registrations::list_registrations)
        .bind("publish_event", publish_event::publish_event)
        .bind("register_for_event", register_for_event::register_for_event)
        .bind(
            "revoke_calendar_token",
            revoke_calendar_token::revoke_calendar_token,
        )
        .bind(
            "rotate_calendar_token",
            rotate_calendar_token::rotate_calendar_token,
        )
        .bind("show_calendar", show_calendar::show_calendar)
        .bind("show_event", show_event::show_event)
        .bind("show_event_analytics", show_event_analytics::show_event_analytics)
        .bind("show_event_calendar", show_event_calendar::show_event_calendar)
        .bind("show_registration", show_registration::show_registration)
        .bind("show_ticket", show_ticket::show_ticket)
        .bind("show_ticket_keys", show_ticket_keys::show_ticket_keys)
        .bind("undo_check_in", undo_check_in::undo_check_in)
}

#[derive(OpenApi)]
#[openapi(
    paths(
        accept_seat::accept_seat,
        add_event_file::add_event_file,
        delete_event_file::delete_event_file,
        download_event_file::download_event_file,
        list_event_files::list_event_files,
        cancel_event::cancel_event,
        cancel_registration::cancel_registration,
        change_event::change_event,
        check_in::check_in,
        create_event::create_event,
        delete_event::delete_event,
        list_event_registrations::list_event_registrations,
        list_events::list_events,
        list_registrations::list_registrations,
        publish_event::publish_event,
        register_for_event::register_for_event,
        revoke_calendar_token::revoke_calendar_token,
        rotate_calendar_token::rotate_calendar_token,
        show_calendar::show_calendar,
        show_event::show_event,
        show_event_analytics::show_event_analytics,
        show_event_calendar::show_event_calendar,
        show_registration::show_registration,
        show_ticket::show_ticket,
        show_ticket_keys::show_ticket_keys,
        undo_check_in::undo_check_in
    ),
    components(schemas(portal_domain::event::EventDetails, portal_http::query::FilterText))
)]
struct Document;

/// The function's part of the OpenAPI document.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    portal_http::openapi::complete(Document::openapi())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn handlers_description_and_table_agree() {
        assert_eq!(operations().into_router().err(), None);
        assert_eq!(
            portal_http::openapi::differences(FUNCTION, &openapi()),
            Vec::<String>::new()
        );
    }
}
