//! The replica stops following the primary: past the lag bound reads go to the primary, and whoever wrote reads it there at once.

use super::ground::Ground;
use super::verdict::Tolerance;
use anyhow::Result;
use sqlx::Executor;
use std::time::{Duration, Instant};

pub(super) const TOLERATES: Tolerance = Tolerance::Nothing;

/// Replay pauses; WAL goes on coming.
pub(super) async fn strike(ground: &mut Ground<'_>, hold: Duration) -> Result<Instant> {
    let mut replica = ground.owner("replica").await?;
    replica.execute("SELECT pg_wal_replay_pause()").await?;
    tokio::time::sleep(hold).await;
    let behind: f64 = sqlx::query_scalar(
        "SELECT COALESCE(extract(epoch FROM now() - pg_last_xact_replay_timestamp()), 0)::float8",
    )
    .fetch_one(&mut replica)
    .await?;
    replica.execute("SELECT pg_wal_replay_resume()").await?;
    ground.note(format!("the replica was {behind:.1} s behind"));
    Ok(Instant::now())
}
