//! Backups as staff see them.

use portal_domain::ids::BackupId;
use portal_domain::listing::Moment;
use portal_domain::operations::{BackupAge, BackupListing, BackupSummary};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::projects::{instant, micros};
use crate::{DataError, Tx, health, job_runs};

/// The job that restores a backup to prove it.
const DRILL: &str = "restore-drill";

/// The check of backups.
pub(crate) const CHECK: &str = "backup-age";

/// Where a list goes on: after the backup of this moment, in microseconds since 1970, and this id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupPosition {
    started_micros: i64,
    id: BackupId,
}

impl BackupPosition {
    /// Where a list goes on after this backup.
    #[must_use]
    pub fn after(backup: &BackupListing) -> Self {
        Self {
            started_micros: micros(backup.started_at),
            id: backup.id,
        }
    }
}

struct Row {
    id: Uuid,
    state: String,
    started_at: OffsetDateTime,
    finished_at: Option<OffsetDateTime>,
    size_bytes: Option<i64>,
    object_key: String,
    proven_at: Option<OffsetDateTime>,
    restore_seconds: Option<f64>,
    error: Option<String>,
}

impl TryFrom<Row> for BackupListing {
    type Error = DataError;

    fn try_from(row: Row) -> Result<Self, DataError> {
        Ok(Self {
            id: row.id.into(),
            state: row.state.parse().map_err(|error| DataError::Corrupt {
                table: super::TABLE,
                reason: format!("state {error}"),
            })?,
            started_at: Moment(row.started_at),
            finished_at: row.finished_at.map(Moment),
            size_bytes: row.size_bytes,
            object_key: row.object_key,
            proven_at: row.proven_at.map(Moment),
            restore_seconds: row.restore_seconds,
            error: row.error,
        })
    }
}

/// A page of backups, the newest first, for those with `system.read`.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn browse(
    tx: &mut Tx,
    after: Option<BackupPosition>,
    limit: i64,
) -> Result<Vec<BackupListing>, DataError> {
    let rows = sqlx::query_as!(
        Row,
        "SELECT id, state, started_at, finished_at, size_bytes, object_key, proven_at, restore_seconds, error
        FROM backups
        WHERE $1::timestamptz IS NULL OR (started_at, id) < ($1, $2::uuid)
        ORDER BY started_at DESC, id DESC
        LIMIT $3",
        after.map(|after| instant(after.started_micros)),
        after.map(|after| after.id.as_uuid()),
        limit,
    );
    let rows = rows.fetch_all(&mut *tx).await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// How many backups there ever were.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn count(tx: &mut Tx) -> Result<i64, DataError> {
    let count = sqlx::query_scalar!(r#"SELECT count(*) AS "count!" FROM backups"#);
    Ok(count.fetch_one(&mut *tx).await?)
}

/// What there is to know of all backups together.
///
/// # Errors
/// [`DataError`] of the queries.
pub async fn summary(tx: &mut Tx, now: OffsetDateTime) -> Result<BackupSummary, DataError> {
    Ok(BackupSummary {
        newest: newest(tx, &["STORED", "PROVEN"], now).await?,
        newest_proven: newest(tx, &["PROVEN"], now).await?,
        last_drill: job_runs::last_of(tx, DRILL).await?,
        alert: health::open_alerts(tx, Some(CHECK)).await?.into_iter().next(),
    })
}

async fn newest(tx: &mut Tx, states: &[&str], now: OffsetDateTime) -> Result<Option<BackupAge>, DataError> {
    let states: Vec<_> = states.iter().map(ToString::to_string).collect();
    let row = sqlx::query!(
        "SELECT id, started_at, size_bytes FROM backups WHERE state = ANY ($1) ORDER BY started_at DESC LIMIT 1",
        &states,
    );
    let row = row.fetch_optional(&mut *tx).await?;
    Ok(row.map(|row| BackupAge {
        id: row.id.into(),
        at: Moment(row.started_at),
        age_seconds: (now - row.started_at).whole_seconds(),
        size_bytes: row.size_bytes,
    }))
}
