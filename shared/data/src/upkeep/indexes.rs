//! Indexes: how much room they take for a row, and building them anew while everybody goes on.

use std::time::Duration;

use sqlx::postgres::PgConnection;
use time::OffsetDateTime;

use super::{limit, quoted};
use crate::DataError;

/// What is known of an index.
#[derive(Clone, Debug, PartialEq)]
pub struct IndexState {
    /// Its name.
    pub name: String,
    /// Whether queries may use it.
    pub is_valid: bool,
    /// Whether it is what a rebuild that was cut short has left.
    pub is_leftover: bool,
    /// Its size.
    pub bytes: i64,
    /// How many rows it has, as VACUUM counted; none before that.
    pub rows: Option<f64>,
    /// The least room for a row that it was seen to take.
    pub baseline: Option<f64>,
}

/// Every index that this role may build anew, without those that somebody builds in this moment.
///
/// # Errors
/// [`DataError`] of the query, as of all functions here.
pub async fn indexes(connection: &mut PgConnection) -> Result<Vec<IndexState>, DataError> {
    let indexes = sqlx::query_file_as!(IndexState, "src/upkeep/indexes.sql");
    Ok(indexes.fetch_all(connection).await?)
}

/// Notes how much room an index takes for a row when it is as small as it gets.
pub async fn note_baseline(
    connection: &mut PgConnection,
    name: &str,
    bytes_per_row: f64,
    at: OffsetDateTime,
) -> Result<(), DataError> {
    sqlx::query!(
        "INSERT INTO index_baselines (index_name, bytes_per_row, noted_at) VALUES ($1, $2, $3)
        ON CONFLICT (index_name) DO UPDATE SET bytes_per_row = EXCLUDED.bytes_per_row, noted_at = EXCLUDED.noted_at",
        name,
        bytes_per_row,
        at,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Forgets indexes that are no more; how many they were.
pub async fn forget_baselines(connection: &mut PgConnection) -> Result<u64, DataError> {
    let done = sqlx::query!(
        "DELETE FROM index_baselines AS b
        WHERE NOT EXISTS (
            SELECT FROM pg_class WHERE relname = b.index_name AND relnamespace = 'public'::regnamespace AND relkind = 'i')"
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected())
}

/// Builds an index anew beside the old one. When it is cut short it leaves an index that nobody uses, which the next run drops.
///
/// # Errors
/// [`DataError::Timeout`] when it took longer than it may.
pub async fn rebuild(
    connection: &mut PgConnection,
    name: &str,
    longest: Option<Duration>,
) -> Result<(), DataError> {
    let name = quoted(connection, name).await?;
    run(connection, &format!("REINDEX INDEX CONCURRENTLY {name}"), longest).await
}

/// Drops an index that nobody uses.
///
/// # Errors
/// As [`rebuild`].
pub async fn drop_index(
    connection: &mut PgConnection,
    name: &str,
    longest: Option<Duration>,
) -> Result<(), DataError> {
    let name = quoted(connection, name).await?;
    run(
        connection,
        &format!("DROP INDEX CONCURRENTLY IF EXISTS {name}"),
        longest,
    )
    .await
}

async fn run(
    connection: &mut PgConnection,
    statement: &str,
    longest: Option<Duration>,
) -> Result<(), DataError> {
    limit(connection, longest).await?;
    let done = sqlx::raw_sql(statement).execute(&mut *connection).await;
    limit(connection, None).await?;
    done?;
    Ok(())
}
