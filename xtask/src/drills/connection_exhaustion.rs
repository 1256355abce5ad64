//! Somebody holds every connection that the poolers give to the functions' role: requests are refused once they have waited long
//! enough, and go through as soon as one is free.

use super::ground::Ground;
use super::verdict::Tolerance;
use anyhow::Result;
use futures_util::future::{join_all, try_join_all};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{Connection, Executor};
use std::time::{Duration, Instant};

pub(super) const TOLERATES: Tolerance = Tolerance::Refusals;

const ROLE: &str = "portal_api";
/// As many as a pool of one role holds (`default_pool_size`).
const POOL: usize = 10;

/// Opens a transaction on every connection of both pools, and ends them all at once.
pub(super) async fn strike(ground: &mut Ground<'_>, hold: Duration) -> Result<Instant> {
    let began = Instant::now();
    let pools = [
        ground.access(ROLE, "primaryPooled")?,
        ground.access(ROLE, "replicaPooled")?,
    ];
    let wanted = pools.iter().flat_map(|pool| std::iter::repeat_n(pool, POOL));
    let mut held = try_join_all(wanted.map(seize)).await?;
    let taken = began.elapsed();
    tokio::time::sleep(hold).await;
    let back = Instant::now();
    join_all(held.iter_mut().map(|connection| connection.execute("ROLLBACK"))).await;
    for connection in held {
        connection.close().await.ok();
    }
    ground.note(format!(
        "{} connections were held, all from {:.1} s on",
        2 * POOL,
        taken.as_secs_f64()
    ));
    Ok(back)
}

/// A server's connection that nobody else gets before its transaction ends.
async fn seize(pool: &PgConnectOptions) -> Result<PgConnection> {
    let mut connection = PgConnection::connect_with(pool).await?;
    connection.execute("BEGIN; SELECT 1").await?;
    Ok(connection)
}
