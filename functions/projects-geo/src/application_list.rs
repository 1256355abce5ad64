//! Lists of bids: those on a project, and a member's own.

use axum::response::Response;
use portal_data::applications::{self, ApplicationFilters, ApplicationPosition};
use portal_data::read;
use portal_domain::application::ApplicationStatus;
use portal_http::page::PageRequest;
use portal_http::query::{FromQuery, QueryReader};
use portal_http::{Call, Portal, Problem};
use utoipa::IntoParams;

/// What bids to show.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ApplicationParameters {
    /// Where the bids stand; a name that is repeated means any of its values.
    #[param(required = false)]
    pub(crate) status: Vec<ApplicationStatus>,
}

impl FromQuery for ApplicationParameters {
    fn read(query: &mut QueryReader) -> Option<Self> {
        Some(Self {
            status: query.many("status"),
        })
    }
}

/// One page, the latest first.
///
/// # Errors
/// 400 for a cursor of another list, and those of the queries.
pub(crate) async fn page(
    portal: &Portal,
    call: &Call,
    page: &PageRequest,
    filters: &ApplicationFilters,
) -> Result<Response, Problem> {
    let keys = portal.cursor_keys(page.cursor()).await?;
    let after: Option<ApplicationPosition> = page.position(&keys)?;
    let read = read!(portal.database(), &call.context, |tx| {
        let rows = applications::list(tx, filters, after, page.rows()).await?;
        let total = match page.counting() {
            Some(_) => Some(applications::count(tx, filters).await?),
            None => None,
        };
        Ok((rows, total))
    });
    let (rows, total) = read?;
    let page = page.page(&keys, rows, ApplicationPosition::after)?;
    Ok(page.with_total(total).respond_json())
}
