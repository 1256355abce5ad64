//! The connection of an import, and the lock that lets only one run at a time.

use sqlx::Connection;
use sqlx::postgres::PgConnection;

use crate::{DataError, DatabaseConfig, Secrets};

/// The connection that these functions work on.
pub type ImportConnection = PgConnection;

/// The key of the advisory lock: the letters `imports`.
const LOCK: i64 = 0x69_6d_70_6f_72_74_73;

/// Settings of the session. A function that was frozen or killed must not keep the lock for hours, so the server notices a client
/// that is gone within a minute. Just-in-time compilation costs more than these plans win by it.
const SETTINGS: &str = "
    SET statement_timeout = 0;
    SET lock_timeout = '60s';
    SET idle_in_transaction_session_timeout = '2min';
    SET idle_session_timeout = '10min';
    SET tcp_keepalives_idle = 20;
    SET tcp_keepalives_interval = 10;
    SET tcp_keepalives_count = 3;
    SET client_connection_check_interval = '10s';
    SET work_mem = '64MB';
    SET maintenance_work_mem = '256MB';
    SET jit = off;
";

/// Opens a connection to the primary with the settings of an import.
///
/// # Errors
/// [`DataError`] when the secret or the server cannot be reached.
pub async fn connect(config: &DatabaseConfig, secrets: &Secrets) -> Result<PgConnection, DataError> {
    let mut connection = crate::connect::direct(config, secrets).await?;
    sqlx::raw_sql(SETTINGS).execute(&mut connection).await?;
    Ok(connection)
}

/// Takes the lock of the imports; false when another session has it. The lock ends with the session at the latest.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn try_lock(connection: &mut PgConnection) -> Result<bool, DataError> {
    let taken = sqlx::query_scalar!(r#"SELECT pg_try_advisory_lock($1) AS "taken!""#, LOCK)
        .fetch_one(connection)
        .await?;
    Ok(taken)
}

/// Gives the lock back.
///
/// # Errors
/// [`DataError`] of the query; the lock then ends with the session.
pub async fn release(connection: &mut PgConnection) -> Result<(), DataError> {
    sqlx::query!(r#"SELECT pg_advisory_unlock($1) AS "was_held!""#, LOCK)
        .fetch_one(connection)
        .await?;
    Ok(())
}

/// Closes the connection in good order.
pub async fn close(connection: PgConnection) {
    if let Err(error) = connection.close().await {
        tracing::debug!(%error, "the connection was already gone");
    }
}
