//! S3 answers with errors, then slowly: requests do without it, and no file that it took is forgotten.

use super::faulty_store::{FaultyStore, Mood};
use super::ground::Ground;
use super::uploads::Uploads;
use super::verdict::Tolerance;
use crate::stack::{aws, notifications};
use anyhow::{Result, ensure};
use std::time::{Duration, Instant};

/// The portal's own requests; what S3 refuses is counted apart.
pub(super) const TOLERATES: Tolerance = Tolerance::Nothing;

/// Functions that speak to S3, or sign addresses of it, while the drill runs.
const FUNCTIONS: &[&str] = &["projects-geo", "files"];
/// How long a slow answer takes.
const SLOW: Duration = Duration::from_millis(1500);
/// How long files are sent once it is well again.
const AFTER: Duration = Duration::from_secs(2);

/// Puts a store that can fail between the functions and S3.
pub(super) async fn prepare(ground: &mut Ground<'_>) -> Result<()> {
    let store = FaultyStore::start(&ground.apart, &aws::endpoint(&ground.ports()?)).await?;
    for function in FUNCTIONS {
        for spec in ground.processes(function) {
            ground
                .change(spec.with("AWS_ENDPOINT_URL_S3", store.url()))
                .await?;
        }
    }
    // The emulator tells no function of new objects: as in `dev`.
    notifications::keep(&ground.ports()?)?;
    ground.store = Some(store);
    Ok(())
}

/// Half of the time errors, half of it slowness, while files are sent. In the end the sweep finds what events have missed.
pub(super) async fn strike(ground: &mut Ground<'_>, hold: Duration) -> Result<Instant> {
    let uploads = Uploads::begin(ground, hold + AFTER).await?;
    for mood in [Mood::Failing, Mood::Slow(SLOW)] {
        ground.set_mood(mood);
        tokio::time::sleep(hold / 2).await;
    }
    ground.set_mood(Mood::Well);
    let back = Instant::now();
    // A few more, as after any other outage.
    tokio::time::sleep(AFTER).await;
    let sent = uploads.end(ground).await?;
    ground.note(format!(
        "{} files announced: S3 took {} and refused {}; {} of those it took are stored",
        sent.announced, sent.taken, sent.refused, sent.stored
    ));
    ensure!(sent.taken > 0, "no file was sent in the whole drill");
    ensure!(sent.refused > 0, "S3 refused nothing in the whole drill");
    ensure!(sent.stored == sent.taken, "a file that S3 took is not stored");
    Ok(back)
}
