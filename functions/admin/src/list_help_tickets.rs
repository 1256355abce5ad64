//! `GET /v1/admin/feedback`

use axum::extract::State;
use axum::response::Response;
use portal_data::feedback::FeedbackPosition;
use portal_data::read;
use portal_data::staff::desk::{self, DeskFilters};
use portal_domain::feedback::{FeedbackCategory, FeedbackPriority, FeedbackStatus};
use portal_domain::ids::UserId;
use portal_domain::staff::StaffFeedback;
use portal_http::page::{List, ListQuery, PageParameters};
use portal_http::query::{FromQuery, QueryReader};
use portal_http::{Call, Portal, Problem};
use utoipa::IntoParams;

use crate::permitted::permit;

/// What tickets to show. A name that is repeated means any of its values; different names narrow each other.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct TicketParameters {
    /// Where they stand.
    #[param(required = false)]
    status: Vec<FeedbackStatus>,
    /// How pressing they are.
    #[param(required = false)]
    priority: Vec<FeedbackPriority>,
    /// What they are about.
    #[param(required = false)]
    category: Vec<FeedbackCategory>,
    /// Who works on them.
    #[param(nullable = false)]
    assignee: Option<UserId>,
}

impl FromQuery for TicketParameters {
    fn read(query: &mut QueryReader) -> Option<Self> {
        Some(Self {
            status: query.many("status"),
            priority: query.many("priority"),
            category: query.many("category"),
            assignee: query.one("assignee"),
        })
    }
}

/// Lists the tickets of all members, the latest first.
#[utoipa::path(
    get,
    path = "/v1/admin/feedback",
    operation_id = "list_help_tickets",
    tag = "admin",
    params(TicketParameters, PageParameters),
    responses((status = 200, description = "A page of tickets.", body = List<StaffFeedback>,
        headers(("Link" = String, description = "The next page, with rel=\"next\"; absent on the last.")))),
)]
pub(crate) async fn list_help_tickets(
    State(portal): State<Portal>,
    call: Call,
    ListQuery { filters, page }: ListQuery<TicketParameters>,
) -> Result<Response, Problem> {
    let keys = portal.cursor_keys(page.cursor()).await?;
    let after: Option<FeedbackPosition> = page.position(&keys)?;
    let filters = DeskFilters {
        statuses: filters.status,
        priorities: filters.priority,
        categories: filters.category,
        assignee: filters.assignee,
    };
    let read = read!(portal.database(), &call.context, |tx| {
        permit(tx, &call).await?;
        let rows = desk::list(tx, &filters, after, page.rows()).await?;
        let total = desk::count(tx, &filters, page.counting()).await?;
        Ok((rows, total))
    });
    let (rows, total) = read?;
    let page = page.page(&keys, rows, |ticket| FeedbackPosition::after(&ticket.feedback))?;
    Ok(page.with_total(total).respond_json())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_read_as_documented() {
        let documented = portal_http::openapi::query_parameters(&crate::openapi(), "list_help_tickets");
        assert_eq!(ListQuery::<TicketParameters>::names(), documented);
    }
}
