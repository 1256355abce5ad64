//! Staging one part of a file.

use portal_domain::ids::ImportId;
use sqlx::Connection;
use sqlx::postgres::PgConnection;
use uuid::Uuid;

use super::progress::{Checkpoint, move_checkpoint};
use crate::DataError;

/// How much is handed to the connection at once; it keeps a copy until it is sent.
const COPY_BYTES: usize = 128 << 10;

/// A record that could not be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject {
    /// The line that it begins on, counted from 1.
    pub line: i64,
    /// Why.
    pub reason: String,
    /// The beginning of the record as it stands in the file.
    pub record: String,
}

/// A part of a file, ready to be staged.
#[derive(Debug, Default)]
pub struct Chunk {
    /// Licence numbers of the rows that were taken.
    pub licence_numbers: Vec<String>,
    /// Their fingerprints; empty for county lists, of which every row is staged.
    pub fingerprints: Vec<Uuid>,
    /// Where each row's line ends in `lines`.
    pub ends: Vec<usize>,
    /// The rows in the text format of COPY, by the columns of `copy_staging.sql`, each with its line end.
    pub lines: Vec<u8>,
    /// All licence numbers with their lines, in the text format of COPY, by the columns of `copy_seen.sql`.
    pub seen: Vec<u8>,
    /// How many those are.
    pub seen_count: i64,
    /// Records that could not be taken.
    pub rejects: Vec<Reject>,
    /// How far the file is read after this part.
    pub checkpoint: Checkpoint,
}

/// Stages a part of a file and moves the checkpoint behind it, in one transaction. Rows whose stored fingerprint is the same are
/// left out: they have not changed since they were last written.
///
/// # Errors
/// [`DataError`]; nothing of the part is staged then. [`DataError::Unavailable`] when the run is not at `from` any more.
pub async fn stage(
    connection: &mut PgConnection,
    id: ImportId,
    from: i64,
    chunk: &Chunk,
) -> Result<(), DataError> {
    let mut transaction = connection.begin().await?;
    // Losing the last checkpoints in a crash costs nothing: staging is empty then, and the run begins anew.
    sqlx::query!("SET LOCAL synchronous_commit = off")
        .execute(&mut *transaction)
        .await?;
    let staged = copy_changed(&mut transaction, chunk).await?;
    copy(
        &mut transaction,
        include_str!("sql/copy_seen.sql"),
        [chunk.seen.as_slice()],
    )
    .await?;
    add_rejects(&mut transaction, id, &chunk.rejects).await?;
    move_checkpoint(
        &mut transaction,
        id,
        from,
        &chunk.checkpoint,
        staged,
        chunk.seen_count,
    )
    .await?;
    transaction.commit().await?;
    Ok(())
}

/// Copies the rows that are not stored as they are, and says how many those were.
async fn copy_changed(transaction: &mut PgConnection, chunk: &Chunk) -> Result<i64, DataError> {
    let statement = include_str!("sql/copy_staging.sql");
    if chunk.fingerprints.is_empty() {
        copy(transaction, statement, [chunk.lines.as_slice()]).await?;
        return Ok(length(chunk.ends.len()));
    }
    let changed = sqlx::query_file_scalar!(
        "src/imports/sql/changed_rows.sql",
        &chunk.licence_numbers,
        &chunk.fingerprints
    )
    .fetch_all(&mut *transaction)
    .await?;
    if changed.len() == chunk.ends.len() {
        copy(transaction, statement, [chunk.lines.as_slice()]).await?;
    } else if !changed.is_empty() {
        let lines = changed.iter().filter_map(|ordinal| line_of(chunk, *ordinal));
        copy(transaction, statement, lines).await?;
    }
    Ok(length(changed.len()))
}

/// The line of the row with this number, counted from 1.
fn line_of(chunk: &Chunk, ordinal: i64) -> Option<&[u8]> {
    let index = usize::try_from(ordinal).ok()?.checked_sub(1)?;
    let end = *chunk.ends.get(index)?;
    let start = index
        .checked_sub(1)
        .and_then(|before| chunk.ends.get(before).copied())
        .unwrap_or(0);
    chunk.lines.get(start..end)
}

/// Sends pieces of text through a COPY, gathered into messages of a size that pays.
async fn copy<'a>(
    transaction: &mut PgConnection,
    statement: &str,
    pieces: impl IntoIterator<Item = &'a [u8]>,
) -> Result<(), DataError> {
    let mut sink = transaction.copy_in_raw(statement).await?;
    let mut gathered: Vec<u8> = Vec::new();
    for piece in pieces {
        for part in piece.chunks(COPY_BYTES) {
            if gathered.len() + part.len() > COPY_BYTES {
                sink.send(gathered.as_slice()).await?;
                gathered.clear();
            }
            gathered.extend_from_slice(part);
        }
    }
    sink.send(gathered.as_slice()).await?;
    sink.finish().await?;
    Ok(())
}

async fn add_rejects(
    transaction: &mut PgConnection,
    id: ImportId,
    rejects: &[Reject],
) -> Result<(), DataError> {
    if rejects.is_empty() {
        return Ok(());
    }
    let lines: Vec<i64> = rejects.iter().map(|reject| reject.line).collect();
    let reasons: Vec<&str> = rejects.iter().map(|reject| reject.reason.as_str()).collect();
    let records: Vec<&str> = rejects.iter().map(|reject| reject.record.as_str()).collect();
    sqlx::query!(
        "INSERT INTO import_rejects (import_id, line, reason, record)
        SELECT $1, line, reason, record FROM unnest($2::bigint[], $3::text[], $4::text[]) AS reject (line, reason, record)",
        id.as_uuid(),
        &lines,
        &reasons as _,
        &records as _,
    )
    .execute(transaction)
    .await?;
    Ok(())
}

fn length(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
