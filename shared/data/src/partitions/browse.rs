//! Tables that are partitioned by time, as staff see them. These work in the transaction of a request.

use portal_domain::listing::{Day, Moment};
use portal_domain::operations::{
    ArchiveListing, ArchivesListing, PartitionListing, PartitionedTable, PartitionsReport,
};
use time::OffsetDateTime;

use crate::{DataError, Tx, health, job_runs};

/// The job that keeps partitions.
const JOB: &str = "partitions";

/// The checks whose subjects are such tables.
const CHECKS: [&str; 2] = ["partition-runway", "default-partition"];

struct Policy {
    table: String,
    period: String,
    retention: String,
    retention_days: i64,
    ahead: i32,
    default_rows: i64,
    default_bytes: i64,
}

/// Every table that is partitioned by time, for those with `system.read`.
///
/// # Errors
/// [`DataError`] of the queries.
pub async fn report(tx: &mut Tx, now: OffsetDateTime) -> Result<PartitionsReport, DataError> {
    let policies = sqlx::query_file_as!(Policy, "src/partitions/policies.sql")
        .fetch_all(&mut *tx)
        .await?;
    let alerts = health::open_alerts(tx, None).await?;
    let mut items = Vec::new();
    for policy in policies {
        let partitions = list(tx, &policy.table).await?;
        let of_table = |alert: &&portal_domain::operations::AlertListing| {
            CHECKS.contains(&alert.check.as_str()) && alert.subject == policy.table
        };
        items.push(PartitionedTable {
            rows: partitions.iter().map(|partition| partition.rows).sum(),
            bytes: partitions.iter().map(|partition| partition.bytes).sum(),
            oldest: partitions.first().map(|partition| partition.from),
            newest: partitions.last().map(|partition| partition.until),
            partitions,
            missing: missing_of(tx, &policy.table, now).await?,
            archives: archives(tx, &policy.table).await?,
            findings: alerts.iter().filter(of_table).cloned().collect(),
            table: policy.table,
            period: policy.period,
            retention: policy.retention,
            retention_days: policy.retention_days,
            ahead: policy.ahead,
            default_rows: policy.default_rows,
            default_bytes: policy.default_bytes,
        });
    }
    Ok(PartitionsReport {
        items,
        last_run: job_runs::last_of(tx, JOB).await?,
    })
}

async fn list(tx: &mut Tx, table: &str) -> Result<Vec<PartitionListing>, DataError> {
    let rows = sqlx::query!(
        r#"SELECT name AS "name!", from_at AS "from!", until_at AS "until!", estimated_rows AS "rows!", size_bytes AS "bytes!"
        FROM app.partitions($1)"#,
        table,
    );
    let rows = rows.fetch_all(&mut *tx).await?.into_iter();
    let partitions = rows.map(|row| PartitionListing {
        name: row.name,
        from: Moment(row.from),
        until: Moment(row.until),
        rows: row.rows,
        bytes: row.bytes,
    });
    Ok(partitions.collect())
}

async fn missing_of(tx: &mut Tx, table: &str, now: OffsetDateTime) -> Result<Vec<Day>, DataError> {
    let days = sqlx::query_scalar!(
        r#"SELECT m.day AS "day!"
        FROM partition_policies AS p
        CROSS JOIN LATERAL app.missing_partitions(
            p.table_name, $2, ($2::timestamptz AT TIME ZONE 'UTC' - p.retention) AT TIME ZONE 'UTC') AS m (day)
        WHERE p.table_name = $1
        ORDER BY 1"#,
        table,
        now,
    );
    Ok(days.fetch_all(&mut *tx).await?.into_iter().map(Day).collect())
}

async fn archives(tx: &mut Tx, table: &str) -> Result<ArchivesListing, DataError> {
    let sums = sqlx::query!(
        r#"SELECT count(*) AS "count!", COALESCE(sum(row_count), 0)::bigint AS "rows!", COALESCE(sum(size_bytes), 0)::bigint AS "bytes!"
        FROM partition_archives
        WHERE table_name = $1"#,
        table,
    );
    let sums = sums.fetch_one(&mut *tx).await?;
    let newest = sqlx::query!(
        "SELECT partition_name, object_key, row_count, size_bytes, archived_at FROM partition_archives
        WHERE table_name = $1
        ORDER BY from_at DESC, archived_at DESC
        LIMIT 1",
        table,
    );
    let newest = newest.fetch_optional(&mut *tx).await?;
    Ok(ArchivesListing {
        count: sums.count,
        rows: sums.rows,
        bytes: sums.bytes,
        newest: newest.map(|row| ArchiveListing {
            partition: row.partition_name,
            object_key: row.object_key,
            rows: row.row_count,
            bytes: row.size_bytes,
            archived_at: Moment(row.archived_at),
        }),
    })
}
