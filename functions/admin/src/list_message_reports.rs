//! `GET /v1/admin/message-reports`

use axum::extract::State;
use axum::response::Response;
use portal_data::read;
use portal_data::staff::reports::{self, ReportPosition};
use portal_domain::staff::{ReportListing, ReportState};
use portal_http::page::{List, ListQuery, PageParameters};
use portal_http::query::{FromQuery, QueryReader};
use portal_http::{Call, Portal, Problem};
use utoipa::IntoParams;

use crate::permitted::permit;

/// What reports to show.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ReportParameters {
    /// What became of them; a name that is repeated means any of its values.
    #[param(required = false)]
    status: Vec<ReportState>,
}

impl FromQuery for ReportParameters {
    fn read(query: &mut QueryReader) -> Option<Self> {
        Some(Self {
            status: query.many("status"),
        })
    }
}

/// Lists the messages that were shown to staff, the latest first.
#[utoipa::path(
    get,
    path = "/v1/admin/message-reports",
    operation_id = "list_message_reports",
    tag = "admin",
    params(ReportParameters, PageParameters),
    responses((status = 200, description = "A page of reports.", body = List<ReportListing>,
        headers(("Link" = String, description = "The next page, with rel=\"next\"; absent on the last.")))),
)]
pub(crate) async fn list_message_reports(
    State(portal): State<Portal>,
    call: Call,
    ListQuery { filters, page }: ListQuery<ReportParameters>,
) -> Result<Response, Problem> {
    let keys = portal.cursor_keys(page.cursor()).await?;
    let after: Option<ReportPosition> = page.position(&keys)?;
    let read = read!(portal.database(), &call.context, |tx| {
        permit(tx, &call).await?;
        let rows = reports::list(tx, &filters.status, after, page.rows()).await?;
        let total = reports::count(tx, &filters.status, page.counting()).await?;
        Ok((rows, total))
    });
    let (rows, total) = read?;
    let page = page.page(&keys, rows, ReportPosition::after)?;
    Ok(page.with_total(total).respond_json())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_read_as_documented() {
        let documented = portal_http::openapi::query_parameters(&crate::openapi(), "list_message_reports");
        assert_eq!(ListQuery::<ReportParameters>::names(), documented);
    }
}
