//! `drill`: something of the stack is taken away under load and given back, and what came of every request is counted.
//!
//! Each drill is a file with two things: `strike`, which makes the outage, holds it, ends it and says when that was, and
//! `TOLERATES`, what requests may meet meanwhile. A few have a `prepare` that changes the stack before the load begins.

mod clock_skew;
mod connection_exhaustion;
mod faulty_store;
mod ground;
mod load;
mod pooler_restart;
mod primary_restart;
mod replica_lag;
mod replica_loss;
mod secret_rotation;
mod storage_outage;
mod uploads;
mod verdict;

use crate::progress::step;
use anyhow::{Result, bail};
use ground::Ground;
use load::MixedLoad;
use std::time::{Duration, Instant};
use verdict::{Tolerance, Verdict};

pub(crate) use ground::{on_own_stack, smoke};

/// What can be taken away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::Subcommand)]
pub(crate) enum Name {
    /// The replica dies, and comes back
    ReplicaLoss,
    /// The replica stops following the primary
    ReplicaLag,
    /// The primary crashes, and comes back
    PrimaryRestart,
    /// The pooler before the primary is ended with all its connections, and comes back
    PoolerRestart,
    /// Passwords of roles change in the server and in Secrets Manager
    SecretRotation,
    /// Somebody holds every connection that the poolers give to the functions' role
    ConnectionExhaustion,
    /// S3 answers with errors, then slowly
    StorageOutage,
    /// The functions' clocks differ from each other and from the database's
    ClockSkew,
}

/// How long a drill takes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace {
    /// Before the outage.
    calm: Duration,
    /// The outage.
    hold: Duration,
    /// After it.
    after: Duration,
}

impl Pace {
    /// An outage of this length.
    pub(crate) fn of(hold: Duration) -> Self {
        Self {
            calm: Duration::from_secs(5),
            hold,
            after: Duration::from_secs(10),
        }
    }

    /// All of it.
    fn whole(self) -> Duration {
        self.calm + self.hold + self.after
    }

    /// Long enough to see that a drill works.
    fn short() -> Self {
        Self {
            calm: Duration::from_secs(1),
            hold: Duration::from_secs(2),
            after: Duration::from_secs(3),
        }
    }
}

impl Name {
    /// Every drill, the most harmless first.
    pub(crate) const ALL: &[Self] = &[
        Self::ReplicaLag,
        Self::ReplicaLoss,
        Self::SecretRotation,
        Self::StorageOutage,
        Self::ClockSkew,
        Self::ConnectionExhaustion,
        Self::PoolerRestart,
        Self::PrimaryRestart,
    ];

    /// As on the command line.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::ReplicaLoss => "replica-loss",
            Self::ReplicaLag => "replica-lag",
            Self::PrimaryRestart => "primary-restart",
            Self::PoolerRestart => "pooler-restart",
            Self::SecretRotation => "secret-rotation",
            Self::ConnectionExhaustion => "connection-exhaustion",
            Self::StorageOutage => "storage-outage",
            Self::ClockSkew => "clock-skew",
        }
    }

    fn tolerates(self) -> Tolerance {
        match self {
            Self::ReplicaLoss => replica_loss::TOLERATES,
            Self::ReplicaLag => replica_lag::TOLERATES,
            Self::PrimaryRestart => primary_restart::TOLERATES,
            Self::PoolerRestart => pooler_restart::TOLERATES,
            Self::SecretRotation => secret_rotation::TOLERATES,
            Self::ConnectionExhaustion => connection_exhaustion::TOLERATES,
            Self::StorageOutage => storage_outage::TOLERATES,
            Self::ClockSkew => clock_skew::TOLERATES,
        }
    }

    async fn prepare(self, ground: &mut Ground<'_>) -> Result<()> {
        match self {
            Self::StorageOutage => storage_outage::prepare(ground).await,
            Self::ClockSkew => clock_skew::prepare(ground).await,
            _ => Ok(()),
        }
    }

    async fn strike(self, ground: &mut Ground<'_>, hold: Duration) -> Result<Instant> {
        match self {
            Self::ReplicaLoss => replica_loss::strike(ground, hold).await,
            Self::ReplicaLag => replica_lag::strike(ground, hold).await,
            Self::PrimaryRestart => primary_restart::strike(ground, hold).await,
            Self::PoolerRestart => pooler_restart::strike(ground, hold).await,
            Self::SecretRotation => secret_rotation::strike(ground, hold).await,
            Self::ConnectionExhaustion => connection_exhaustion::strike(ground, hold).await,
            Self::StorageOutage => storage_outage::strike(ground, hold).await,
            Self::ClockSkew => clock_skew::strike(ground, hold).await,
        }
    }
}

/// Runs drills one after the other, and shows all in one table. An error when one of them met what it does not tolerate.
async fn run(names: &[Name], ground: &mut Ground<'_>, pace: Pace) -> Result<()> {
    let mut verdicts = Vec::new();
    for name in names {
        let verdict = step(name.text(), one(*name, ground, pace)).await?;
        println!("{}", verdict.describe());
        verdicts.push(verdict);
    }
    println!("{}", verdict::table(&verdicts));
    let faults: Vec<String> = verdicts.iter().flat_map(Verdict::faults).collect();
    if !faults.is_empty() {
        bail!("{}", faults.join("; "));
    }
    Ok(())
}

async fn one(name: Name, ground: &mut Ground<'_>, pace: Pace) -> Result<Verdict> {
    name.prepare(ground).await?;
    let load = MixedLoad::begin(ground, pace.whole()).await?;
    tokio::time::sleep(pace.calm).await;
    let back = name.strike(ground, pace.hold).await?;
    tokio::time::sleep(pace.after).await;
    let met = load.end().await?;
    ground.restore().await?;
    let lost = met.lost(&mut ground.owner("primary").await?).await?;
    let back = back.saturating_duration_since(met.begun);
    Ok(Verdict::new(
        name.text(),
        name.tolerates(),
        &met,
        back,
        lost,
        ground.take_notes(),
    ))
}
