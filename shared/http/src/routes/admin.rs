//! What staff see and do.

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
];

const fn route(method: Method, path: &'static str, operation: &'static str) -> Route {
    Route::new("admin", method, path, operation).served_by(DatabaseRole::Admin)
}
