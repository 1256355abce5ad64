//! The pooler before the primary is ended with all its connections, and comes back.

use super::ground::Ground;
use super::verdict::Tolerance;
use anyhow::Result;
use rustix::process::Signal;
use std::time::{Duration, Instant};

pub(super) const TOLERATES: Tolerance = Tolerance::Refusals;

/// An immediate shutdown: it does not wait for transactions.
pub(super) async fn strike(ground: &mut Ground<'_>, hold: Duration) -> Result<Instant> {
    ground
        .without("pooler", Signal::TERM, hold, "primaryPooled")
        .await
}
