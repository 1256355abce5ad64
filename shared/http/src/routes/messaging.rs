//! Messages, notifications, announcements and tickets.

use axum::http::Method;

use super::Route;

pub(super) static ROUTES: &[Route] = &[
    route(Method::GET, "/v1/conversations", "list_conversations"),
    route(
        Method::GET,
        "/v1/conversations/{memberId}/messages",
        "list_messages",
    ),
    route(Method::POST, "/v1/messages", "send_message").throttled(),
    route(Method::POST, "/v1/messages/read", "mark_messages_read"),
    route(Method::GET, "/v1/messages/unread", "show_unread"),
    route(Method::GET, "/v1/messages/{id}", "show_message"),
    route(Method::POST, "/v1/messages/{id}/archive", "archive_message"),
    route(Method::DELETE, "/v1/messages/{id}/archive", "unarchive_message"),
    route(Method::POST, "/v1/messages/{id}/report", "report_message"),
    route(Method::GET, "/v1/blocks", "list_blocks"),
    route(Method::POST, "/v1/blocks/{memberId}", "block_member"),
    route(Method::DELETE, "/v1/blocks/{memberId}", "unblock_member"),
    route(
        Method::GET,
        "/v1/notifications/preferences",
        "show_notification_preferences",
    )
    .before_approval(),
    route(
        Method::PATCH,
        "/v1/notifications/preferences",
        "change_notification_preferences",
    )
    .before_approval(),
    route(Method::POST, "/v1/notifications/unsubscribe", "unsubscribe").anonymous(),
    route(Method::GET, "/v1/announcements", "list_announcements"),
    route(Method::POST, "/v1/announcements", "create_announcement").permitted("announcements.manage"),
    route(Method::GET, "/v1/announcements/{id}", "show_announcement"),
    route(Method::PATCH, "/v1/announcements/{id}", "change_announcement").permitted("announcements.manage"),
    route(Method::DELETE, "/v1/announcements/{id}", "delete_announcement").permitted("announcements.manage"),
    route(
        Method::POST,
        "/v1/announcements/{id}/read",
        "mark_announcement_read",
    ),
    route(
        Method::GET,
        "/v1/announcements/{id}/reach",
        "show_announcement_reach",
    )
    .permitted("announcements.manage"),
    route(Method::GET, "/v1/feedback", "list_feedback"),
    route(Method::POST, "/v1/feedback", "create_feedback").throttled(),
    route(Method::GET, "/v1/feedback/{id}", "show_feedback"),
    route(Method::GET, "/v1/feedback/{id}/replies", "list_feedback_replies"),
    route(Method::POST, "/v1/feedback/{id}/replies", "add_feedback_reply").throttled(),
    route(Method::POST, "/v1/feedback/{id}/close", "close_feedback"),
    route(Method::POST, "/v1/feedback/{id}/reopen", "reopen_feedback"),
];

const fn route(method: Method, path: &'static str, operation: &'static str) -> Route {
    Route::new("messaging", method, path, operation)
}
