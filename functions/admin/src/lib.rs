//! Staff work: accounts and their roles, merges, tickets, reported messages, findings about money, imports, reports, the audit, and how the
//! portal itself is.

mod account;
mod add_import;
mod approve_user;
mod audit_item;
mod change_help_ticket;
mod change_role;
mod create_role;
mod decide_message_report;
mod delete_role;
mod export;
mod import_body;
mod list_actions;
mod list_audit;
mod list_backups;
mod list_findings;
mod list_help_tickets;
mod list_import_rejects;
mod list_imports;
mod list_message_reports;
mod list_partitions;
mod list_permissions;
mod list_roles;
mod list_ticket_replies;
mod list_users;
mod merge_users;
mod open_operations_page;
mod permitted;
mod preview_merge;
mod reason_body;
mod reinstate_user;
mod replace_user_roles;
mod reply_to_ticket;
mod report_answer;
mod report_events;
mod report_members;
mod report_outreach;
mod report_parameters;
mod report_projects;
mod report_revenue;
mod resolve_finding;
mod role_body;
mod series_parameters;
mod show_database;
mod show_finding;
mod show_health;
mod show_health_history;
mod show_help_ticket;
mod show_import;
mod show_message_report;
mod show_metrics;
mod show_operations_page;
mod show_operations_page_file;
mod show_role;
mod show_user;
mod state;
mod suspend_user;
mod undo_import;
mod user_row;

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
        .bind("approve_user", approve_user::approve_user)
        .bind("change_role", change_role::change_role)
        .bind("change_help_ticket", change_help_ticket::change_help_ticket)
        .bind("create_role", create_role::create_role)
        .bind(
            "decide_message_report",
            decide_message_report::decide_message_report,
        )
        .bind("delete_role", delete_role::delete_role)
        .bind("list_actions", list_actions::list_actions)
        .bind("list_audit", list_audit::list_audit)
        .bind("list_backups", list_backups::list_backups)
        .bind("list_findings", list_findings::list_findings)
        .bind("list_import_rejects", list_import_rejects::list_import_rejects)
        .bind("list_imports", list_imports::list_imports)
        .bind("list_message_reports", list_message_reports::list_message_reports)
        .bind("list_partitions", list_partitions::list_partitions)
        .bind("list_permissions", list_permissions::list_permissions)
        .bind("list_roles", list_roles::list_roles)
        .bind("list_ticket_replies", list_ticket_replies::list_ticket_replies)
        .bind("list_help_tickets", list_help_tickets::list_help_tickets)
        .bind("list_users", list_users::list_users)
        .bind("merge_users", merge_users::merge_users)
        .bind("open_operations_page", open_operations_page::open_operations_page)
        .bind("preview_merge", preview_merge::preview_merge)
        .bind("reinstate_user", reinstate_user::reinstate_user)
        .bind("replace_user_roles", replace_user_roles::replace_user_roles)
        .bind("reply_to_ticket", reply_to_ticket::reply_to_ticket)
        .bind("report_events", report_events::report_events)
        .bind("report_members", report_members::report_members)
        .bind("report_outreach", report_outreach::report_outreach)
        .bind("report_projects", report_projects::report_projects)
        .bind("report_revenue", report_revenue::report_revenue)
        .bind("resolve_finding", resolve_finding::resolve_finding)
        .bind("show_database", show_database::show_database)
        .bind("show_finding", show_finding::show_finding)
        .bind("show_health", show_health::show_health)
        .bind("show_health_history", show_health_history::show_health_history)
        .bind("show_import", show_import::show_import)
        .bind("show_message_report", show_message_report::show_message_report)
        .bind("show_metrics", show_metrics::show_metrics)
        .bind("show_operations_page", show_operations_page::show_operations_page)
        .bind(
            "show_operations_page_file",
            show_operations_page_file::show_operations_page_file,
        )
        .bind("show_role", show_role::show_role)
        .bind("show_help_ticket", show_help_ticket::show_help_ticket)
        .bind("show_user", show_user::show_user)
        .bind("suspend_user", suspend_user::suspend_user)
        .bind("undo_import", undo_import::undo_import)
}

#[derive(OpenApi)]
#[openapi(
    paths(
        add_import::add_import,
        approve_user::approve_user,
        change_role::change_role,
        change_help_ticket::change_help_ticket,
        create_role::create_role,
        decide_message_report::decide_message_report,
        delete_role::delete_role,
        list_actions::list_actions,
        list_audit::list_audit,
        list_backups::list_backups,
        list_findings::list_findings,
        list_import_rejects::list_import_rejects,
        list_imports::list_imports,
        list_message_reports::list_message_reports,
        list_partitions::list_partitions,
        list_permissions::list_permissions,
        list_roles::list_roles,
        list_ticket_replies::list_ticket_replies,
        list_help_tickets::list_help_tickets,
        list_users::list_users,
        merge_users::merge_users,
        open_operations_page::open_operations_page,
        preview_merge::preview_merge,
        reinstate_user::reinstate_user,
        replace_user_roles::replace_user_roles,
        reply_to_ticket::reply_to_ticket,
        report_events::report_events,
        report_members::report_members,
        report_outreach::report_outreach,
        report_projects::report_projects,
        report_revenue::report_revenue,
        resolve_finding::resolve_finding,
        show_database::show_database,
        show_finding::show_finding,
        show_health::show_health,
        show_health_history::show_health_history,
        show_import::show_import,
        show_message_report::show_message_report,
        show_metrics::show_metrics,
        show_operations_page::show_operations_page,
        show_operations_page_file::show_operations_page_file,
        show_role::show_role,
        show_help_ticket::show_help_ticket,
        show_user::show_user,
        suspend_user::suspend_user,
        undo_import::undo_import,
    ),
    components(schemas(
        portal_domain::staff::AccountStatus,
        portal_domain::staff::AccountOrder,
        portal_domain::staff::RoleName,
        portal_domain::staff::PermissionName,
        portal_domain::staff::ReportState,
        portal_domain::member::MemberType,
        portal_domain::feedback::FeedbackStatus,
        portal_domain::feedback::FeedbackPriority,
        portal_domain::feedback::FeedbackCategory,
    ))
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
