//! Tables: what the statistics say of them, and VACUUM and ANALYZE.

use std::time::Duration;

use sqlx::postgres::PgConnection;
use time::OffsetDateTime;

use super::{limit, quoted};
use crate::DataError;

/// What the server counts of a table since it was last looked after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableState {
    /// Its name.
    pub name: String,
    /// Whether it is partitioned: then it has no rows of its own, the counts are those of its partitions, and nobody but us analyses it.
    pub is_parent: bool,
    /// Rows.
    pub live: i64,
    /// Rows that nobody sees any more.
    pub dead: i64,
    /// Rows that were written since it was last analysed.
    pub modified: i64,
    /// Rows that were added since it was last vacuumed.
    pub inserted: i64,
    /// How many transactions or multixacts ago its oldest row was frozen.
    pub frozen_age: i64,
    /// When it was last analysed.
    pub analyzed_at: Option<OffsetDateTime>,
    /// When one of its partitions was last analysed.
    pub partition_analyzed_at: Option<OffsetDateTime>,
}

/// What a table needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Treatment {
    /// VACUUM, and ANALYZE with it.
    Vacuum,
    /// ANALYZE.
    Analyze,
}

/// Every table and materialized view that this role may look after.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn tables(connection: &mut PgConnection) -> Result<Vec<TableState>, DataError> {
    let tables = sqlx::query_file_as!(TableState, "src/upkeep/tables.sql");
    Ok(tables.fetch_all(connection).await?)
}

/// Looks after a table, for so long at most; false when somebody held it, and it was passed over: the server only warns of that.
///
/// # Errors
/// [`DataError::Timeout`] when it took longer; what VACUUM had done by then stays done.
pub async fn treat(
    connection: &mut PgConnection,
    name: &str,
    treatment: Treatment,
    longest: Option<Duration>,
) -> Result<bool, DataError> {
    let began = sqlx::query_scalar!(r#"SELECT clock_timestamp() AS "began!""#)
        .fetch_one(&mut *connection)
        .await?;
    let table = name;
    let name = quoted(connection, name).await?;
    // Giving the end of a file back takes a lock that would cancel queries on replicas; the room is used again anyway.
    let statement = match treatment {
        Treatment::Vacuum => format!("VACUUM (ANALYZE, SKIP_LOCKED, TRUNCATE off) {name}"),
        Treatment::Analyze => format!("ANALYZE (SKIP_LOCKED) {name}"),
    };
    limit(connection, longest).await?;
    let done = sqlx::raw_sql(&statement).execute(&mut *connection).await;
    limit(connection, None).await?;
    done?;
    let treated = sqlx::query_scalar!(
        r#"SELECT COALESCE(CASE WHEN $2 THEN last_vacuum ELSE last_analyze END >= $3, false) AS "treated!"
        FROM pg_stat_user_tables
        WHERE schemaname = 'public' AND relname = $1"#,
        table,
        treatment == Treatment::Vacuum,
        began,
    );
    Ok(treated.fetch_optional(connection).await?.unwrap_or(false))
}
