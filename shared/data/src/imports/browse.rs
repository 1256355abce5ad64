//! Imports as staff follow them, and their wish to take one back. These work in the transaction of a request.

use std::collections::BTreeMap;

use portal_domain::contractor::ImportState;
use portal_domain::ids::{ImportId, UserId};
use portal_domain::listing::{Day, ImportListing, ImportProgress, ImportRows, ImportUndo, Moment};
use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::chunk::Reject;
use crate::projects::{instant, micros};
use crate::{DataError, Tx};

/// Which imports a list shows. What is empty or absent filters nothing.
#[derive(Clone, Debug, Default)]
pub struct ImportFilters {
    /// How far they have come.
    pub states: Vec<ImportState>,
    /// Of the file with this key.
    pub object_key: Option<String>,
}

/// Where a list goes on: after the import of this moment, in microseconds since 1970, and this id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportPosition {
    created_micros: i64,
    id: ImportId,
}

impl ImportPosition {
    /// Where a list goes on after this import.
    #[must_use]
    pub fn after(import: &ImportListing) -> Self {
        Self {
            created_micros: micros(import.created_at),
            id: import.id,
        }
    }
}

/// A page of imports, the newest first.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn browse(
    tx: &mut Tx,
    filters: &ImportFilters,
    after: Option<ImportPosition>,
    limit: i64,
) -> Result<Vec<ImportListing>, DataError> {
    let states = states(filters);
    let rows = sqlx::query_file_as!(
        Row,
        "src/imports/sql/browse.sql",
        None::<Uuid>,
        states.as_deref(),
        filters.object_key,
        after.map(|after| instant(after.created_micros)),
        after.map(|after| after.id.as_uuid()),
        limit,
    );
    let rows = rows.fetch_all(&mut *tx).await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// How many imports a list has.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn count(tx: &mut Tx, filters: &ImportFilters) -> Result<i64, DataError> {
    let states = states(filters);
    let count = sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM import_runs
        WHERE ($1::text[] IS NULL OR state = ANY ($1)) AND ($2::text IS NULL OR object_key = $2)"#,
        states.as_deref(),
        filters.object_key,
    );
    Ok(count.fetch_one(&mut *tx).await?)
}

/// The import with an id.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn show(tx: &mut Tx, id: ImportId) -> Result<Option<ImportListing>, DataError> {
    let row = sqlx::query_file_as!(
        Row,
        "src/imports/sql/browse.sql",
        Some(id.as_uuid()),
        None::<&[String]>,
        None::<String>,
        None::<OffsetDateTime>,
        None::<Uuid>,
        1,
    );
    let row = row.fetch_optional(&mut *tx).await?;
    row.map(TryInto::try_into).transpose()
}

/// A page of the records of an import that could not be taken, behind a line, in the order of the file.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn browse_rejects(
    tx: &mut Tx,
    id: ImportId,
    after_line: Option<i64>,
    limit: i64,
) -> Result<Vec<Reject>, DataError> {
    let rejects = sqlx::query_as!(
        Reject,
        "SELECT line, reason, record FROM import_rejects
        WHERE import_id = $1 AND line > COALESCE($2::bigint, 0)
        ORDER BY line
        LIMIT $3",
        id.as_uuid(),
        after_line,
        limit,
    );
    Ok(rejects.fetch_all(&mut *tx).await?)
}

/// How many records of an import could not be taken.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn count_rejects(tx: &mut Tx, id: ImportId) -> Result<i64, DataError> {
    let count = sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM import_rejects WHERE import_id = $1"#,
        id.as_uuid()
    );
    Ok(count.fetch_one(&mut *tx).await?)
}

/// Writes down that the caller wants an import taken back; the import function does it. False where that was written down before.
///
/// # Errors
/// [`DataError::NotFound`] for an unknown import, [`DataError::Refused`] for one that cannot be taken back, and those of the queries.
pub async fn request_undo(tx: &mut Tx, id: ImportId, by: UserId) -> Result<bool, DataError> {
    // Its row is held, so that of two requests one is the first.
    sqlx::query!(
        "SELECT id FROM import_runs WHERE id = $1 FOR NO KEY UPDATE",
        id.as_uuid()
    )
    .fetch_optional(&mut *tx)
    .await?
    .ok_or(DataError::NotFound)?;
    let import = show(tx, id).await?.ok_or(DataError::NotFound)?;
    if import.undo.requested_at.is_some() {
        return Ok(false);
    }
    if let Some(why) = import.undo.why {
        return Err(DataError::Refused {
            reason: format!("The import cannot be undone: {why}."),
        });
    }
    sqlx::query!(
        "UPDATE import_runs SET undo_requested_at = now(), undo_requested_by = $2, updated_at = now() WHERE id = $1",
        id.as_uuid(),
        by.as_uuid(),
    )
    .execute(&mut *tx)
    .await?;
    Ok(true)
}

/// The words of the states that are wanted; none where all are.
fn states(filters: &ImportFilters) -> Option<Vec<String>> {
    let words: Vec<_> = filters.states.iter().map(ToString::to_string).collect();
    (!words.is_empty()).then_some(words)
}

struct Row {
    id: Uuid,
    bucket: String,
    object_key: String,
    object_bytes: Option<i64>,
    as_of: Option<Date>,
    state: String,
    dry_run: bool,
    format: Option<String>,
    byte_offset: i64,
    rows_read: i64,
    rows_inserted: i64,
    rows_updated: i64,
    rows_unchanged: i64,
    rows_rejected: i64,
    rows_removed: i64,
    rows_restored: i64,
    removals_refused: i64,
    warnings: Json<BTreeMap<String, u64>>,
    notes: Vec<String>,
    error: Option<String>,
    invocations: i32,
    created_at: OffsetDateTime,
    heartbeat_at: Option<OffsetDateTime>,
    started_at: Option<OffsetDateTime>,
    finished_at: Option<OffsetDateTime>,
    duration_ms: Option<i64>,
    seconds: Option<f64>,
    undo_requested_at: Option<OffsetDateTime>,
    undo_requested_by: Option<Uuid>,
    later: Option<Uuid>,
}

impl Row {
    const fn rows(&self) -> ImportRows {
        ImportRows {
            read: self.rows_read,
            inserted: self.rows_inserted,
            updated: self.rows_updated,
            unchanged: self.rows_unchanged,
            rejected: self.rows_rejected,
            removed: self.rows_removed,
            restored: self.rows_restored,
            removals_refused: self.removals_refused,
        }
    }
}

impl TryFrom<Row> for ImportListing {
    type Error = DataError;

    fn try_from(row: Row) -> Result<Self, DataError> {
        let corrupt = |reason: String| DataError::Corrupt {
            table: "import_runs",
            reason,
        };
        let state: ImportState = row.state.parse().map_err(|error| corrupt(format!("{error}")))?;
        let format = row.format.as_deref().map(str::parse).transpose();
        let bytes = (row.byte_offset, row.object_bytes);
        let requested = (
            row.undo_requested_at.map(Moment),
            row.undo_requested_by.map(UserId::from),
        );
        Ok(Self {
            id: row.id.into(),
            state,
            format: format.map_err(|error| corrupt(format!("{error}")))?,
            as_of: row.as_of.map(Day),
            progress: ImportProgress::of(state, bytes, row.rows_read, row.seconds),
            undo: ImportUndo::of(state, row.dry_run, row.later.map(ImportId::from), requested),
            rows: row.rows(),
            bucket: row.bucket,
            object_key: row.object_key,
            dry_run: row.dry_run,
            created_at: Moment(row.created_at),
            started_at: row.started_at.map(Moment),
            heartbeat_at: row.heartbeat_at.map(Moment),
            finished_at: row.finished_at.map(Moment),
            duration_ms: row.duration_ms,
            invocations: row.invocations,
            warnings: row.warnings.0,
            notes: row.notes,
            error: row.error,
        })
    }
}
