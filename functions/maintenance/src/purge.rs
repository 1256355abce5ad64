//! The step `purge`: deletes what sign-in and retried requests leave behind, once nothing can come of it any more.
//!
//! Each batch is committed, and what is done is gone, so a run that is cut short is simply run again; two at once share the work.

use std::collections::BTreeMap;

use portal_data::leftovers::{self, Leftover};
use portal_data::metrics::{Metrics, Unit};
use serde::Serialize;
use serde_json::{Value, json};

use crate::error::MaintenanceError;
use crate::handler::Work;

/// Rows in a batch: some milliseconds, so that replicas follow without a gap.
const BATCH: u32 = 1000;

/// What a run did.
#[derive(Debug, Default, Serialize)]
struct Report {
    /// Rows that it has deleted, by table.
    deleted: BTreeMap<&'static str, u64>,
    /// Whether nothing was left but what others were at work on. If not, the next run does the rest.
    complete: bool,
}

/// Goes through every table until nothing is left that is past its time, or until the deadline.
pub(crate) async fn run(work: &Work<'_>) -> Result<Value, MaintenanceError> {
    let mut report = Report {
        complete: true,
        ..Report::default()
    };
    for table in Leftover::ALL {
        report.complete &= empty(work, table, &mut report.deleted).await?;
    }
    let rows = report.deleted.values().sum();
    Metrics::new()
        .dimension("Job", "purge")
        .metric("RowsPurged", Unit::Count, rows)
        .emit(work.now);
    Ok(json!(report))
}

/// Deletes batch after batch; false when the deadline has come before the last.
async fn empty(
    work: &Work<'_>,
    table: Leftover,
    deleted: &mut BTreeMap<&'static str, u64>,
) -> Result<bool, MaintenanceError> {
    let so_far = deleted.entry(table.table()).or_default();
    while !work.deadline.has_come() {
        let mut tx = work.begin().await?;
        let rows = leftovers::delete(&mut tx, table, work.now, i64::from(BATCH)).await?;
        tx.commit().await?;
        *so_far += rows;
        if rows < u64::from(BATCH) {
            return Ok(true);
        }
    }
    Ok(false)
}
