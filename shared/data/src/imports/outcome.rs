//! Ends of a run other than success.

use portal_domain::contractor::SourceFormat;
use portal_domain::ids::ImportId;
use sqlx::postgres::PgConnection;
use time::Date;
use uuid::Uuid;

use super::run::ImportRun;
use crate::DataError;

/// Marks a run as failed for good, with what is wrong and what to do.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn fail(connection: &mut PgConnection, id: ImportId, error: &str) -> Result<(), DataError> {
    sqlx::query!(
        "UPDATE import_runs
        SET state = 'FAILED', error = $2, finished_at = now(), updated_at = now(),
            duration_ms = (extract(epoch FROM now() - started_at) * 1000)::bigint
        WHERE id = $1",
        id.as_uuid(),
        error,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A completed import that this one must not overwrite.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Superseding {
    /// Its id.
    pub id: ImportId,
    /// The key of its object.
    pub object_key: String,
    /// The day that its file speaks of.
    pub as_of: Option<Date>,
}

/// Finds a completed import that is newer than this run: of the same key by S3's own order of events, or, for the License
/// Master, of any key by the day that the file speaks of, when it was also uploaded later. County lists of different counties do not supersede each other.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn find_superseding(
    connection: &mut PgConnection,
    run: &ImportRun,
    format: SourceFormat,
    as_of: Date,
) -> Result<Option<Superseding>, DataError> {
    let newer = sqlx::query_file_as!(
        SupersedingRow,
        "src/imports/sql/find_superseding.sql",
        run.id.as_uuid(),
        format.as_str(),
        as_of,
        run.bucket,
        run.object_key,
        run.sequencer,
    )
    .fetch_optional(connection)
    .await?;
    Ok(newer.map(|row| Superseding {
        id: row.id.into(),
        object_key: row.object_key,
        as_of: row.as_of,
    }))
}

/// A row of the query above.
struct SupersedingRow {
    id: Uuid,
    object_key: String,
    as_of: Option<Date>,
}
