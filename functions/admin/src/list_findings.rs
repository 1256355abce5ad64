//! `GET /v1/admin/findings`

use axum::extract::State;
use axum::response::Response;
use portal_data::read;
use portal_data::staff::findings::{self, FindingPosition};
use portal_domain::staff::FindingListing;
use portal_http::page::{List, ListQuery, PageParameters};
use portal_http::query::{FromQuery, QueryReader};
use portal_http::{Call, Portal, Problem};
use utoipa::IntoParams;

use crate::permitted::permit;

/// What findings to show.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct FindingParameters {
    /// Those that were put right, or those that were not; all where it is left out.
    #[param(nullable = false)]
    resolved: Option<bool>,
}

impl FromQuery for FindingParameters {
    fn read(query: &mut QueryReader) -> Option<Self> {
        Some(Self {
            resolved: query.flag("resolved"),
        })
    }
}

/// Lists where the books and Stripe's differ in a way that no rule puts right, the latest first.
#[utoipa::path(
    get,
    path = "/v1/admin/findings",
    operation_id = "list_findings",
    tag = "admin",
    params(FindingParameters, PageParameters),
    responses((status = 200, description = "A page of findings.", body = List<FindingListing>,
        headers(("Link" = String, description = "The next page, with rel=\"next\"; absent on the last.")))),
)]
pub(crate) async fn list_findings(
    State(portal): State<Portal>,
    call: Call,
    ListQuery { filters, page }: ListQuery<FindingParameters>,
) -> Result<Response, Problem> {
    let keys = portal.cursor_keys(page.cursor()).await?;
    let after: Option<FindingPosition> = page.position(&keys)?;
    let read = read!(portal.database(), &call.context, |tx| {
        permit(tx, &call).await?;
        let rows = findings::list(tx, filters.resolved, after, page.rows()).await?;
        let total = findings::count(tx, filters.resolved, page.counting()).await?;
        Ok((rows, total))
    });
    let (rows, total) = read?;
    let page = page.page(&keys, rows, FindingPosition::after)?;
    Ok(page.with_total(total).respond_json())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_read_as_documented() {
        let documented = portal_http::openapi::query_parameters(&crate::openapi(), "list_findings");
        assert_eq!(ListQuery::<FindingParameters>::names(), documented);
    }
}
