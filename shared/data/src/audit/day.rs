//! One day of the audit, read as a stream.

use futures_util::TryStreamExt as _;
use time::{Date, OffsetDateTime};

use super::digest::{Digest, Hasher};
use crate::{DataError, Tx};

/// The digest of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayDigest {
    /// Over the day's rows and the digest of the day before.
    pub digest: Digest,
    /// Rows of both tables.
    pub row_count: i64,
}

/// A transaction that was still open when it was looked for.
#[derive(Clone, Debug)]
pub struct OldTransaction {
    /// When it began.
    pub began_at: OffsetDateTime,
    /// Its server process; none for a prepared transaction.
    pub pid: Option<i32>,
    /// What its client calls itself, or the name of a prepared transaction.
    pub application: String,
}

/// Digests the rows of a UTC day: first those of `audit_log`, then those of `admin_actions`, each in the order of its key. One row at
/// a time is in memory.
///
/// # Errors
/// [`DataError`] of the queries.
pub async fn digest_day(tx: &mut Tx, day: Date, previous: Option<Digest>) -> Result<DayDigest, DataError> {
    let from = day.midnight().assume_utc();
    let until = from + time::Duration::DAY;
    let mut hasher = Hasher::new(day, previous);
    {
        let mut rows =
            sqlx::query_file_scalar!("src/audit/sql/audit_log_of_day.sql", from, until).fetch(&mut *tx);
        while let Some(fields) = rows.try_next().await? {
            hasher.add(&fields);
        }
    }
    {
        let mut rows =
            sqlx::query_file_scalar!("src/audit/sql/admin_actions_of_day.sql", from, until).fetch(&mut *tx);
        while let Some(fields) = rows.try_next().await? {
            hasher.add(&fields);
        }
    }
    let (digest, row_count) = hasher.finish();
    Ok(DayDigest { digest, row_count })
}

/// When the oldest row of both tables was written; none while they are empty.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn earliest_row(tx: &mut Tx) -> Result<Option<OffsetDateTime>, DataError> {
    let earliest = sqlx::query_scalar!(
        "SELECT LEAST((SELECT min(created_at) FROM audit_log), (SELECT min(created_at) FROM admin_actions))"
    )
    .fetch_one(&mut *tx)
    .await?;
    Ok(earliest)
}

/// The oldest transaction that began before an instant and has not ended. While there is one, rows may still appear that are dated
/// before the instant, since a row's time is that of the beginning of its transaction. Once there is none, every later query of
/// this READ COMMITTED transaction sees all of them.
///
/// # Errors
/// [`DataError::NotPermitted`] when this role may not see the transactions of others: silence would be taken for none.
pub async fn find_transaction_before(
    tx: &mut Tx,
    instant: OffsetDateTime,
) -> Result<Option<OldTransaction>, DataError> {
    let sees_all = sqlx::query_scalar!(
        r#"SELECT pg_has_role(current_user, 'pg_read_all_stats', 'USAGE') AS "sees_all!""#
    )
    .fetch_one(&mut *tx)
    .await?;
    if !sees_all {
        return Err(DataError::NotPermitted {
            permission: "pg_read_all_stats (a role of the database)",
        });
    }
    let found = sqlx::query_file!("src/audit/sql/transaction_before.sql", instant)
        .fetch_optional(&mut *tx)
        .await?;
    Ok(found.map(|row| OldTransaction {
        began_at: row.began_at,
        pid: row.pid,
        application: row.application_name.unwrap_or_default(),
    }))
}

/// Whether every row of a day may be gone by now: both tables' partitions are dropped whole after their retention.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn is_past_retention(tx: &mut Tx, day: Date) -> Result<bool, DataError> {
    let ends = day.midnight().assume_utc() + time::Duration::DAY;
    let past = sqlx::query_scalar!(
        r#"SELECT bool_and($1 < now() - retention) AS "past!"
        FROM partition_policies
        WHERE table_name IN ('audit_log', 'admin_actions')"#,
        ends,
    )
    .fetch_one(&mut *tx)
    .await?;
    Ok(past)
}
