//! Taking an import back.

use portal_domain::contractor::ImportState;
use portal_domain::ids::ImportId;
use sqlx::Connection;
use sqlx::postgres::PgConnection;

use super::run::lookup;
use crate::{DataError, maps};

/// What became of an undo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UndoOutcome {
    /// The contractors stand as before the import, except for what staff and members did since.
    Undone {
        /// Rows that are as they were.
        restored: i64,
        /// Rows that the import had added and that are gone.
        deleted: i64,
        /// Added rows that somebody has made use of since: they stay, marked as removed from the source.
        kept: i64,
    },
    /// It had been undone before; nothing was done.
    AlreadyUndone,
    /// It cannot be undone, for this reason.
    Refused(String),
}

/// Takes back the newest completed import: before-images are restored, rows that it added are deleted. Rows that a member has
/// claimed or that staff have worked on are kept, marked as removed from the source. The caller holds the lock of the imports.
///
/// # Errors
/// [`DataError::NotFound`] for an unknown run, [`DataError`] of the queries; nothing has changed then.
pub async fn undo(connection: &mut PgConnection, id: ImportId) -> Result<UndoOutcome, DataError> {
    let mut transaction = connection.begin().await?;
    let run = lookup(&mut transaction, id).await?.ok_or(DataError::NotFound)?;
    match run.state {
        ImportState::Completed if run.dry_run => {
            return Ok(UndoOutcome::Refused(
                "it was a dry run and changed nothing".to_owned(),
            ));
        }
        ImportState::Completed => {}
        ImportState::Undone => return Ok(UndoOutcome::AlreadyUndone),
        state => {
            return Ok(UndoOutcome::Refused(format!(
                "it is {state}, and only a completed import can be undone"
            )));
        }
    }
    if let Some(later) = find_later(&mut transaction, id).await? {
        return Ok(UndoOutcome::Refused(format!(
            "import {later} was completed after it: undo that one first"
        )));
    }
    let outcome = take_back(&mut transaction, id).await?;
    transaction.commit().await?;
    Ok(outcome)
}

/// The run that staff have asked longest to have taken back, if there is one.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn next_requested_undo(connection: &mut PgConnection) -> Result<Option<ImportId>, DataError> {
    let id = sqlx::query_scalar!(
        "SELECT id FROM import_runs
        WHERE undo_requested_at IS NOT NULL AND state = 'COMPLETED'
        ORDER BY undo_requested_at, id
        LIMIT 1",
    );
    Ok(id.fetch_optional(connection).await?.map(ImportId::from))
}

/// Notes why a run is not taken back, though staff have asked for it; they may ask again.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn refuse_requested_undo(
    connection: &mut PgConnection,
    id: ImportId,
    reason: &str,
) -> Result<(), DataError> {
    sqlx::query!(
        "UPDATE import_runs
        SET undo_requested_at = NULL, undo_requested_by = NULL, notes = array_append(notes, $2), updated_at = now()
        WHERE id = $1 AND undo_requested_at IS NOT NULL AND state = 'COMPLETED'",
        id.as_uuid(),
        format!("not undone: {reason}"),
    )
    .execute(connection)
    .await?;
    Ok(())
}

async fn find_later(transaction: &mut PgConnection, id: ImportId) -> Result<Option<ImportId>, DataError> {
    let later = sqlx::query_scalar!(
        "SELECT later.id
        FROM import_runs AS run
        JOIN import_runs AS later ON later.finished_at > run.finished_at
        WHERE run.id = $1 AND later.state = 'COMPLETED' AND NOT later.dry_run
        ORDER BY later.finished_at DESC
        LIMIT 1",
        id.as_uuid(),
    )
    .fetch_optional(transaction)
    .await?;
    Ok(later.map(ImportId::from))
}

async fn take_back(transaction: &mut PgConnection, id: ImportId) -> Result<UndoOutcome, DataError> {
    let id = id.as_uuid();
    sqlx::query_file!("src/imports/sql/undo_licences.sql", id)
        .execute(&mut *transaction)
        .await?;
    let restored = sqlx::query_file!("src/imports/sql/undo_changes.sql", id)
        .execute(&mut *transaction)
        .await?;
    let kept = sqlx::query_file!("src/imports/sql/undo_keep.sql", id)
        .execute(&mut *transaction)
        .await?;
    let deleted = sqlx::query_file!("src/imports/sql/undo_insertions.sql", id)
        .execute(&mut *transaction)
        .await?;
    sqlx::query!(
        "DELETE FROM licences AS l
        WHERE l.first_import_id = $1
            AND NOT EXISTS (SELECT FROM california_contractors AS c WHERE c.license_number = l.license_number)",
        id,
    )
    .execute(&mut *transaction)
    .await?;
    restart_begun_runs(transaction).await?;
    maps::count_contractors(transaction).await?;
    let counts = [
        restored.rows_affected(),
        deleted.rows_affected(),
        kept.rows_affected(),
    ];
    let [restored, deleted, kept] = counts.map(|count| i64::try_from(count).unwrap_or(i64::MAX));
    let note = format!(
        "undone: {restored} rows restored, {deleted} added rows deleted, {kept} added rows kept and marked as removed because a \
         member has claimed them or staff have worked on them"
    );
    sqlx::query!(
        "UPDATE import_runs SET state = 'UNDONE', notes = array_append(notes, $2), updated_at = now() WHERE id = $1",
        id,
        note,
    )
    .execute(transaction)
    .await?;
    Ok(UndoOutcome::Undone {
        restored,
        deleted,
        kept,
    })
}

/// A run that was begun has left out the rows that were stored as in its file; they may not be so any more.
async fn restart_begun_runs(transaction: &mut PgConnection) -> Result<(), DataError> {
    sqlx::query!(
        "UPDATE import_runs SET state = 'QUEUED', byte_offset = 0, updated_at = now() WHERE state IN ('LOADING', 'MERGING')",
    )
    .execute(transaction)
    .await?;
    Ok(())
}
