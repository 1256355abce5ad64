//! The primary crashes, and comes back: writes are refused honestly meanwhile, reads go on at the replica.

use super::ground::Ground;
use super::verdict::Tolerance;
use anyhow::Result;
use rustix::process::Signal;
use std::time::{Duration, Instant};

pub(super) const TOLERATES: Tolerance = Tolerance::Refusals;

/// An immediate shutdown: nothing is written any more, and the server recovers from its WAL when it starts.
pub(super) async fn strike(ground: &mut Ground<'_>, hold: Duration) -> Result<Instant> {
    ground.without("primary", Signal::QUIT, hold, "primary").await
}
