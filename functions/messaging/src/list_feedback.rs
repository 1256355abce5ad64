//! `GET /v1/feedback`

use axum::extract::State;
use axum::response::Response;
use portal_data::feedback::{self, FeedbackFilters, FeedbackPosition};
use portal_data::read;
use portal_domain::feedback::{Feedback, FeedbackStatus};
use portal_http::page::{List, ListQuery, PageParameters};
use portal_http::query::{FromQuery, QueryReader};
use portal_http::{Call, Portal, Problem};
use utoipa::IntoParams;

/// What tickets to show.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct FeedbackParameters {
    /// Where they stand; a name that is repeated means any of its values.
    #[param(required = false)]
    status: Vec<FeedbackStatus>,
}

impl FromQuery for FeedbackParameters {
    fn read(query: &mut QueryReader) -> Option<Self> {
        Some(Self {
            status: query.many("status"),
        })
    }
}

/// Lists the caller's own tickets, the latest first.
#[utoipa::path(
    get,
    path = "/v1/feedback",
    operation_id = "list_feedback",
    tag = "feedback",
    params(FeedbackParameters, PageParameters),
    responses((status = 200, description = "A page of tickets.", body = List<Feedback>,
        headers(("Link" = String, description = "The next page, with rel=\"next\"; absent on the last.")))),
)]
pub(crate) async fn list_feedback(
    State(portal): State<Portal>,
    call: Call,
    ListQuery { filters, page }: ListQuery<FeedbackParameters>,
) -> Result<Response, Problem> {
    let own = FeedbackFilters {
        owner: Some(call.member()?),
        statuses: filters.status,
    };
    let keys = portal.cursor_keys(page.cursor()).await?;
    let after: Option<FeedbackPosition> = page.position(&keys)?;
    let read = read!(portal.database(), &call.context, |tx| {
        let rows = feedback::list(tx, &own, after, page.rows()).await?;
        let total = feedback::count(tx, &own, page.counting()).await?;
        Ok((rows, total))
    });
    let (rows, total) = read?;
    let page = page.page(&keys, rows, FeedbackPosition::after)?;
    Ok(page.with_total(total).respond_json())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_read_as_documented() {
        let documented = portal_http::openapi::query_parameters(&crate::openapi(), "list_feedback");
        assert_eq!(ListQuery::<FeedbackParameters>::names(), documented);
    }
}
