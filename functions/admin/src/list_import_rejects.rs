//! `GET /v1/admin/imports/{id}/rejects`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_data::imports;
use portal_data::{DataError, Tx, read};
use portal_domain::ids::ImportId;
use portal_http::csv::{Cell, Tabular};
use portal_http::negotiate::{MediaType, negotiate};
use portal_http::page::{List, ListQuery, PageParameters};
use portal_http::query::NoParameters;
use portal_http::{Call, PathParameters, Problem};
use serde::Serialize;
use utoipa::ToSchema;

use crate::export::{Export, ExportLink, Rows, Source};
use crate::permitted::permit;
use crate::show_import::no_import;
use crate::state::Admin;

/// A record that could not be taken.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RejectItem {
    /// The line of the file that it begins on, counted from 1.
    line: i64,
    /// Why.
    reason: String,
    /// The record as it stands in the file, its first 4 KB.
    record: String,
}

impl Tabular for RejectItem {
    const COLUMNS: &'static [&'static str] = &["line", "reason", "record"];

    fn cells(&self) -> Vec<Cell> {
        vec![
            Cell::plain(Some(self.line)),
            Cell::text(Some(&self.reason)),
            Cell::text(Some(&self.record)),
        ]
    }
}

/// A page, or where the whole table is that was asked for as CSV.
#[derive(ToSchema)]
#[serde(untagged)]
#[expect(
    dead_code,
    reason = "it describes two answers, each of which is written where it is made"
)]
pub(crate) enum RejectsAnswer {
    /// A page.
    Page(List<RejectItem>),
    /// The whole table.
    Export(ExportLink),
}

/// The rejects of one import.
struct Rejects(ImportId);

impl Source for Rejects {
    type Row = RejectItem;
    type Position = i64;

    async fn rows(
        &self,
        tx: &mut Tx,
        after: Option<i64>,
        limit: i64,
    ) -> Result<Rows<RejectItem, i64>, DataError> {
        let rows = imports::browse_rejects(tx, self.0, after, limit)
            .await?
            .into_iter();
        let rows = rows.map(|reject| {
            let item = RejectItem {
                line: reject.line,
                reason: reject.reason,
                record: reject.record,
            };
            (item, reject.line)
        });
        Ok(Rows {
            rows: rows.collect(),
            is_cut: false,
        })
    }
}

/// Lists the records of an import that could not be taken, in the order of the file.
///
/// As CSV the whole list comes at once unless `limit` is sent; past 5 MB the answer is JSON that leads to the table.
#[utoipa::path(
    get,
    path = "/v1/admin/imports/{id}/rejects",
    operation_id = "list_import_rejects",
    tag = "admin",
    params(("id" = ImportId, Path, description = "The import's id."), PageParameters),
    responses((status = 200, description = "A page of rejects.", content(
        (RejectsAnswer = "application/json"),
        (String = "text/csv"),
    ), headers(("Link" = String, description = "The next page, with rel=\"next\"; absent on the last.")))),
)]
pub(crate) async fn list_import_rejects(
    State(state): State<Admin>,
    call: Call,
    headers: HeaderMap,
    path: PathParameters,
    ListQuery { page, .. }: ListQuery<NoParameters>,
) -> Result<Response, Problem> {
    let media = negotiate(&headers, &[MediaType::Json, MediaType::Csv])?;
    let rejects = Rejects(path.read("id")?);
    let keys = state.portal.cursor_keys(page.cursor()).await?;
    let after: Option<i64> = page.position(&keys)?;
    let read = read!(state.portal.database(), &call.context, |tx| {
        permit(tx, &call).await?;
        if imports::show(tx, rejects.0).await?.is_none() {
            return Err(DataError::NotFound);
        }
        if media == MediaType::Csv {
            return Ok((Vec::new(), None));
        }
        let rows = rejects.rows(tx, after, page.rows()).await?.rows;
        let total = match page.counting() {
            Some(_) => Some(imports::count_rejects(tx, rejects.0).await?),
            None => None,
        };
        Ok((rows, total))
    });
    let (rows, total) = match read {
        Err(DataError::NotFound) => return Err(no_import()),
        read => read?,
    };
    if media == MediaType::Csv {
        let table = Export {
            state: &state,
            call: &call,
            page: &page,
            keys: &keys,
            source: &rejects,
            name: "rejects",
        };
        return table.respond().await;
    }
    let page = page.page(&keys, rows, |(_, line)| *line)?;
    Ok(page.with_total(total).map(|(item, _)| item).respond_json())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_read_as_documented() {
        let documented = portal_http::openapi::query_parameters(&crate::openapi(), "list_import_rejects");
        assert_eq!(ListQuery::<NoParameters>::names(), documented);
    }
}
