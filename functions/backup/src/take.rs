//! The action `backup`: a dump of one moment, its manifest, and what goes when its time is over.
//!
//! The order is what makes a kill at any point harmless: the row before the upload, so that the next run knows what to look for; the
//! manifest behind the dump, since a backup is complete with it and not before; the row's last word behind the manifest.

use std::time::Instant;

use portal_data::DataError;
use portal_data::backups::{self, Snapshot};
use portal_data::metrics::{Metrics, Unit};
use portal_domain::ids::BackupId;
use serde_json::{Value, json};

use crate::dump::dump;
use crate::error::BackupError;
use crate::handler::Work;
use crate::manifest::{Manifest, Parts};
use crate::{repair, tidy};

/// Makes a backup, under the job's lock.
pub(crate) async fn run(work: &Work<'_>) -> Result<Value, BackupError> {
    repair::settle_unfinished(work).await?;
    let started = Instant::now();
    let mut snapshot = in_time(work, Snapshot::take(work.config, work.secrets)).await?;
    let taken = take(work, &mut snapshot, started).await;
    snapshot.end().await;
    let manifest = taken?;
    Metrics::new()
        .dimension("Job", "backup")
        .metric("BackupSize", Unit::Bytes, manifest.size_bytes)
        .metric("RowsDumped", Unit::Count, manifest.rows().unsigned_abs())
        .duration("Duration", started.elapsed())
        .emit(work.now);
    // The backup is there. What could not be deleted today is looked at tomorrow, and an alarm counts it.
    let tidied = match tidy::run(work).await {
        Ok(tidied) => json!(tidied),
        // Nobody may rely on backups that are not found: the run has failed, although it has made one.
        Err(error @ BackupError::Lost { .. }) => return Err(error),
        Err(error) => {
            tracing::error!(%error, "what is past its time was not deleted");
            Metrics::new()
                .dimension("Job", "backup")
                .metric("CleaningsFailed", Unit::Count, 1)
                .emit(work.now);
            json!({ "error": error.to_string() })
        }
    };
    Ok(json!({
        "backup": manifest.id,
        "objectKey": manifest.object_key,
        "sizeBytes": manifest.size_bytes,
        "rows": manifest.rows(),
        "tables": manifest.tables.len(),
        "seconds": manifest.duration_seconds,
        "tidied": tidied,
    }))
}

/// Writes one backup, or leaves nothing of it but a row that says why.
async fn take(work: &Work<'_>, snapshot: &mut Snapshot, started: Instant) -> Result<Manifest, BackupError> {
    let unreadable = snapshot.unreadable().await?;
    if !unreadable.is_empty() {
        return Err(BackupError::Unreadable(unreadable));
    }
    let id = BackupId::from(work.run_id);
    let key = work.objects.key(id, snapshot.taken_at);
    let mut tx = work.begin().await?;
    backups::add(&mut tx, id, &key, snapshot.taken_at).await?;
    tx.commit().await?;
    let written = Box::pin(write(work, snapshot, id, &key, started)).await;
    match written {
        Ok(manifest) => {
            let finished = manifest.taken_at + started.elapsed();
            repair::adopt(work, &manifest, finished).await?;
            Ok(manifest)
        }
        Err(error) => {
            if let Err(second) = repair::give_up(work, id, &key, &error.to_string()).await {
                tracing::warn!(error = %second, "what was left of the backup is for the next run");
            }
            Err(error)
        }
    }
}

/// The dump, with every table counted beside it in the same moment, and the manifest.
async fn write(
    work: &Work<'_>,
    snapshot: &mut Snapshot,
    id: BackupId,
    key: &str,
    started: Instant,
) -> Result<Manifest, BackupError> {
    let object = work.objects.object(key);
    let moment = snapshot.id.clone();
    let digest = in_time(work, snapshot.digest());
    let (dumped, tables) = tokio::try_join!(dump(work, &moment, &object), digest)?;
    let head = work.objects.store.head(&object).await?;
    if head.size != dumped.size_bytes {
        return Err(BackupError::NotWhole {
            key: key.to_owned(),
            sent: dumped.size_bytes,
            found: head.size,
        });
    }
    let parts = Parts {
        id,
        database: &work.config.database,
        object_key: key,
        size_bytes: dumped.size_bytes,
        sha256: &dumped.sha256,
        duration: started.elapsed(),
        tables,
    };
    let manifest = Manifest::new(parts, snapshot);
    work.objects.complete(&manifest).await?;
    Ok(manifest)
}

/// Something that gives up at the invocation's deadline.
async fn in_time<T>(
    work: &Work<'_>,
    piece: impl Future<Output = Result<T, DataError>>,
) -> Result<T, BackupError> {
    tokio::select! {
        done = piece => Ok(done?),
        () = work.deadline.comes() => Err(BackupError::OutOfTime),
    }
}
