//! The record of backups, and what making and proving one asks of the database: [`Snapshot`] is the moment that a dump is of, and
//! [`Scratch`] the database that it is restored into.

mod browse;
mod digest;
mod hold;
mod locale;
mod probe;
mod scratch;
mod snapshot;

use portal_domain::backup::BackupState;
use portal_domain::ids::BackupId;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::single_row::one;
use crate::{DataError, Tx, job_runs};

pub(crate) use browse::CHECK;
pub use browse::{BackupPosition, browse, count, summary};
pub use digest::TableDigest;
pub use locale::Locale;
pub use probe::Probe;
pub use scratch::{Scratch, ScratchServer};
pub use snapshot::Snapshot;

/// The table, for rows that cannot be.
const TABLE: &str = "backups";

/// A backup as its row has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backup {
    /// Its id, which is also that of the run that made it.
    pub id: BackupId,
    /// Where the dump lies.
    pub object_key: String,
    /// Where its manifest lies, once there is one.
    pub manifest_key: Option<String>,
    /// How large the dump is.
    pub size_bytes: Option<i64>,
    /// Its SHA-256.
    pub sha256: Option<Vec<u8>>,
    /// What has become of it.
    pub state: BackupState,
    /// When it was begun.
    pub started_at: OffsetDateTime,
    /// Since when its objects are not found, where it has failed by that.
    pub lost_at: Option<OffsetDateTime>,
}

/// What is known of a dump once it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored<'a> {
    /// Its id.
    pub id: BackupId,
    /// Where it lies.
    pub object_key: &'a str,
    /// Where its manifest lies.
    pub manifest_key: &'a str,
    /// How large it is.
    pub size_bytes: i64,
    /// Its SHA-256.
    pub sha256: &'a [u8],
    /// When it was begun.
    pub started_at: OffsetDateTime,
    /// When it was written.
    pub finished_at: OffsetDateTime,
}

struct Row {
    id: Uuid,
    object_key: String,
    manifest_key: Option<String>,
    size_bytes: Option<i64>,
    sha256: Option<Vec<u8>>,
    state: String,
    started_at: OffsetDateTime,
    lost_at: Option<OffsetDateTime>,
}

impl TryFrom<Row> for Backup {
    type Error = DataError;

    fn try_from(row: Row) -> Result<Self, DataError> {
        let state = row.state.parse().map_err(|error| DataError::Corrupt {
            table: TABLE,
            reason: format!("state {error}"),
        })?;
        Ok(Self {
            id: row.id.into(),
            object_key: row.object_key,
            manifest_key: row.manifest_key,
            size_bytes: row.size_bytes,
            sha256: row.sha256,
            state,
            started_at: row.started_at,
            lost_at: row.lost_at,
        })
    }
}

/// Takes a job's lock until the transaction ends; false when another run has it. The transaction may lie idle for as long as the run
/// lasts, over a connection straight to the server; where the run dies without a word, the server notices within a minute.
///
/// # Errors
/// [`DataError`] of the queries.
pub async fn try_lock(tx: &mut Tx, job: &str) -> Result<bool, DataError> {
    sqlx::query!(
        r#"SELECT count(set_config(name, value, true)) AS "set!"
        FROM (VALUES ('idle_in_transaction_session_timeout', '0'), ('tcp_keepalives_idle', '20'),
            ('tcp_keepalives_interval', '10'), ('tcp_keepalives_count', '3')) AS setting (name, value)"#
    )
    .fetch_one(&mut *tx)
    .await?;
    job_runs::try_lock(tx, job).await
}

/// All backups that there ever were, the newest first.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn list(tx: &mut Tx) -> Result<Vec<Backup>, DataError> {
    let rows = sqlx::query_as!(
        Row,
        "SELECT id, object_key, manifest_key, size_bytes, sha256, state, started_at, lost_at
        FROM backups ORDER BY started_at DESC, id DESC"
    );
    rows.fetch_all(&mut *tx)
        .await?
        .into_iter()
        .map(TryInto::try_into)
        .collect()
}

/// Records that a dump is being written.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn add(
    tx: &mut Tx,
    id: BackupId,
    object_key: &str,
    started_at: OffsetDateTime,
) -> Result<(), DataError> {
    sqlx::query!(
        "INSERT INTO backups (id, object_key, started_at) VALUES ($1, $2, $3)",
        id.as_uuid(),
        object_key,
        started_at,
    )
    .execute(&mut *tx)
    .await?;
    Ok(())
}

/// Records a backup that is complete: one that was just written, and one whose row is of a moment before that, since its run has died or
/// the database was recovered to that moment, not there at all, since the database was restored from this backup or an older one, or says
/// that its objects were not found.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn store(tx: &mut Tx, stored: &Stored<'_>) -> Result<(), DataError> {
    sqlx::query!(
        "INSERT INTO backups (id, object_key, manifest_key, size_bytes, sha256, state, started_at, finished_at)
        VALUES ($1, $2, $3, $4, $5, 'STORED', $6, $7)
        ON CONFLICT (id) DO UPDATE
        SET state = 'STORED', manifest_key = excluded.manifest_key, size_bytes = excluded.size_bytes, sha256 = excluded.sha256,
            finished_at = excluded.finished_at, error = NULL, lost_at = NULL",
        stored.id.as_uuid(),
        stored.object_key,
        stored.manifest_key,
        stored.size_bytes,
        stored.sha256,
        stored.started_at,
        stored.finished_at,
    )
    .execute(&mut *tx)
    .await?;
    Ok(())
}

/// Records that a backup was restored and is whole.
///
/// # Errors
/// [`DataError`] of the query, [`DataError::NotFound`] for one that is not complete any more.
pub async fn prove(
    tx: &mut Tx,
    id: BackupId,
    proven_at: OffsetDateTime,
    restore_seconds: f64,
) -> Result<(), DataError> {
    let done = sqlx::query!(
        "UPDATE backups SET state = 'PROVEN', proven_at = $2, restore_seconds = $3
        WHERE id = $1 AND state IN ('STORED', 'PROVEN')",
        id.as_uuid(),
        proven_at,
        restore_seconds,
    )
    .execute(&mut *tx)
    .await?;
    one(done.rows_affected())
}

/// Records that a backup was not written to its end, or is not what it should be, and why.
///
/// # Errors
/// [`DataError`] of the query, [`DataError::NotFound`] for an unknown one.
pub async fn fail(tx: &mut Tx, id: BackupId, error: &str, at: OffsetDateTime) -> Result<(), DataError> {
    let done = sqlx::query!(
        "UPDATE backups SET state = 'FAILED', error = $2, finished_at = COALESCE(finished_at, $3) WHERE id = $1",
        id.as_uuid(),
        error,
        at,
    )
    .execute(&mut *tx)
    .await?;
    one(done.rows_affected())
}

/// Records that the objects of a backup are not found: it is none for as long as that is so.
///
/// # Errors
/// [`DataError`] of the query, [`DataError::NotFound`] for an unknown one.
pub async fn lose(tx: &mut Tx, id: BackupId, error: &str, at: OffsetDateTime) -> Result<(), DataError> {
    let done = sqlx::query!(
        "UPDATE backups
        SET state = 'FAILED', error = $2, finished_at = COALESCE(finished_at, $3), lost_at = COALESCE(lost_at, $3)
        WHERE id = $1",
        id.as_uuid(),
        error,
        at,
    )
    .execute(&mut *tx)
    .await?;
    one(done.rows_affected())
}

/// The newest migration that this database has had.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn newest_migration(tx: &mut Tx) -> Result<i64, DataError> {
    // Of sqlx's own table, which is not there where queries are checked without one.
    let newest =
        sqlx::query_scalar("SELECT COALESCE(max(version), 0) FROM public._sqlx_migrations WHERE success");
    Ok(newest.fetch_one(&mut *tx).await?)
}

/// Records that a backup was deleted because its time was over.
///
/// # Errors
/// [`DataError`] of the query, [`DataError::NotFound`] for an unknown one.
pub async fn expire(tx: &mut Tx, id: BackupId) -> Result<(), DataError> {
    let done = sqlx::query!("UPDATE backups SET state = 'EXPIRED' WHERE id = $1", id.as_uuid())
        .execute(&mut *tx)
        .await?;
    one(done.rows_affected())
}
