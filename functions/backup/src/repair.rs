//! What runs that have died have left: whoever holds the lock knows that nobody is at work on it.

use portal_data::backups::{self, Stored};
use portal_data::{DataError, Tx, job_runs};
use portal_domain::backup::BackupState;
use portal_domain::ids::BackupId;
use serde_json::json;
use time::OffsetDateTime;

use crate::action::Action;
use crate::error::BackupError;
use crate::handler::Work;
use crate::manifest::Manifest;
use crate::objects::manifest_key;

/// Settles every backup that says that it is being written. One with a manifest is complete: its run died before it could say so, or
/// the database was recovered to a moment in which it was being written. All others are taken away.
pub(crate) async fn settle_unfinished(work: &Work<'_>) -> Result<(), BackupError> {
    let mut tx = work.begin().await?;
    let known = backups::list(&mut tx).await?;
    tx.rollback().await?;
    for backup in known {
        if backup.state != BackupState::Running {
            continue;
        }
        match work.objects.manifest(&backup.object_key).await? {
            Ok(manifest) if manifest.id == backup.id => adopt(work, &manifest, work.now).await?,
            _ => {
                give_up(
                    work,
                    backup.id,
                    &backup.object_key,
                    "the run that wrote it ended without a word",
                )
                .await?;
            }
        }
    }
    Ok(())
}

/// Records what lies in S3 and the record does not know, since the database was restored: from an older backup, or from this very one. In
/// the dump of itself a backup has no row yet, and its run is at work, which the first run after the restore takes for one that has died.
pub(crate) async fn adopt_unknown(work: &Work<'_>, manifest: &Manifest) -> Result<(), BackupError> {
    let details = json!({
        "backup": manifest.id,
        "objectKey": manifest.object_key,
        "sizeBytes": manifest.size_bytes,
        "rows": manifest.rows(),
        "tables": manifest.tables.len(),
        "seconds": manifest.duration_seconds,
        "note": "the database was restored from this backup",
    });
    let (run, job) = (manifest.id.as_uuid(), Action::Backup.job());
    let mut tx = work.begin().await?;
    store(&mut tx, manifest, work.now).await?;
    let is_restored =
        job_runs::complete_restored(&mut tx, run, job, &details, manifest.duration_seconds).await?;
    tx.commit().await?;
    tracing::info!(id = %manifest.id, key = manifest.object_key, is_restored, "a backup was not in the record");
    Ok(())
}

/// Records what lies in S3 and is complete.
pub(crate) async fn adopt(
    work: &Work<'_>,
    manifest: &Manifest,
    finished_at: OffsetDateTime,
) -> Result<(), BackupError> {
    let mut tx = work.begin().await?;
    store(&mut tx, manifest, finished_at).await?;
    tx.commit().await?;
    tracing::info!(id = %manifest.id, key = manifest.object_key, "a backup is complete");
    Ok(())
}

async fn store(tx: &mut Tx, manifest: &Manifest, finished_at: OffsetDateTime) -> Result<(), DataError> {
    let sha256 = manifest.digest().unwrap_or_default();
    let stored = Stored {
        id: manifest.id,
        object_key: &manifest.object_key,
        manifest_key: &manifest_key(&manifest.object_key),
        size_bytes: i64::try_from(manifest.size_bytes).unwrap_or(i64::MAX),
        sha256: &sha256,
        started_at: manifest.taken_at,
        finished_at,
    };
    backups::store(tx, &stored).await
}

/// Takes away what there is of a backup, and records why it has failed.
pub(crate) async fn give_up(
    work: &Work<'_>,
    id: BackupId,
    object_key: &str,
    reason: &str,
) -> Result<(), BackupError> {
    work.objects.discard(object_key).await?;
    let mut tx = work.begin().await?;
    backups::fail(&mut tx, id, reason, work.now).await?;
    tx.commit().await?;
    tracing::warn!(%id, reason, "a backup was given up");
    Ok(())
}
