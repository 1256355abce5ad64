//! Browsing the audit: by row, by who it was, by time.

use portal_domain::audit::{AuditActor, AuditEntry, AuditOperation};
use portal_domain::ids::UserId;
use portal_domain::listing::Moment;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::estimate::{Counting, planned_rows};
use crate::projects::{instant, micros};
use crate::{DataError, Tx};

/// Which entries a list shows. What is empty or absent filters nothing.
#[derive(Clone, Debug, Default)]
pub struct AuditFilters {
    /// Of this table.
    pub table: Option<String>,
    /// Of the row with this key; the parts of a composed key have slashes between.
    pub row: Option<String>,
    /// By this member.
    pub actor: Option<UserId>,
    /// Of these kinds.
    pub operations: Vec<AuditOperation>,
    /// From this moment on.
    pub from: Option<Moment>,
    /// Before this moment.
    pub until: Option<Moment>,
    /// By this request.
    pub request: Option<Uuid>,
}

/// How large a page is at most, in bytes of what stood in its rows as an answer holds them: one row with much in it is a page of its own. An
/// answer of a function holds 6 MB.
const MOST_BYTES: i64 = 3_000_000;

/// Entries of the audit.
#[derive(Clone, Debug, PartialEq)]
pub struct AuditPage {
    /// The entries.
    pub entries: Vec<AuditEntry>,
    /// Whether some of those that were asked for are left out, since they would make it too large.
    pub is_cut: bool,
}

/// Where a list goes on: after the entry of this moment, in microseconds since 1970, and this id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditPosition {
    created_micros: i64,
    id: i64,
}

impl AuditPosition {
    /// Where a list goes on after this entry.
    #[must_use]
    pub fn after(entry: &AuditEntry) -> Self {
        Self {
            created_micros: micros(entry.at),
            id: entry.id,
        }
    }
}

struct Row {
    id: i64,
    created_at: OffsetDateTime,
    table_name: String,
    row_key: String,
    operation: String,
    before: Option<Value>,
    after: Option<Value>,
    is_withheld: bool,
    user_id: Option<Uuid>,
    name: String,
    database_role: String,
    application: String,
    request_id: Option<Uuid>,
    found: i64,
}

impl TryFrom<Row> for AuditEntry {
    type Error = DataError;

    fn try_from(row: Row) -> Result<Self, DataError> {
        let name = Some(row.name).filter(|name| !name.is_empty());
        Ok(Self {
            id: row.id,
            at: Moment(row.created_at),
            actor: row.user_id.map(|id| AuditActor { id: id.into(), name }),
            database_role: row.database_role,
            application: row.application,
            table: row.table_name,
            row_id: row.row_key,
            operation: row.operation.parse().map_err(|_| DataError::Corrupt {
                table: "audit_log",
                reason: format!("{:?} is no operation", row.operation),
            })?,
            before: row.before,
            after: row.after,
            is_withheld: row.is_withheld,
            request_id: row.request_id,
        })
    }
}

/// A page of the audit, the newest entries first, for those with `audit.read`. Actors have their names where the caller may read
/// accounts, and what stood in a row is for those who may see such rows.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn list(
    tx: &mut Tx,
    filters: &AuditFilters,
    after: Option<AuditPosition>,
    limit: i64,
) -> Result<AuditPage, DataError> {
    let operations = operations(filters);
    let rows = sqlx::query_file_as!(
        Row,
        "src/audit/browse.sql",
        filters.table,
        filters.row,
        filters.actor.map(UserId::as_uuid),
        operations.as_deref(),
        filters.from.map(|moment| moment.0),
        filters.until.map(|moment| moment.0),
        after.map(|after| instant(after.created_micros)),
        after.map(|after| after.id),
        limit,
        filters.request,
        MOST_BYTES,
    );
    let rows = rows.fetch_all(&mut *tx).await?;
    let found = rows.first().map_or(0, |row| row.found);
    let is_cut = i64::try_from(rows.len()).is_ok_and(|count| count < found);
    let entries = rows.into_iter().map(TryInto::try_into);
    Ok(AuditPage {
        entries: entries.collect::<Result<_, DataError>>()?,
        is_cut,
    })
}

/// How many entries a list has; nothing unless it is asked for.
///
/// # Errors
/// [`DataError`] of the queries.
pub async fn total(
    tx: &mut Tx,
    filters: &AuditFilters,
    counting: Option<Counting>,
) -> Result<Option<i64>, DataError> {
    let Some(counting) = counting else { return Ok(None) };
    let operations = operations(filters);
    let counted = sqlx::query_file_scalar!(
        "src/audit/count.sql",
        filters.table,
        filters.row,
        filters.actor.map(UserId::as_uuid),
        operations.as_deref(),
        filters.from.map(|moment| moment.0),
        filters.until.map(|moment| moment.0),
        counting.limit(),
        filters.request,
    );
    let counted = counted.fetch_one(&mut *tx).await?;
    if counting.limit() != Some(counted) {
        return Ok(Some(counted));
    }
    let plan = sqlx::query_file_scalar!(
        "src/audit/estimate.sql",
        filters.table,
        filters.row,
        filters.actor.map(UserId::as_uuid),
        operations.as_deref(),
        filters.from.map(|moment| moment.0),
        filters.until.map(|moment| moment.0),
        filters.request,
    );
    let plan = plan.fetch_one(&mut *tx).await?.unwrap_or_default();
    Ok(Some(planned_rows(&plan)?.max(counted)))
}

/// The kinds that are wanted; none where all are.
fn operations(filters: &AuditFilters) -> Option<Vec<String>> {
    let words: Vec<_> = filters.operations.iter().map(ToString::to_string).collect();
    (!words.is_empty()).then_some(words)
}
