//! What a run did.

use portal_data::metrics::{Metrics, Unit};
use serde::Serialize;
use time::OffsetDateTime;

/// What was done to one table, or would be in a dry run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TableReport {
    /// Rows that were moved out of the default partition.
    pub drained: i64,
    /// Partitions that were made.
    pub created: Vec<String>,
    /// Partitions whose rows were archived, and which were dropped then.
    pub archived: Vec<Archived>,
    /// Partitions that were dropped without having had a row.
    pub dropped_empty: Vec<String>,
    /// Half-filled tables that did not hold the same as the default partition any more, and were thrown away.
    pub discarded: Vec<String>,
    /// Partitions that the deadline left to the next run.
    pub left: usize,
}

/// A partition that went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Archived {
    /// Its name.
    pub partition: String,
    /// Its rows; in a dry run what the statistics think.
    pub rows: i64,
    /// The object with its rows; none in a dry run.
    pub object_key: Option<String>,
}

impl TableReport {
    /// Writes the metrics of a table.
    pub(crate) fn emit(&self, table: &str, failed: bool, now: OffsetDateTime) {
        let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        let rows: i64 = self.archived.iter().map(|archived| archived.rows).sum();
        Metrics::new()
            .dimension("Job", "partitions")
            .property("table", table)
            .metric("PartitionsCreated", Unit::Count, count(self.created.len()))
            .metric(
                "PartitionsDropped",
                Unit::Count,
                count(self.archived.len() + self.dropped_empty.len()),
            )
            .metric(
                "RowsDrained",
                Unit::Count,
                u64::try_from(self.drained).unwrap_or_default(),
            )
            .metric(
                "RowsArchived",
                Unit::Count,
                u64::try_from(rows).unwrap_or_default(),
            )
            .metric("TablesFailed", Unit::Count, u64::from(failed))
            .emit(now);
    }
}
