//! The replica dies, and comes back: reads go to the primary meanwhile.

use super::ground::Ground;
use super::verdict::Tolerance;
use anyhow::Result;
use rustix::process::Signal;
use std::time::{Duration, Instant};

pub(super) const TOLERATES: Tolerance = Tolerance::Nothing;

/// An immediate shutdown: connections break without a word.
pub(super) async fn strike(ground: &mut Ground<'_>, hold: Duration) -> Result<Instant> {
    ground.without("replica", Signal::QUIT, hold, "replica").await
}
