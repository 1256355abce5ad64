//! One migrator at a time.

use std::time::Duration;

use sqlx::postgres::PgConnection;

use crate::MigrationError;

/// Any constant will do, as long as nothing else uses it.
const KEY: i64 = 0x706f_7274_616c;
const ATTEMPTS: u32 = 240;
const PAUSE: Duration = Duration::from_millis(500);

/// Takes the migrators' lock for as long as the connection lives, waiting up to two minutes for another to finish. It asks
/// again and again rather than wait in one statement: a waiting statement holds a snapshot, for which the other migrator's
/// CREATE INDEX CONCURRENTLY would wait in turn.
pub(crate) async fn acquire(connection: &mut PgConnection) -> Result<(), MigrationError> {
    for attempt in 0..ATTEMPTS {
        let taken: bool = sqlx::query_scalar("SELECT pg_try_advisory_lock($1)")
            .bind(KEY)
            .fetch_one(&mut *connection)
            .await?;
        if taken {
            return Ok(());
        }
        if attempt == 0 {
            tracing::info!("another migrator is at work: waiting for it");
        }
        tokio::time::sleep(PAUSE).await;
    }
    Err(MigrationError::Busy)
}
