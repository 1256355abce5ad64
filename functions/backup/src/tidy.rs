//! What goes: backups past their time, and what is none.
//!
//! S3 says what there is, the record says what was meant. Where they differ, S3 is right: a backup that is not in the record is one
//! that a restored database does not know of, and one that is only in the record cannot be restored.

use std::collections::BTreeMap;

use portal_data::backups::{self, Backup};
use portal_data::metrics::{Metrics, Unit};
use portal_domain::backup::{BackupState, Candidate};
use portal_domain::ids::BackupId;
use serde::Serialize;
use time::Duration;

use crate::action::Action;
use crate::error::{BackupError, Fault};
use crate::handler::Work;
use crate::objects::Found;
use crate::repair;

/// What is no backup is left alone for so long: somebody may be at work on it, or want to look at it.
const SETTLING: Duration = Duration::DAY;

/// What a run did.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Tidied {
    /// Backups that were deleted because their time was over.
    expired: usize,
    /// Backups that were complete in S3 and not in the record, or not found before.
    adopted: usize,
    /// Backups in the record whose objects are gone.
    lost: usize,
    /// Dumps without a manifest, and what else was no backup, deleted.
    orphans: usize,
    /// Uploads that nobody had finished, given up.
    uploads: usize,
}

/// Compares S3 with the record, and deletes what is past its time, under the job's lock.
pub(crate) async fn run(work: &Work<'_>) -> Result<Tidied, BackupError> {
    let mut tidied = Tidied::default();
    // Before the record is read: what is added in between has its row already.
    let found = work.objects.find().await?;
    let known = list(work).await?;
    look_for_lost(work, &known, &found, &mut tidied).await?;
    look_at_unknown(work, &known, &found, &mut tidied).await?;
    give_up_uploads(work, &mut tidied).await?;
    expire(work, &mut tidied).await?;
    Ok(tidied)
}

async fn list(work: &Work<'_>) -> Result<Vec<Backup>, BackupError> {
    let mut tx = work.begin().await?;
    let known = backups::list(&mut tx).await?;
    tx.rollback().await?;
    Ok(known)
}

/// Backups that cannot be restored, since an object of theirs is gone. The one of this very moment was not there when S3 was asked. Where
/// several are gone at once, or nothing is there of any that is known, more likely somebody looks in the wrong place: then nothing is
/// changed, and the run fails.
async fn look_for_lost(
    work: &Work<'_>,
    known: &[Backup],
    found: &BTreeMap<String, Found>,
    tidied: &mut Tidied,
) -> Result<(), BackupError> {
    let own = BackupId::from(work.run_id);
    let complete = || {
        known
            .iter()
            .filter(|backup| backup.state.is_complete() && backup.id != own)
    };
    let lost: Vec<_> = complete()
        .filter(|backup| !found.get(&backup.object_key).is_some_and(Found::is_complete))
        .collect();
    let nothing_there = !complete().any(|backup| found.contains_key(&backup.object_key));
    announce_lost(work, lost.len());
    if lost.len() > 1 || nothing_there && !lost.is_empty() {
        let settings = work.objects.settings;
        return Err(BackupError::Lost {
            place: format!("{}/{}", settings.bucket, settings.prefix),
            keys: lost.into_iter().map(|backup| backup.object_key.clone()).collect(),
        });
    }
    for backup in lost {
        let fault = Fault::Gone(format!("{} or its manifest", backup.object_key));
        let mut tx = work.begin().await?;
        backups::lose(&mut tx, backup.id, &fault.to_string(), work.now).await?;
        tx.commit().await?;
        tracing::error!(id = %backup.id, key = backup.object_key, "the objects of a backup are gone");
        tidied.lost += 1;
    }
    Ok(())
}

/// Counts them, for an alarm.
fn announce_lost(work: &Work<'_>, lost: usize) {
    Metrics::new()
        .dimension("Job", Action::Backup.job())
        .metric(
            "BackupsLost",
            Unit::Count,
            u64::try_from(lost).unwrap_or(u64::MAX),
        )
        .emit(work.now);
}

/// What lies in S3 and is no complete backup of the record's.
async fn look_at_unknown(
    work: &Work<'_>,
    known: &[Backup],
    found: &BTreeMap<String, Found>,
    tidied: &mut Tidied,
) -> Result<(), BackupError> {
    let known: BTreeMap<_, _> = known
        .iter()
        .map(|backup| (backup.object_key.as_str(), backup))
        .collect();
    let kept_days = i64::try_from(work.objects.settings.retention.daily).unwrap_or(i64::MAX);
    for (key, objects) in found {
        let row = known.get(key.as_str());
        let patience = match row {
            Some(row) if row.state == BackupState::Running => continue,
            Some(row) if row.state.is_complete() && objects.is_complete() => continue,
            // A backup that has proved broken is there for whoever wants to know why, or can make do with it.
            Some(row) if row.lost_at.is_none() && objects.is_complete() => Duration::days(kept_days),
            // Nobody knows it, or it was not found and is there again.
            _ if objects.is_complete() => match work.objects.manifest(key).await? {
                Ok(manifest) if row.is_none_or(|row| row.id == manifest.id) => {
                    match row {
                        Some(_) => repair::adopt(work, &manifest, work.now).await?,
                        None => repair::adopt_unknown(work, &manifest).await?,
                    }
                    tidied.adopted += 1;
                    continue;
                }
                _ if row.is_some() => Duration::days(kept_days),
                _ => SETTLING,
            },
            _ => SETTLING,
        };
        if objects
            .newest()
            .is_some_and(|written| written + patience <= work.now)
        {
            work.objects.discard(key).await?;
            tracing::warn!(key, "what is no backup was deleted");
            tidied.orphans += 1;
        }
    }
    Ok(())
}

async fn give_up_uploads(work: &Work<'_>, tidied: &mut Tidied) -> Result<(), BackupError> {
    let (store, settings) = (work.objects.store, work.objects.settings);
    for upload in store.unfinished(&settings.bucket, &settings.prefix).await? {
        if upload.begun_at.is_some_and(|begun| begun + SETTLING <= work.now) {
            store.abort(&upload.object, &upload.id).await?;
            tidied.uploads += 1;
        }
    }
    Ok(())
}

/// Deletes what the rule does not keep. The objects first: a row that says so of objects that are still there would leave them for ever.
async fn expire(work: &Work<'_>, tidied: &mut Tidied) -> Result<(), BackupError> {
    let known = list(work).await?;
    let complete: Vec<_> = known
        .iter()
        .filter(|backup| backup.state.is_complete())
        .map(|backup| Candidate {
            id: backup.id,
            taken_at: backup.started_at,
            is_proven: backup.state == BackupState::Proven,
        })
        .collect();
    let expired = work.objects.settings.retention.expired(&complete);
    // Never the one that was just made, whatever the clocks say that the others are dated by.
    let own = BackupId::from(work.run_id);
    let expired = |backup: &&Backup| backup.id != own && expired.contains(&backup.id);
    for backup in known.iter().filter(expired) {
        if work.deadline.has_come() {
            break;
        }
        work.objects.discard(&backup.object_key).await?;
        let mut tx = work.begin().await?;
        backups::expire(&mut tx, backup.id).await?;
        tx.commit().await?;
        tracing::info!(id = %backup.id, key = backup.object_key, "a backup is past its time and deleted");
        tidied.expired += 1;
    }
    Ok(())
}
