//! Staff work: accounts and their roles, merges, tickets, reported messages, findings about money, and the record of what staff did.

mod account;
mod approve_user;
mod change_help_ticket;
mod change_role;
mod create_role;
mod decide_message_report;
mod delete_role;
mod list_actions;
mod list_findings;
mod list_help_tickets;
mod list_message_reports;
mod list_permissions;
mod list_roles;
mod list_ticket_replies;
mod list_users;
mod merge_users;
mod permitted;
mod preview_merge;
mod reason_body;
mod reinstate_user;
mod replace_user_roles;
mod reply_to_ticket;
mod resolve_finding;
mod role_body;
mod show_finding;
mod show_help_ticket;
mod show_message_report;
mod show_role;
mod show_user;
mod state;
mod suspend_user;
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
        .bind("list_findings", list_findings::list_findings)
        .bind("list_message_reports", list_message_reports::list_message_reports)
        .bind("list_permissions", list_permissions::list_permissions)
        .bind("list_roles", list_roles::list_roles)
        .bind("list_ticket_replies", list_ticket_replies::list_ticket_replies)
        .bind("list_help_tickets", list_help_tickets::list_help_tickets)
        .bind("list_users", list_users::list_users)
        .bind("merge_users", merge_users::merge_users)
        .bind("preview_merge", preview_merge::preview_merge)
        .bind("reinstate_user", reinstate_user::reinstate_user)
        .bind("replace_user_roles", replace_user_roles::replace_user_roles)
        .bind("reply_to_ticket", reply_to_ticket::reply_to_ticket)
        .bind("resolve_finding", resolve_finding::resolve_finding)
        .bind("show_finding", show_finding::show_finding)
        .bind("show_message_report", show_message_report::show_message_report)
        .bind("show_role", show_role::show_role)
        .bind("show_help_ticket", show_help_ticket::show_help_ticket)
        .bind("show_user", show_user::show_user)
        .bind("suspend_user", suspend_user::suspend_user)
}

#[derive(OpenApi)]
#[openapi(
    paths(
        approve_user::approve_user,
        change_role::change_role,
        change_help_ticket::change_help_ticket,
        create_role::create_role,
        decide_message_report::decide_message_report,
        delete_role::delete_role,
        list_actions::list_actions,
        list_findings::list_findings,
        list_message_reports::list_message_reports,
        list_permissions::list_permissions,
        list_roles::list_roles,
        list_ticket_replies::list_ticket_replies,
        list_help_tickets::list_help_tickets,
        list_users::list_users,
        merge_users::merge_users,
        preview_merge::preview_merge,
        reinstate_user::reinstate_user,
        replace_user_roles::replace_user_roles,
        reply_to_ticket::reply_to_ticket,
        resolve_finding::resolve_finding,
        show_finding::show_finding,
        show_message_report::show_message_report,
        show_role::show_role,
        show_help_ticket::show_help_ticket,
        show_user::show_user,
        suspend_user::suspend_user,
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
