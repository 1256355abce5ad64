//! The connection of the upkeep straight to the primary: VACUUM, REINDEX and COPY of whole tables do not go through a pooler.

mod indexes;
mod tables;
mod views;

use std::time::Duration;

use sqlx::Connection as _;
use sqlx::postgres::PgConnection;

use crate::{DataError, DatabaseConfig, Secrets};

pub use indexes::{IndexState, drop_index, forget_baselines, indexes, note_baseline, rebuild};
pub use tables::{TableState, Treatment, tables, treat};
pub use views::{ViewState, refresh, views};

/// The connection that these functions work on.
pub type UpkeepConnection = PgConnection;

/// Settings of the session. A time limit of each statement is set apart. A function that was killed must not keep locks for long, so
/// the server notices a client that is gone within a minute. Values are written in one form, whatever the server's defaults: the bytes of
/// an archive are compared.
const SETTINGS: &str = "
    SET idle_in_transaction_session_timeout = '20min';
    SET idle_session_timeout = '20min';
    SET tcp_keepalives_idle = 20;
    SET tcp_keepalives_interval = 10;
    SET tcp_keepalives_count = 3;
    SET client_connection_check_interval = '10s';
    SET maintenance_work_mem = '256MB';
    SET jit = off;
    SET TimeZone = 'UTC';
    SET DateStyle = 'ISO, YMD';
    SET IntervalStyle = 'postgres';
    SET bytea_output = 'hex';
    SET extra_float_digits = 1;
";

/// Opens a connection to the primary on which a lock is waited for so long at most.
///
/// # Errors
/// [`DataError`] when the secret or the server cannot be reached.
pub async fn connect(
    config: &DatabaseConfig,
    secrets: &Secrets,
    lock_timeout: Duration,
) -> Result<PgConnection, DataError> {
    let mut connection = crate::connect::direct(config, secrets).await?;
    sqlx::raw_sql(SETTINGS).execute(&mut connection).await?;
    let timeout = format!("{}ms", lock_timeout.as_millis());
    sqlx::query!(
        r#"SELECT set_config('lock_timeout', $1, false) AS "set!""#,
        timeout
    )
    .fetch_one(&mut connection)
    .await?;
    Ok(connection)
}

/// The lock that lets one run of a job work at a time: of a transaction that does nothing else, and ends with the process. Unlike a row's,
/// it takes no transaction id, so VACUUM cleans up past it.
#[derive(Debug)]
pub struct Guard {
    connection: PgConnection,
}

impl Guard {
    /// Takes the lock of a job; none when another run has it.
    ///
    /// # Errors
    /// [`DataError`] when the database is away.
    pub async fn try_take(
        config: &DatabaseConfig,
        secrets: &Secrets,
        job: &str,
    ) -> Result<Option<Self>, DataError> {
        let mut connection = connect(config, secrets, Duration::from_secs(5)).await?;
        sqlx::raw_sql("BEGIN").execute(&mut connection).await?;
        let taken = sqlx::query_scalar!(
            r#"SELECT pg_try_advisory_xact_lock(hashtextextended('job ' || $1, 0)) AS "taken!""#,
            job,
        )
        .fetch_one(&mut connection)
        .await?;
        Ok(taken.then_some(Self { connection }))
    }

    /// Gives the lock back.
    pub async fn release(self) {
        close(self.connection).await;
    }
}

/// Closes a connection in good order; an open transaction of it is taken back.
pub async fn close(connection: PgConnection) {
    if let Err(error) = connection.close().await {
        tracing::debug!(%error, "the connection was already gone");
    }
}

/// Sets how long each statement may take from now on; without a limit, for ever.
async fn limit(connection: &mut PgConnection, limit: Option<Duration>) -> Result<(), DataError> {
    // Nought would be no limit.
    let milliseconds = limit.map_or(0, |limit| limit.as_millis().max(1));
    sqlx::query!(
        r#"SELECT set_config('statement_timeout', $1, false) AS "set!""#,
        milliseconds.to_string(),
    )
    .fetch_one(connection)
    .await?;
    Ok(())
}

/// A name as it stands in a statement that takes no parameters.
async fn quoted(connection: &mut PgConnection, name: &str) -> Result<String, DataError> {
    let quoted = sqlx::query_scalar!(r#"SELECT 'public.' || quote_ident($1) AS "quoted!""#, name);
    Ok(quoted.fetch_one(connection).await?)
}
