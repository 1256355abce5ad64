//! What is left behind of a run: the rejects beside the object, and a line of metrics.

use portal_data::imports::{self, ImportConnection, ImportRun};
use portal_data::metrics::{Metrics, Unit};
use portal_domain::ids::ImportId;
use portal_jobs::{ObjectKey, ObjectStore};
use time::OffsetDateTime;

use crate::error::ImportError;

/// What the key of a list of rejects ends with. Such objects are never imported.
pub const REJECTS_SUFFIX: &str = ".rejects.csv";

/// Writes the rejects of a run beside its object, as `<key>.rejects.csv` with line, reason and record. A run without rejects
/// writes nothing.
///
/// # Errors
/// [`ImportError`] of the database or of S3; nothing has appeared then.
pub(crate) async fn write_rejects(
    connection: &mut ImportConnection,
    store: &ObjectStore,
    run: &ImportRun,
) -> Result<(), ImportError> {
    let mut rejects = imports::rejects_after(connection, run.id, 0).await?;
    if rejects.is_empty() {
        return Ok(());
    }
    let key = format!("{}{REJECTS_SUFFIX}", run.object_key);
    let mut upload = store.upload(
        ObjectKey {
            bucket: run.bucket.clone(),
            key,
            version: None,
        },
        "text/csv; charset=utf-8",
    );
    upload.write(b"line,reason,record\r\n").await?;
    while let Some(last) = rejects.last().map(|reject| reject.line) {
        for reject in &rejects {
            let row = format!(
                "{},{},{}\r\n",
                reject.line,
                quoted(&reject.reason),
                quoted(&reject.record)
            );
            upload.write(row.as_bytes()).await?;
        }
        rejects = imports::rejects_after(connection, run.id, last).await?;
    }
    upload.finish().await?;
    Ok(())
}

/// A field that any CSV reader takes whole.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// Logs how a run ended, and reports it as metrics.
pub(crate) fn announce(run: &ImportRun) {
    let rows = &run.rows;
    let id = run.id;
    tracing::info!(
        import_id = %id, bucket = run.bucket, key = run.object_key, state = %run.state, dry_run = run.dry_run,
        read = rows.read, inserted = rows.inserted, updated = rows.updated, unchanged = rows.unchanged,
        rejected = rows.rejected, removed = rows.removed, removals_refused = rows.removals_refused,
        milliseconds = run.duration_ms, error = run.error, "the import has ended"
    );
    metrics(run, id).emit(OffsetDateTime::now_utc());
}

fn metrics(run: &ImportRun, id: ImportId) -> Metrics {
    let count = |number: i64| u64::try_from(number).unwrap_or(0);
    let rows = &run.rows;
    let warnings = run.warnings.values().sum();
    Metrics::new()
        .dimension("Job", "contractor-import")
        .dimension("Outcome", run.state.as_str())
        .property("importId", id.to_string())
        .property("key", run.object_key.as_str())
        .property("dryRun", run.dry_run)
        .metric("Bytes", Unit::Bytes, count(run.object_bytes.unwrap_or(0)))
        .metric(
            "Duration",
            Unit::Milliseconds,
            count(run.duration_ms.unwrap_or(0)),
        )
        .metric("RowsRead", Unit::Count, count(rows.read))
        .metric("RowsInserted", Unit::Count, count(rows.inserted))
        .metric("RowsUpdated", Unit::Count, count(rows.updated))
        .metric("RowsUnchanged", Unit::Count, count(rows.unchanged))
        .metric("RowsRejected", Unit::Count, count(rows.rejected))
        .metric("RowsRemoved", Unit::Count, count(rows.removed))
        .metric("RemovalsRefused", Unit::Count, count(rows.removals_refused))
        .metric("Warnings", Unit::Count, warnings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_in_a_record_are_doubled() {
        assert_eq!(quoted("1,\"A\",\nx"), "\"1,\"\"A\"\",\nx\"");
    }
}
