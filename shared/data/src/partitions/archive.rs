//! The rows of a partition on their way out.

use bytes::Bytes;
use futures_util::StreamExt as _;
use futures_util::stream::BoxStream;
use sqlx::postgres::{PgConnection, Postgres};
use time::{Date, OffsetDateTime};

use super::Partition;
use crate::DataError;

/// A column, as its values stand in an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type, as PostgreSQL writes it.
    pub kind: String,
}

/// What an archive is told apart by and restored with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// The time of the first row.
    pub first_at: Option<OffsetDateTime>,
    /// The time of the last.
    pub last_at: Option<OffsetDateTime>,
    /// The server's version.
    pub server_version: String,
    /// The newest migration.
    pub migration: Option<i64>,
}

/// Where the rows of a partition are kept that is dropped.
#[derive(Clone, Copy, Debug)]
pub struct Archive<'a> {
    /// The object with the rows.
    pub object_key: &'a str,
    /// The object that describes it.
    pub manifest_key: &'a str,
    /// How many rows.
    pub row_count: i64,
    /// SHA-256 of the rows as CSV.
    pub content_sha256: &'a [u8],
    /// The size of the object with the rows.
    pub size_bytes: i64,
    /// When.
    pub archived_at: OffsetDateTime,
}

/// The columns that are archived, in their order.
///
/// # Errors
/// [`DataError`] of the query, as of all functions here.
pub async fn columns(connection: &mut PgConnection, name: &str) -> Result<Vec<Column>, DataError> {
    let columns = sqlx::query_as!(
        Column,
        r#"SELECT attname::text AS "name!", format_type(atttypid, atttypmod) AS "kind!"
        FROM pg_attribute
        WHERE attrelid = (SELECT oid FROM pg_class WHERE relname = $1 AND relnamespace = 'public'::regnamespace) AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
        ORDER BY attnum"#,
        name,
    );
    Ok(columns.fetch_all(connection).await?)
}

/// What describes a partition besides its rows.
pub async fn summarize(connection: &mut PgConnection, partition: &Partition) -> Result<Summary, DataError> {
    let summary = sqlx::query_as!(
        Summary,
        r#"SELECT first_at, last_at, current_setting('server_version') AS "server_version!",
            app.latest_migration() AS migration
        FROM app.time_range($1, $2)"#,
        partition.table,
        partition.name,
    );
    Ok(summary.fetch_one(connection).await?)
}

/// The rows as CSV in the order of their key, with the names of the columns before them. The same rows give the same bytes.
pub async fn rows<'c>(
    connection: &'c mut PgConnection,
    name: &str,
) -> Result<BoxStream<'c, Result<Bytes, DataError>>, DataError> {
    let statement = sqlx::query_scalar!(r#"SELECT app.copy_statement($1) AS "statement!""#, name)
        .fetch_one(&mut *connection)
        .await?;
    // COPY takes no parameters; the database itself has put the names into the statement, quoted.
    let rows = connection.copy_out_raw(&statement).await?;
    Ok(Box::pin(rows.map(|row| row.map_err(DataError::from))))
}

/// The days of a partition of the audit that no seal covers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unsealed {
    /// Those that will be sealed.
    pub waiting: Vec<Date>,
    /// Those that will not: seals go on from the last, and rows were dated back to before it.
    pub late: Vec<Date>,
}

/// Looks for such days.
pub async fn unsealed_days(connection: &mut PgConnection, name: &str) -> Result<Unsealed, DataError> {
    let days = sqlx::query!(
        r#"SELECT day AS "day!", COALESCE(day < (SELECT max(s.day) FROM audit_seals AS s), false) AS "is_late!"
        FROM app.unsealed_days($1) AS day
        ORDER BY 1"#,
        name,
    );
    let mut unsealed = Unsealed::default();
    for row in days.fetch_all(connection).await? {
        if row.is_late {
            unsealed.late.push(row.day);
        } else {
            unsealed.waiting.push(row.day);
        }
    }
    Ok(unsealed)
}

/// A partition that nobody can write to until it is let go, or this is dropped.
pub struct Frozen<'c> {
    transaction: sqlx::Transaction<'c, Postgres>,
    partition: Partition,
}

/// Keeps everybody from writing to a partition; reading goes on.
pub async fn freeze<'c>(
    connection: &'c mut PgConnection,
    partition: &Partition,
) -> Result<Frozen<'c>, DataError> {
    let mut transaction = super::begin(connection, &partition.table).await?;
    sqlx::query!(
        r#"SELECT app.freeze_partition($1)::text AS "nothing""#,
        partition.name
    )
    .fetch_one(&mut *transaction)
    .await?;
    Ok(Frozen {
        transaction,
        partition: partition.clone(),
    })
}

impl Frozen<'_> {
    /// Its rows, as [`rows`] gives them.
    ///
    /// # Errors
    /// [`DataError`] of the query.
    pub async fn rows(&mut self) -> Result<BoxStream<'_, Result<Bytes, DataError>>, DataError> {
        rows(&mut self.transaction, &self.partition.name).await
    }

    /// Drops it, and records where its rows are, if it had any: both or neither.
    ///
    /// # Errors
    /// [`DataError`]; readers who do not let go of the table in time are one.
    pub async fn let_go(mut self, archive: Option<Archive<'_>>) -> Result<(), DataError> {
        if let Some(archive) = archive {
            add(&mut self.transaction, &self.partition, archive).await?;
        }
        sqlx::query!(
            r#"SELECT app.drop_partition($1, $2)::text AS "nothing""#,
            self.partition.table,
            self.partition.name
        )
        .fetch_one(&mut *self.transaction)
        .await?;
        Ok(self.transaction.commit().await?)
    }

    /// Leaves it as it is.
    ///
    /// # Errors
    /// [`DataError::Unavailable`] when the connection broke; it is left as it is then, too.
    pub async fn leave(self) -> Result<(), DataError> {
        Ok(self.transaction.rollback().await?)
    }
}

async fn add(
    transaction: &mut PgConnection,
    partition: &Partition,
    archive: Archive<'_>,
) -> Result<(), DataError> {
    // Rows that were dated back may bring an old period to life again, and even with the same rows.
    sqlx::query!(
        "INSERT INTO partition_archives (object_key, manifest_key, table_name, partition_name, from_at, until_at, row_count,
            content_sha256, size_bytes, archived_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        ON CONFLICT (object_key) DO NOTHING",
        archive.object_key,
        archive.manifest_key,
        partition.table,
        partition.name,
        partition.from,
        partition.until,
        archive.row_count,
        archive.content_sha256,
        archive.size_bytes,
        archive.archived_at,
    )
    .execute(transaction)
    .await?;
    Ok(())
}
