//! The action `drill`: the newest backup is restored into a database of its own, compared with its manifest, read as the application
//! reads, and dropped.
//!
//! A fault of the backup makes it FAILED, so that nobody relies on it; a fault of the server, the network or the settings fails the
//! drill and leaves the backup what it was.

use std::time::{Duration, Instant};

use portal_data::backups::{self, Backup, Scratch, ScratchServer};
use portal_data::metrics::{Metrics, Unit};
use portal_data::{ConfigError, Endpoint};
use serde_json::{Value, json};
use time::OffsetDateTime;

use crate::checks::{self, Checked};
use crate::compare::compare;
use crate::error::{BackupError, Fault};
use crate::handler::Work;
use crate::manifest::Manifest;
use crate::restore::Source;
use crate::settings::Drill;

/// By so much clocks may differ.
const CLOCKS_DIFFER: time::Duration = time::Duration::HOUR;

/// A backup that has been restored.
struct Proof {
    manifest: Manifest,
    /// From the empty database until it could serve.
    restored_in: Duration,
    checks: Checked,
}

/// Proves the newest backup, under the job's lock.
pub(crate) async fn run(work: &Work<'_>) -> Result<Value, BackupError> {
    let began = Instant::now();
    let missing = || ConfigError::Missing {
        name: "PORTAL_DRILL_SECRET",
        expected: "the Secrets Manager id of a login",
    };
    let settings = work.objects.settings.drill.as_ref().ok_or_else(missing)?;
    let endpoint = settings.server.as_ref().unwrap_or(work.primary);
    let mut server = ScratchServer::connect(work.config, endpoint, &settings.secret_id, work.secrets).await?;
    let leftovers = server.drop_leftovers().await?;
    if leftovers > 0 {
        tracing::warn!(leftovers, "databases of drills that have died were dropped");
    }
    let mut tx = work.begin().await?;
    let known = backups::list(&mut tx).await?;
    tx.rollback().await?;
    let Some(backup) = newest(known, work.now) else {
        return Ok(json!({ "note": "there is no backup yet" }));
    };
    let proof = match Box::pin(prove(work, settings, endpoint, &mut server, &backup)).await? {
        Ok(proof) => proof,
        Err(fault) => {
            condemn(work, &backup, &fault).await?;
            return Err(BackupError::Broken { id: backup.id, fault });
        }
    };
    let mut tx = work.begin().await?;
    let ended = work.now + began.elapsed();
    backups::prove(&mut tx, backup.id, ended, proof.restored_in.as_secs_f64()).await?;
    tx.commit().await?;
    tracing::info!(id = %backup.id, key = backup.object_key, "a backup is proven");
    Metrics::new()
        .dimension("Job", "restore-drill")
        .metric("BackupsProven", Unit::Count, 1)
        .duration("RestoreDuration", proof.restored_in)
        .emit(work.now);
    Ok(json!({
        "backup": backup.id,
        "takenAt": proof.manifest.taken_at.unix_timestamp(),
        "sizeBytes": proof.manifest.size_bytes,
        "tables": proof.manifest.tables.len(),
        "rows": proof.manifest.rows(),
        "restoreSeconds": proof.restored_in.as_secs_f64(),
        "checks": proof.checks.passed,
        "note": proof.checks.note,
    }))
}

/// The newest that is complete. One that is dated from the future, by a clock that was wrong, comes behind all others: it would be the
/// newest every night.
fn newest(known: Vec<Backup>, now: OffsetDateTime) -> Option<Backup> {
    let (dated_ahead, others): (Vec<_>, Vec<_>) = known
        .into_iter()
        .filter(|backup| backup.state.is_complete())
        .partition(|backup| backup.started_at > now + CLOCKS_DIFFER);
    others.into_iter().chain(dated_ahead).next()
}

/// Restores a backup and looks at it; the scratch database is dropped whatever comes of it.
async fn prove(
    work: &Work<'_>,
    settings: &Drill,
    endpoint: &Endpoint,
    server: &mut ScratchServer,
    backup: &Backup,
) -> Result<Result<Proof, Fault>, BackupError> {
    let manifest = match work.objects.manifest(&backup.object_key).await? {
        Ok(manifest) => manifest,
        Err(fault) => return Ok(Err(fault)),
    };
    if let Err(fault) = manifest.is_of(backup) {
        return Ok(Err(fault));
    }
    let source = match Source::open(work, &manifest).await? {
        Ok(source) => source,
        Err(fault) => return Ok(Err(fault)),
    };
    let started = Instant::now();
    let locale = manifest.locale.as_ref();
    let scratch = server.create(work.run_id, &settings.template, locale).await?;
    let look = restore_and_look(work, settings, endpoint, &source, &scratch, started);
    // Around all of it: what is cut off goes with the database.
    let looked = tokio::select! {
        looked = Box::pin(look) => looked,
        () = work.deadline.comes() => Err(BackupError::OutOfTime),
    };
    let dropped = server.drop(scratch).await;
    let looked = looked?;
    dropped?;
    Ok(looked.map(|(restored_in, checks)| Proof {
        manifest,
        restored_in,
        checks,
    }))
}

/// How long the restore took, and which reads of the application the database has answered.
async fn restore_and_look(
    work: &Work<'_>,
    settings: &Drill,
    endpoint: &Endpoint,
    source: &Source<'_>,
    scratch: &Scratch,
    started: Instant,
) -> Result<Result<(Duration, Checked), Fault>, BackupError> {
    expect_locale(&settings.template, source.manifest, scratch).await?;
    if let Err(fault) = source.restore(work, scratch.config(), endpoint).await? {
        return Ok(Err(fault));
    }
    scratch.analyze().await?;
    let restored_in = started.elapsed();
    if let Err(fault) = compare(&source.manifest.tables, &scratch.digest().await?) {
        return Ok(Err(fault));
    }
    let checks = checks::run(work, scratch, source.manifest, &settings.reader_secret_id).await?;
    Ok(checks.map(|checks| (restored_in, checks)))
}

/// Whether the database writes text as the one did that the backup is of. Some columns are computed anew by the restore, and would come
/// out otherwise: the backup would seem to be broken, and it is the server that is.
async fn expect_locale(template: &str, manifest: &Manifest, scratch: &Scratch) -> Result<(), BackupError> {
    let found = scratch.locale().await?;
    match &manifest.locale {
        Some(wanted) if !wanted.is_like(&found) => Err(BackupError::OtherLocale {
            template: template.to_owned(),
            wanted: Box::new(wanted.clone()),
            found: Box::new(found),
        }),
        _ => Ok(()),
    }
}

/// Notes that a backup is none. Its objects stay for a while: somebody will want to know why.
async fn condemn(work: &Work<'_>, backup: &Backup, fault: &Fault) -> Result<(), BackupError> {
    let mut tx = work.begin().await?;
    match fault {
        Fault::Gone(_) => backups::lose(&mut tx, backup.id, &fault.to_string(), work.now).await?,
        _ => backups::fail(&mut tx, backup.id, &fault.to_string(), work.now).await?,
    }
    tx.commit().await?;
    tracing::error!(id = %backup.id, %fault, "a backup cannot be relied on");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use portal_domain::backup::BackupState;
    use time::macros::datetime;
    use uuid::Uuid;

    const NOW: OffsetDateTime = datetime!(2026-08-24 09:00 UTC);

    fn backup(key: &str, state: BackupState, hours_ago: i64) -> Backup {
        Backup {
            id: Uuid::now_v7().into(),
            object_key: key.to_owned(),
            manifest_key: None,
            size_bytes: None,
            sha256: None,
            state,
            started_at: NOW - time::Duration::hours(hours_ago),
            lost_at: None,
        }
    }

    /// As the record lists them: by date, the latest first.
    #[test]
    fn a_date_from_the_future_is_not_the_newest() {
        let ahead = backup("ahead", BackupState::Proven, -24 * 300);
        let broken = backup("broken", BackupState::Failed, 1);
        let today = backup("today", BackupState::Stored, 2);
        let known = vec![
            ahead.clone(),
            broken,
            today,
            backup("yesterday", BackupState::Proven, 25),
        ];
        assert_eq!(newest(known, NOW).unwrap().object_key, "today");
        assert_eq!(newest(vec![ahead], NOW).unwrap().object_key, "ahead");
        assert_eq!(newest(Vec::new(), NOW), None);
    }
}
