//! Staff work: accounts, roles, tickets, reported messages, findings, and what staff did.

use axum::http::Method;

use super::{DatabaseRole, Route};

pub(super) static ROUTES: &[Route] = &[
    route(Method::GET, "/v1/admin/users", "list_users").permitted("users.read"),
    route(Method::POST, "/v1/admin/users/merge/preview", "preview_merge").permitted("users.manage"),
    route(Method::POST, "/v1/admin/users/merge", "merge_users").permitted("users.manage"),
    route(Method::GET, "/v1/admin/users/{id}", "show_user").permitted("users.read"),
    route(Method::POST, "/v1/admin/users/{id}/approve", "approve_user").permitted("users.manage"),
    route(Method::POST, "/v1/admin/users/{id}/suspend", "suspend_user").permitted("users.manage"),
    route(Method::POST, "/v1/admin/users/{id}/reinstate", "reinstate_user").permitted("users.manage"),
    route(Method::PUT, "/v1/admin/users/{id}/roles", "replace_user_roles").permitted("roles.manage"),
    route(Method::GET, "/v1/admin/permissions", "list_permissions").permitted("users.read"),
    route(Method::GET, "/v1/admin/roles", "list_roles").permitted("users.read"),
    route(Method::POST, "/v1/admin/roles", "create_role").permitted("roles.manage"),
    route(Method::GET, "/v1/admin/roles/{name}", "show_role").permitted("users.read"),
    route(Method::PATCH, "/v1/admin/roles/{name}", "change_role").permitted("roles.manage"),
    route(Method::DELETE, "/v1/admin/roles/{name}", "delete_role").permitted("roles.manage"),
    route(Method::GET, "/v1/admin/feedback", "list_help_tickets").permitted("feedback.manage"),
    route(Method::GET, "/v1/admin/feedback/{id}", "show_help_ticket").permitted("feedback.manage"),
    route(Method::PATCH, "/v1/admin/feedback/{id}", "change_help_ticket").permitted("feedback.manage"),
    route(
        Method::GET,
        "/v1/admin/feedback/{id}/replies",
        "list_ticket_replies",
    )
    .permitted("feedback.manage"),
    route(Method::POST, "/v1/admin/feedback/{id}/replies", "reply_to_ticket").permitted("feedback.manage"),
    route(Method::GET, "/v1/admin/message-reports", "list_message_reports").permitted("messages.moderate"),
    route(
        Method::GET,
        "/v1/admin/message-reports/{id}",
        "show_message_report",
    )
    .permitted("messages.moderate"),
    route(
        Method::PATCH,
        "/v1/admin/message-reports/{id}",
        "decide_message_report",
    )
    .permitted("messages.moderate"),
    route(Method::GET, "/v1/admin/findings", "list_findings").permitted("payments.read"),
    route(Method::GET, "/v1/admin/findings/{id}", "show_finding").permitted("payments.read"),
    route(Method::PATCH, "/v1/admin/findings/{id}", "resolve_finding").permitted("payments.manage"),
    route(Method::GET, "/v1/admin/actions", "list_actions").permitted("audit.read"),
];

const fn route(method: Method, path: &'static str, operation: &'static str) -> Route {
    Route::new("admin", method, path, operation).served_by(DatabaseRole::Admin)
}
