//! Admin: what staff see and do who run the association and keep the portal running.

mod add_import;
mod audit_item;
mod export;
mod import_body;
mod list_audit;
mod list_backups;
mod list_import_rejects;
mod list_imports;
mod list_partitions;
mod permit;
mod report_answer;
mod report_events;
mod report_members;
mod report_outreach;
mod report_parameters;
mod report_projects;
mod report_revenue;
mod series_parameters;
mod show_database;
mod show_health;
mod show_health_history;
mod show_import;
mod show_metrics;
mod state;
mod undo_import;

use portal_http::Operations;
pub use state::Admin;
use utoipa::OpenApi;

/// The function's name.
pub const FUNCTION: &str = "admin";

/// The handlers, by operation.
#[must_use]
pub fn operations() -> Operations<Admin> {
    Operations::of(FUNCTION)
        .bind("add_import", add_import::add_import)
        .bind("list_audit", list_audit::list_audit)
        .bind("list_backups", list_backups::list_backups)
        .bind("list_import_rejects", list_import_rejects::list_import_rejects)
        .bind("list_imports", list_imports::list_imports)
        .bind("list_partitions", list_partitions::list_partitions)
        .bind("report_events", report_events::report_events)
        .bind("report_members", report_members::report_members)
        .bind("report_outreach", report_outreach::report_outreach)
        .bind("report_projects", report_projects::report_projects)
        .bind("report_revenue", report_revenue::report_revenue)
        .bind("show_database", show_database::show_database)
        .bind("show_health", show_health::show_health)
        .bind("show_health_history", show_health_history::show_health_history)
        .bind("show_import", show_import::show_import)
        .bind("show_metrics", show_metrics::show_metrics)
        .bind("undo_import", undo_import::undo_import)
}

#[derive(OpenApi)]
#[openapi(paths(
    add_import::add_import,
    list_audit::list_audit,
    list_backups::list_backups,
    list_import_rejects::list_import_rejects,
    list_imports::list_imports,
    list_partitions::list_partitions,
    report_events::report_events,
    report_members::report_members,
    report_outreach::report_outreach,
    report_projects::report_projects,
    report_revenue::report_revenue,
    show_database::show_database,
    show_health::show_health,
    show_health_history::show_health_history,
    show_import::show_import,
    show_metrics::show_metrics,
    undo_import::undo_import
))]
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
