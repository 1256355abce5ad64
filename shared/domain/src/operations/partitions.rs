//! Tables that are partitioned by time.

use serde::Serialize;
use utoipa::ToSchema;

use super::{AlertListing, JobListing};
use crate::listing::{Day, Moment};

/// The tables that are partitioned by time, and the job that keeps them.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PartitionsReport {
    /// Every table.
    pub items: Vec<PartitionedTable>,
    /// The last run of the job.
    #[schema(required)]
    pub last_run: Option<JobListing>,
}

/// One table.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PartitionedTable {
    /// Its name.
    pub table: String,
    /// How long the time of one partition is: `DAY` or `MONTH`.
    pub period: String,
    /// How long rows are kept, as PostgreSQL writes it.
    #[schema(example = "24 mons")]
    pub retention: String,
    /// The same in days, a month as thirty.
    pub retention_days: i64,
    /// How many periods are prepared in advance.
    pub ahead: i32,
    /// The partitions, the oldest first.
    pub partitions: Vec<PartitionListing>,
    /// About how many rows they have.
    pub rows: i64,
    /// How large they are.
    pub bytes: i64,
    /// The first instant that has a partition.
    #[schema(required)]
    pub oldest: Option<Moment>,
    /// The first instant behind them.
    #[schema(required)]
    pub newest: Option<Moment>,
    /// The first days of periods that should have a partition and have none.
    pub missing: Vec<Day>,
    /// About how many rows found no partition of their period.
    pub default_rows: i64,
    /// How large the partition is where those are.
    pub default_bytes: i64,
    /// What went to S3.
    pub archives: ArchivesListing,
    /// What people were told is wrong with it, while it is.
    pub findings: Vec<AlertListing>,
}

/// One partition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PartitionListing {
    /// Its name.
    pub name: String,
    /// The first instant that belongs to it.
    pub from: Moment,
    /// The first instant behind it.
    pub until: Moment,
    /// About how many rows it has.
    pub rows: i64,
    /// How large it is, with its indexes.
    pub bytes: i64,
}

/// The partitions of a table that were written to S3 and dropped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ArchivesListing {
    /// How many.
    pub count: i64,
    /// How many rows they had.
    pub rows: i64,
    /// How large they are in S3.
    pub bytes: i64,
    /// The last.
    #[schema(required)]
    pub newest: Option<ArchiveListing>,
}

/// One partition that was written to S3 and dropped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ArchiveListing {
    /// What it was called.
    pub partition: String,
    /// Where it is in the backups bucket.
    pub object_key: String,
    /// How many rows it had.
    pub rows: i64,
    /// How large the object is.
    pub bytes: i64,
    /// When it went.
    pub archived_at: Moment,
}
