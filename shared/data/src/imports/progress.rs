//! Beginning a run, going on with it, and how far it has come.

use std::collections::BTreeMap;

use portal_domain::contractor::SourceFormat;
use portal_domain::ids::ImportId;
use sqlx::Connection;
use sqlx::postgres::PgConnection;
use sqlx::types::Json;
use time::{Date, OffsetDateTime};

use super::run::ImportRun;
use crate::DataError;

/// Where an invocation picks a run up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resumption {
    /// At its checkpoint: everything before it is staged.
    Checkpoint,
    /// From the beginning: it is new, or what it had staged is gone.
    Beginning,
}

/// How much of the file is staged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checkpoint {
    /// The first byte that is not.
    pub byte_offset: i64,
    /// Lines before that byte.
    pub line_number: i64,
    /// Records read.
    pub rows_read: i64,
    /// Records rejected.
    pub rows_rejected: i64,
    /// Warnings by kind.
    pub warnings: BTreeMap<String, u64>,
}

/// Decides where to pick up a run that was begun before. Unlogged staging is empty after a crash of the server, and a run whose
/// rows are gone must begin anew.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn resume(connection: &mut PgConnection, run: &ImportRun) -> Result<Resumption, DataError> {
    if run.byte_offset == 0 || run.state == portal_domain::contractor::ImportState::Queued {
        return Ok(Resumption::Beginning);
    }
    let there = sqlx::query!(
        r#"SELECT
            (SELECT count(*) FROM import_staging WHERE import_id = $1) AS "staged!",
            (SELECT count(*) FROM import_seen WHERE import_id = $1) AS "seen!""#,
        run.id.as_uuid(),
    )
    .fetch_one(connection)
    .await?;
    let whole = there.staged == run.rows_staged && there.seen == run.rows_seen;
    Ok(if whole {
        Resumption::Checkpoint
    } else {
        Resumption::Beginning
    })
}

/// What is known of the object when a run begins.
#[derive(Clone, Debug)]
pub struct Source<'a> {
    /// The entity tag, with quotes.
    pub etag: &'a str,
    /// The size.
    pub bytes: i64,
    /// Whether only to report.
    pub dry_run: bool,
    /// When the object was put into the bucket, to the second.
    pub uploaded_at: Option<OffsetDateTime>,
}

/// Begins a run: empties staging and forgets whatever an earlier attempt counted.
///
/// # Errors
/// [`DataError`] of the queries.
pub async fn start(connection: &mut PgConnection, id: ImportId, source: Source<'_>) -> Result<(), DataError> {
    let mut transaction = connection.begin().await?;
    sqlx::query!("TRUNCATE import_staging, import_seen")
        .execute(&mut *transaction)
        .await?;
    sqlx::query!("DELETE FROM import_rejects WHERE import_id = $1", id.as_uuid())
        .execute(&mut *transaction)
        .await?;
    sqlx::query_file!(
        "src/imports/sql/start_run.sql",
        id.as_uuid(),
        source.etag,
        source.bytes,
        source.dry_run,
        source.uploaded_at,
    )
    .execute(&mut *transaction)
    .await?;
    transaction.commit().await?;
    Ok(())
}

/// Notes that one more invocation works on the run.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn count_invocation(connection: &mut PgConnection, id: ImportId) -> Result<(), DataError> {
    sqlx::query!(
        "UPDATE import_runs SET invocations = invocations + 1, updated_at = now() WHERE id = $1",
        id.as_uuid(),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Notes what the header and the first row say about the file.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn describe(
    connection: &mut PgConnection,
    id: ImportId,
    format: SourceFormat,
    as_of: Date,
) -> Result<(), DataError> {
    sqlx::query!(
        "UPDATE import_runs SET format = $2, as_of = $3, updated_at = now() WHERE id = $1",
        id.as_uuid(),
        format.as_str(),
        as_of,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Adds a note for staff, once.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn note(connection: &mut PgConnection, id: ImportId, note: &str) -> Result<(), DataError> {
    sqlx::query!(
        "UPDATE import_runs SET notes = array_append(notes, $2), updated_at = now() WHERE id = $1 AND NOT $2 = ANY (notes)",
        id.as_uuid(),
        note,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Notes that the whole file is staged: from here on the run is one transaction away from its end.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn begin_merging(connection: &mut PgConnection, id: ImportId) -> Result<(), DataError> {
    sqlx::query!(
        "UPDATE import_runs SET state = 'MERGING', heartbeat_at = now(), updated_at = now() WHERE id = $1",
        id.as_uuid(),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Moves the checkpoint, in the transaction that stages what lies before it. Staging and the record can thus never disagree,
/// except when the server has crashed and emptied the unlogged tables.
pub(super) async fn move_checkpoint(
    transaction: &mut PgConnection,
    id: ImportId,
    from: i64,
    to: &Checkpoint,
    staged: i64,
    seen: i64,
) -> Result<(), DataError> {
    let moved = sqlx::query_file!(
        "src/imports/sql/move_checkpoint.sql",
        id.as_uuid(),
        from,
        to.byte_offset,
        to.line_number,
        to.rows_read,
        to.rows_rejected,
        Json(&to.warnings) as _,
        staged,
        seen,
    )
    .execute(transaction)
    .await?;
    if moved.rows_affected() == 1 {
        return Ok(());
    }
    Err(DataError::Unavailable {
        message: format!("import {id} is no longer at byte {from}: another invocation works on it"),
        outcome_unknown: false,
    })
}
