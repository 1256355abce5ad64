//! The record of a run.

use std::collections::BTreeMap;

use portal_domain::contractor::{ImportState, SourceFormat, WarningCounts};
use portal_domain::ids::ImportId;
use serde::Serialize;
use sqlx::postgres::PgConnection;
use sqlx::types::Json;
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use crate::DataError;

/// What became of the rows of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RowCounts {
    /// Records after the header, blank lines not counted.
    pub read: i64,
    /// New licences.
    pub inserted: i64,
    /// Licences with a changed value, those that came back included.
    pub updated: i64,
    /// Licences that stay as they are.
    pub unchanged: i64,
    /// Records that could not be taken.
    pub rejected: i64,
    /// Licences marked as removed from the source.
    pub removed: i64,
    /// Licences that had been removed and are in the file again.
    pub restored: i64,
    /// Licences that are missing from the file but were not marked, because the file looks cut.
    pub removals_refused: i64,
}

/// One import of one object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ImportRun {
    /// Its id.
    pub id: ImportId,
    /// Where the object lies.
    pub bucket: String,
    /// The object's key.
    pub object_key: String,
    /// The object's version; empty in a bucket without versions.
    pub object_version: String,
    /// S3's order of the events of one key.
    pub sequencer: String,
    /// The entity tag that was read, with quotes.
    pub etag: Option<String>,
    /// The object's size.
    pub object_bytes: Option<i64>,
    /// The day that the file speaks of.
    #[serde(with = "iso_date")]
    pub as_of: Option<Date>,
    /// How far it has come.
    pub state: ImportState,
    /// Whether it only reports.
    pub dry_run: bool,
    /// The layout of the file.
    pub format: Option<SourceFormat>,
    /// The first byte not yet staged.
    pub byte_offset: i64,
    /// The line that this byte begins, less one.
    pub line_number: i64,
    /// What became of the rows.
    pub rows: RowCounts,
    /// Rows in staging, to compare with what is there after a crash.
    #[serde(skip)]
    pub rows_staged: i64,
    /// Licence numbers noted as seen, likewise.
    #[serde(skip)]
    pub rows_seen: i64,
    /// Warnings by kind.
    pub warnings: BTreeMap<String, u64>,
    /// What staff should know.
    pub notes: Vec<String>,
    /// Why it failed.
    pub error: Option<String>,
    /// How many invocations worked on it.
    pub invocations: i32,
    /// When it last got on.
    #[serde(with = "time::serde::rfc3339::option")]
    pub heartbeat_at: Option<OffsetDateTime>,
    /// When work on it began.
    #[serde(with = "time::serde::rfc3339::option")]
    pub started_at: Option<OffsetDateTime>,
    /// When it ended.
    #[serde(with = "time::serde::rfc3339::option")]
    pub finished_at: Option<OffsetDateTime>,
    /// From its start to its end, in milliseconds.
    pub duration_ms: Option<i64>,
}

impl ImportRun {
    /// The warnings as counters.
    #[must_use]
    pub fn warning_counts(&self) -> WarningCounts {
        WarningCounts::from_names(&self.warnings)
    }
}

time::serde::format_description!(iso_date_format, Date, "[year]-[month]-[day]");
use iso_date_format::option as iso_date;

/// An object that is to be imported, by what makes its event unique.
#[derive(Clone, Copy, Debug)]
pub struct NewRun<'a> {
    /// The bucket.
    pub bucket: &'a str,
    /// The key.
    pub object_key: &'a str,
    /// The version; empty in a bucket without versions.
    pub object_version: &'a str,
    /// S3's order of the events of one key, or whatever else tells this event from others.
    pub sequencer: &'a str,
}

/// Queues a run for an event, or finds the run that an earlier delivery of the same event has made. One that failed is queued
/// again: its cause may be gone.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn register(connection: &mut PgConnection, new: NewRun<'_>) -> Result<ImportId, DataError> {
    let id = sqlx::query_file_scalar!(
        "src/imports/sql/register_run.sql",
        Uuid::now_v7(),
        new.bucket,
        new.object_key,
        new.object_version,
        new.sequencer,
    )
    .fetch_one(connection)
    .await?;
    Ok(ImportId::from(id))
}

/// The run that is to be worked on next: one that was begun before one that waits, the oldest first. Staging belongs to one run
/// at a time, so a begun run must end before another begins.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn next_unfinished(connection: &mut PgConnection) -> Result<Option<ImportId>, DataError> {
    let id = sqlx::query_scalar!(
        "SELECT id FROM import_runs
        WHERE state IN ('QUEUED', 'LOADING', 'MERGING')
        ORDER BY state = 'QUEUED', created_at, id
        LIMIT 1",
    )
    .fetch_optional(connection)
    .await?;
    Ok(id.map(ImportId::from))
}

/// A run by its id.
///
/// # Errors
/// [`DataError`] of the query, [`DataError::Corrupt`] for a state or format that the domain does not know.
pub async fn lookup(connection: &mut PgConnection, id: ImportId) -> Result<Option<ImportRun>, DataError> {
    let row = sqlx::query_file_as!(RunRow, "src/imports/sql/lookup_run.sql", id.as_uuid())
        .fetch_optional(connection)
        .await?;
    row.map(ImportRun::try_from).transpose()
}

/// A row of `import_runs`.
struct RunRow {
    id: Uuid,
    bucket: String,
    object_key: String,
    object_version: String,
    sequencer: String,
    etag: Option<String>,
    object_bytes: Option<i64>,
    as_of: Option<Date>,
    state: String,
    dry_run: bool,
    format: Option<String>,
    byte_offset: i64,
    line_number: i64,
    rows_read: i64,
    rows_staged: i64,
    rows_seen: i64,
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
    heartbeat_at: Option<OffsetDateTime>,
    started_at: Option<OffsetDateTime>,
    finished_at: Option<OffsetDateTime>,
    duration_ms: Option<i64>,
}

impl TryFrom<RunRow> for ImportRun {
    type Error = DataError;

    fn try_from(row: RunRow) -> Result<Self, DataError> {
        let corrupt = |reason: String| DataError::Corrupt {
            table: "import_runs",
            reason,
        };
        Ok(Self {
            id: row.id.into(),
            bucket: row.bucket,
            object_key: row.object_key,
            object_version: row.object_version,
            sequencer: row.sequencer,
            etag: row.etag,
            object_bytes: row.object_bytes,
            as_of: row.as_of,
            state: row
                .state
                .parse()
                .map_err(|error| corrupt(format!("{error}, not {}", row.state)))?,
            dry_run: row.dry_run,
            format: row
                .format
                .map(|format| format.parse())
                .transpose()
                .map_err(|error| corrupt(format!("{error}")))?,
            byte_offset: row.byte_offset,
            line_number: row.line_number,
            rows: RowCounts {
                read: row.rows_read,
                inserted: row.rows_inserted,
                updated: row.rows_updated,
                unchanged: row.rows_unchanged,
                rejected: row.rows_rejected,
                removed: row.rows_removed,
                restored: row.rows_restored,
                removals_refused: row.removals_refused,
            },
            rows_staged: row.rows_staged,
            rows_seen: row.rows_seen,
            warnings: row.warnings.0,
            notes: row.notes,
            error: row.error,
            invocations: row.invocations,
            heartbeat_at: row.heartbeat_at,
            started_at: row.started_at,
            finished_at: row.finished_at,
            duration_ms: row.duration_ms,
        })
    }
}
