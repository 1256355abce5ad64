//! Tables that are partitioned by time: what is there, what is missing, and how rows get in and out. The functions of the database that
//! do it stand in the migration `upkeep`; each table's row in `partition_policies` is its lock.

mod archive;
mod browse;

use sqlx::Connection as _;
use sqlx::postgres::{PgConnection, Postgres};
use time::{Date, OffsetDateTime};

use crate::DataError;

pub use archive::{
    Archive, Column, Frozen, Summary, Unsealed, columns, freeze, rows, summarize, unsealed_days,
};
pub use browse::report;

/// A partition with its bounds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partition {
    /// Its table.
    pub table: String,
    /// Its name.
    pub name: String,
    /// The first instant that belongs to it.
    pub from: OffsetDateTime,
    /// The first instant behind it.
    pub until: OffsetDateTime,
    /// How many rows the statistics think it has.
    pub estimated_rows: i64,
}

/// Rows of one period that are in the default partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stray {
    /// The UTC day that begins the period.
    pub first_day: Date,
    /// How many rows.
    pub row_count: i64,
}

/// The tables that are partitioned by time.
///
/// # Errors
/// [`DataError`] of the query, as of all functions here.
pub async fn tables(connection: &mut PgConnection) -> Result<Vec<String>, DataError> {
    let names = sqlx::query_scalar!("SELECT table_name FROM partition_policies ORDER BY table_name");
    Ok(names.fetch_all(connection).await?)
}

/// Begins a transaction that keeps other runs from a table until it ends, also what the server still does for one that was killed.
async fn begin<'c>(
    connection: &'c mut PgConnection,
    table: &str,
) -> Result<sqlx::Transaction<'c, Postgres>, DataError> {
    let mut transaction = connection.begin().await?;
    sqlx::query!(
        "SELECT table_name FROM partition_policies WHERE table_name = $1 FOR UPDATE",
        table
    )
    .fetch_one(&mut *transaction)
    .await?;
    Ok(transaction)
}

/// What ends before this instant is past its retention.
pub async fn cutoff(
    connection: &mut PgConnection,
    table: &str,
    at: OffsetDateTime,
) -> Result<OffsetDateTime, DataError> {
    let cutoff = sqlx::query_scalar!(
        r#"SELECT ($2::timestamptz AT TIME ZONE 'UTC' - retention) AT TIME ZONE 'UTC' AS "cutoff!"
        FROM partition_policies
        WHERE table_name = $1"#,
        table,
        at,
    );
    Ok(cutoff.fetch_one(connection).await?)
}

/// The first days of the periods that should have a partition and have none: from behind the last one, or from `not_before`, until as
/// many periods after `at` as the table's policy wants.
pub async fn missing(
    connection: &mut PgConnection,
    table: &str,
    at: OffsetDateTime,
    not_before: OffsetDateTime,
) -> Result<Vec<Date>, DataError> {
    let days = sqlx::query_scalar!(
        r#"SELECT day AS "day!" FROM app.missing_partitions($1, $2, $3) AS day"#,
        table,
        at,
        not_before,
    );
    Ok(days.fetch_all(connection).await?)
}

/// Makes the partition of a period; its name.
pub async fn make(connection: &mut PgConnection, table: &str, first_day: Date) -> Result<String, DataError> {
    let mut transaction = begin(connection, table).await?;
    let name = sqlx::query_scalar!(
        r#"SELECT app.make_partition($1, $2) AS "name!""#,
        table,
        first_day
    )
    .fetch_one(&mut *transaction)
    .await?;
    transaction.commit().await?;
    Ok(name)
}

/// The partitions that end at an instant at the latest, the oldest first.
pub async fn past(
    connection: &mut PgConnection,
    table: &str,
    cutoff: OffsetDateTime,
) -> Result<Vec<Partition>, DataError> {
    let found = sqlx::query_as!(
        Partition,
        r#"SELECT $1 AS "table!", name AS "name!", from_at AS "from!", until_at AS "until!", estimated_rows AS "estimated_rows!"
        FROM app.partitions($1)
        WHERE until_at <= $2
        ORDER BY from_at"#,
        table,
        cutoff,
    );
    Ok(found.fetch_all(connection).await?)
}

/// The periods whose rows are in the default partition, for want of another.
pub async fn strays(connection: &mut PgConnection, table: &str) -> Result<Vec<Stray>, DataError> {
    let strays = sqlx::query_as!(
        Stray,
        r#"SELECT first_day AS "first_day!", row_count AS "row_count!" FROM app.default_periods($1)"#,
        table,
    );
    Ok(strays.fetch_all(connection).await?)
}

/// Copies up to `limit` rows of a period from the default partition into the table that will be its partition; how many it were.
pub async fn fill(
    connection: &mut PgConnection,
    table: &str,
    first_day: Date,
    limit: i32,
) -> Result<i64, DataError> {
    let mut transaction = begin(connection, table).await?;
    let copied = sqlx::query_scalar!(
        r#"SELECT app.fill_partition($1, $2, $3) AS "copied!""#,
        table,
        first_day,
        limit,
    )
    .fetch_one(&mut *transaction)
    .await?;
    transaction.commit().await?;
    Ok(copied)
}

/// Compares what was copied with where it was copied from, while everybody works on, and copies the rest, so that [`drain`] has little to
/// do; what does not hold the same is thrown away, to be copied anew. The names of the tables that were.
pub async fn look_at_filled(connection: &mut PgConnection, table: &str) -> Result<Vec<String>, DataError> {
    let mut transaction = begin(connection, table).await?;
    let dropped = sqlx::query_scalar!(
        r#"SELECT name AS "name!" FROM app.look_at_filled($1) AS name"#,
        table
    )
    .fetch_all(&mut *transaction)
    .await?;
    transaction.commit().await?;
    Ok(dropped)
}

/// Moves all rows of the default partition to where they belong, or none; how many it were.
pub async fn drain(connection: &mut PgConnection, table: &str) -> Result<i64, DataError> {
    let mut transaction = begin(connection, table).await?;
    let moved = sqlx::query_scalar!(r#"SELECT app.drain_default($1) AS "moved!""#, table)
        .fetch_one(&mut *transaction)
        .await?;
    transaction.commit().await?;
    Ok(moved)
}
