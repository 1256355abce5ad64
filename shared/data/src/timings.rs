//! What the database cost one request.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// A statement slower than this is logged.
pub(crate) const SLOW_QUERY: Duration = Duration::from_secs(1);

/// Sums for one request; shared by its transactions.
#[derive(Debug, Default)]
pub struct Timings {
    acquire_micros: AtomicU64,
    query_micros: AtomicU64,
    queries: AtomicU32,
    replica_reads: AtomicU32,
    fallbacks: AtomicU32,
}

impl Timings {
    /// Time spent waiting for connections, opening them included.
    #[must_use]
    pub fn acquire(&self) -> Duration {
        Duration::from_micros(self.acquire_micros.load(Ordering::Relaxed))
    }

    /// Time spent in statements, from sending to the last row, BEGIN and COMMIT included.
    #[must_use]
    pub fn query(&self) -> Duration {
        Duration::from_micros(self.query_micros.load(Ordering::Relaxed))
    }

    /// Number of statements, BEGIN and COMMIT included.
    #[must_use]
    pub fn queries(&self) -> u32 {
        self.queries.load(Ordering::Relaxed)
    }

    /// Reads that a replica answered.
    #[must_use]
    pub fn replica_reads(&self) -> u32 {
        self.replica_reads.load(Ordering::Relaxed)
    }

    /// Reads that a replica could not answer and the primary did.
    #[must_use]
    pub fn fallbacks(&self) -> u32 {
        self.fallbacks.load(Ordering::Relaxed)
    }

    pub(crate) fn add_acquire(&self, time: Duration) {
        self.acquire_micros.fetch_add(micros(time), Ordering::Relaxed);
    }

    pub(crate) fn add_replica_read(&self) {
        self.replica_reads.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn add_fallback(&self) {
        self.fallbacks.fetch_add(1, Ordering::Relaxed);
    }

    /// Times one statement until the guard is dropped.
    pub(crate) fn start(self: &Arc<Self>, sql: &str) -> QueryTimer {
        // Kept only as long as a log line may be; the text holds placeholders, never values.
        QueryTimer {
            timings: Arc::clone(self),
            started: Instant::now(),
            sql: sql.chars().take(400).collect(),
        }
    }
}

/// Counts a statement and warns when it was slow.
pub(crate) struct QueryTimer {
    timings: Arc<Timings>,
    started: Instant,
    sql: String,
}

impl Drop for QueryTimer {
    fn drop(&mut self) {
        let took = self.started.elapsed();
        self.timings.queries.fetch_add(1, Ordering::Relaxed);
        self.timings
            .query_micros
            .fetch_add(micros(took), Ordering::Relaxed);
        if took > SLOW_QUERY {
            tracing::warn!(duration_ms = micros(took) / 1000, sql = %self.sql, "slow query");
        }
    }
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_counts_once_it_ends() {
        let timings = Arc::new(Timings::default());
        let timer = timings.start("SELECT 1");
        assert_eq!(timings.queries(), 0);
        drop(timer);
        assert_eq!(timings.queries(), 1);
    }
}
