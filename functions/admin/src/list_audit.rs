//! `GET /v1/admin/audit`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_data::audit::{self, AuditFilters, AuditPosition};
use portal_data::{DataError, Tx, read};
use portal_domain::audit::{AuditEntry, AuditOperation};
use portal_domain::ids::UserId;
use portal_domain::listing::Moment;
use portal_http::negotiate::{MediaType, negotiate};
use portal_http::page::{List, ListQuery, PageParameters};
use portal_http::query::{FilterText, FromQuery, QueryReader};
use portal_http::{Call, Problem};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::audit_item::AuditRow;
use crate::export::{Export, ExportLink, Rows, Source};
use crate::permitted::permit;
use crate::state::Admin;

/// What changes to show; different names narrow each other.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub(crate) struct AuditParameters {
    /// Of this table.
    #[param(value_type = Option<FilterText>, nullable = false)]
    table: Option<String>,
    /// Of the row of `table` with this key; the parts of a composed key have slashes between.
    #[param(value_type = Option<FilterText>, nullable = false)]
    row_id: Option<String>,
    /// By this account.
    #[param(nullable = false)]
    actor: Option<UserId>,
    /// Of these kinds; repeated, any of them.
    #[param(required = false)]
    operation: Vec<AuditOperation>,
    /// From this moment on.
    #[param(nullable = false)]
    from: Option<Moment>,
    /// Before this moment.
    #[param(nullable = false)]
    to: Option<Moment>,
    /// Made by this request: its id stands in problems and in the header `X-Request-Id`.
    #[param(nullable = false)]
    request_id: Option<Uuid>,
}

impl FromQuery for AuditParameters {
    fn read(query: &mut QueryReader) -> Option<Self> {
        let parameters = Self {
            table: query.text("table", 100),
            row_id: query.text("rowId", 100),
            actor: query.one("actor"),
            operation: query.many("operation"),
            from: query.one("from"),
            to: query.one("to"),
            request_id: query.one("requestId"),
        };
        if query.has("rowId") && !query.has("table") {
            query.fault("rowId", "is a key of a table: name the table too");
        }
        Some(parameters)
    }
}

impl From<AuditParameters> for AuditFilters {
    fn from(parameters: AuditParameters) -> Self {
        Self {
            table: parameters.table,
            row: parameters.row_id,
            actor: parameters.actor,
            operations: parameters.operation,
            from: parameters.from,
            until: parameters.to,
            request: parameters.request_id,
        }
    }
}

/// A page, or where the whole table is that was asked for as CSV.
#[derive(ToSchema)]
#[serde(untagged)]
#[expect(
    dead_code,
    reason = "it describes two answers, each of which is written where it is made"
)]
pub(crate) enum AuditAnswer {
    /// A page.
    Page(List<AuditEntry>),
    /// The whole table.
    Export(ExportLink),
}

/// Lists the changes of sensitive rows, the newest first, each with what it was before and after, for those who may see such rows. A page
/// of rows with much in them has fewer than `limit`.
///
/// As CSV the whole list comes at once unless `limit` is sent. Past 5 MB the answer is JSON that leads to the table: `download` for five
/// minutes, and `next` to the rest of a list that could not be written to its end within 20 seconds.
#[utoipa::path(
    get,
    path = "/v1/admin/audit",
    operation_id = "list_audit",
    tag = "admin",
    params(AuditParameters, PageParameters),
    responses((status = 200, description = "A page of changes.", content(
        (AuditAnswer = "application/json"),
        (String = "text/csv"),
    ), headers(("Link" = String, description = "The next page, with rel=\"next\"; absent on the last.")))),
)]
pub(crate) async fn list_audit(
    State(state): State<Admin>,
    call: Call,
    headers: HeaderMap,
    ListQuery { filters, page }: ListQuery<AuditParameters>,
) -> Result<Response, Problem> {
    let media = negotiate(&headers, &[MediaType::Json, MediaType::Csv])?;
    let filters: AuditFilters = filters.into();
    let keys = state.portal.cursor_keys(page.cursor()).await?;
    if media == MediaType::Csv {
        let table = Export {
            state: &state,
            call: &call,
            page: &page,
            keys: &keys,
            source: &filters,
            name: "audit",
        };
        return table.respond().await;
    }
    let after: Option<AuditPosition> = page.position(&keys)?;
    let read = read!(state.portal.database(), &call.context, |tx| {
        permit(tx, &call).await?;
        let found = audit::browse(tx, &filters, after, page.rows()).await?;
        Ok((found, audit::total(tx, &filters, page.counting()).await?))
    });
    let (found, total) = read?;
    let page = page.page_cut(&keys, found.entries, found.is_cut, AuditPosition::after)?;
    Ok(page.with_total(total).respond_json())
}

impl Source for AuditFilters {
    type Row = AuditRow;
    type Position = AuditPosition;
    // The database writes all of them out to see which fit.
    const CHUNK: i64 = 250;

    async fn rows(
        &self,
        tx: &mut Tx,
        after: Option<AuditPosition>,
        limit: i64,
    ) -> Result<Rows<AuditRow, AuditPosition>, DataError> {
        let found = audit::browse(tx, self, after, limit).await?;
        let rows = found.entries.into_iter().map(|entry| {
            let position = AuditPosition::after(&entry);
            (AuditRow(entry), position)
        });
        Ok(Rows {
            rows: rows.collect(),
            is_cut: found.is_cut,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_read_as_documented() {
        let documented = portal_http::openapi::query_parameters(&crate::openapi(), "list_audit");
        assert_eq!(ListQuery::<AuditParameters>::names(), documented);
    }

    #[test]
    fn a_key_is_one_of_a_table() {
        let mut query = QueryReader::parse("rowId=7").unwrap();
        let _ = AuditParameters::read(&mut query);
        assert_eq!(query.finish().unwrap_err().faults()[0].pointer, "/query/rowId");
    }
}
