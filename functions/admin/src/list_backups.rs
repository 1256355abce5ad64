//! `GET /v1/admin/backups`

use axum::extract::State;
use axum::response::Response;
use portal_data::backups::{self, BackupPosition};
use portal_data::read;
use portal_domain::operations::{BackupListing, BackupSummary};
use portal_http::page::{List, ListQuery, PageParameters};
use portal_http::query::NoParameters;
use portal_http::{Call, Problem};
use serde::Serialize;
use utoipa::ToSchema;

use crate::permitted::permit;
use crate::state::Admin;

/// What stands beside the items.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Beside {
    /// All backups together.
    summary: BackupSummary,
}

/// A page of backups, and what there is to know of all of them together.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes an answer that the page writes")]
pub(crate) struct BackupList {
    /// The page.
    #[serde(flatten)]
    list: List<BackupListing>,
    /// All backups together.
    #[serde(flatten)]
    beside: Beside,
}

/// Lists backups, the newest first: what became of each, how old the newest is that could be restored, and how the last drill went.
///
/// A drill is begun by the function `backup`, or by its task where the database is large: see the runbook.
#[utoipa::path(
    get,
    path = "/v1/admin/backups",
    operation_id = "list_backups",
    tag = "admin",
    params(PageParameters),
    responses((status = 200, description = "A page of backups.", body = BackupList,
        headers(("Link" = String, description = "The next page, with rel=\"next\"; absent on the last.")))),
)]
pub(crate) async fn list_backups(
    State(state): State<Admin>,
    call: Call,
    ListQuery { page, .. }: ListQuery<NoParameters>,
) -> Result<Response, Problem> {
    let keys = state.portal.cursor_keys(page.cursor()).await?;
    let after: Option<BackupPosition> = page.position(&keys)?;
    let now = state.now();
    let read = read!(state.portal.database(), &call.context, |tx| {
        permit(tx, &call).await?;
        let rows = backups::browse(tx, after, page.rows()).await?;
        let total = match page.counting() {
            Some(_) => Some(backups::count(tx).await?),
            None => None,
        };
        Ok((rows, total, backups::summary(tx, now).await?))
    });
    let (rows, total, summary) = read?;
    let page = page.page(&keys, rows, BackupPosition::after)?;
    Ok(page.with_total(total).respond_json_beside(Beside { summary }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_read_as_documented() {
        let documented = portal_http::openapi::query_parameters(&crate::openapi(), "list_backups");
        assert_eq!(ListQuery::<NoParameters>::names(), documented);
    }
}
