//! What staff see and do: accounts, roles, tickets, reported messages, findings, imports, reports, and how the portal itself is.

use axum::http::Method;

use super::{DatabaseRole, Route};

/// Reading what was changed by whom.
const AUDIT: &str = "audit.read";
/// Seeing, beginning and undoing imports.
const IMPORTS: &str = "imports.manage";
/// Seeing how the portal itself is.
const SYSTEM: &str = "system.read";
/// Reading reports.
const REPORTS: &str = "reports.read";

pub(super) static ROUTES: &[Route] = &[
    route(Method::GET, "/v1/admin/audit", "list_audit").permitted(AUDIT),
    route(Method::GET, "/v1/admin/imports", "list_imports").permitted(IMPORTS),
    route(Method::POST, "/v1/admin/imports", "add_import").permitted(IMPORTS),
    route(Method::GET, "/v1/admin/imports/{id}", "show_import").permitted(IMPORTS),
    route(
        Method::GET,
        "/v1/admin/imports/{id}/rejects",
        "list_import_rejects",
    )
    .permitted(IMPORTS),
    route(Method::POST, "/v1/admin/imports/{id}/undo", "undo_import").permitted(IMPORTS),
    route(Method::GET, "/v1/admin/backups", "list_backups").permitted(SYSTEM),
    route(Method::GET, "/v1/admin/partitions", "list_partitions").permitted(SYSTEM),
    route(Method::GET, "/v1/admin/health", "show_health").permitted(SYSTEM),
    route(Method::GET, "/v1/admin/health/history", "show_health_history").permitted(SYSTEM),
    route(Method::GET, "/v1/admin/metrics", "show_metrics").permitted(SYSTEM),
    route(Method::GET, "/v1/admin/database", "show_database").permitted(SYSTEM),
    route(Method::GET, "/v1/admin/reports/members", "report_members").permitted(REPORTS),
    route(Method::GET, "/v1/admin/reports/projects", "report_projects").permitted(REPORTS),
    route(Method::GET, "/v1/admin/reports/events", "report_events").permitted(REPORTS),
    route(Method::GET, "/v1/admin/reports/revenue", "report_revenue").permitted(REPORTS),
    route(Method::GET, "/v1/admin/reports/outreach", "report_outreach").permitted(REPORTS),
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
