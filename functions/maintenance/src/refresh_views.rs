//! The step `refresh-views`: makes those materialized views anew whose tables were written to since, while they are read.

use portal_data::DataError;
use portal_data::metrics::{Metrics, Unit};
use portal_data::upkeep::{self, ViewState};
use serde::Serialize;
use serde_json::{Value, json};

use crate::direct;
use crate::error::MaintenanceError;
use crate::handler::Work;
use crate::turns::{self, Turns};

/// What a run did.
#[derive(Debug, Default, Serialize)]
struct Report {
    refreshed: Vec<String>,
    /// Views that nothing has happened to.
    current: Vec<String>,
    /// Views that took longer than there was time.
    #[serde(rename = "timedOut")]
    timed_out: Vec<String>,
    /// Views that failed, with the reason.
    failed: Vec<String>,
    /// Views that are left to the next run.
    left: usize,
    complete: bool,
}

/// Whether a view may say something else than its tables. Counters that were reset differ too, and cost one refresh.
fn is_due(view: &ViewState) -> bool {
    view.noted != Some(view.changes)
}

/// Refreshes one view after the other, each with its note, until the deadline.
pub(crate) async fn run(work: &Work<'_>) -> Result<Value, MaintenanceError> {
    let Some(mut direct) = direct::open(work, "refresh-views", direct::BRIEFLY).await? else {
        return Ok(direct::busy());
    };
    let mut report = Report::default();
    let mut turns = Turns::begin(work, "refresh-views").await?;
    let (mut due, current): (Vec<_>, Vec<_>) = upkeep::views(&mut direct.connection)
        .await?
        .into_iter()
        .partition(is_due);
    report.current = current.into_iter().map(|view| view.name).collect();
    turns.order(&mut due, |view| &view.name);
    for (done, view) in due.iter().enumerate() {
        if work.deadline.has_come() {
            report.left = due.len() - done;
            break;
        }
        let longest = Turns::share(work.deadline.left(), done + 1 == due.len());
        match upkeep::refresh(&mut direct.connection, view, longest, work.now).await {
            Ok(()) => report.refreshed.push(view.name.clone()),
            Err(DataError::Timeout) => report.failed.extend(turns.timed_out(&view.name)),
            Err(error) => {
                tracing::error!(view = view.name, %error, "a materialized view could not be refreshed");
                report.failed.push(format!("{}: {error}", view.name));
                direct.reconnect(work).await?;
            }
        }
    }
    report.timed_out = turns.over();
    report.complete = report.left == 0 && report.timed_out.is_empty() && report.failed.is_empty();
    direct.close().await;
    Metrics::new()
        .dimension("Job", "refresh-views")
        .metric(
            "ViewsRefreshed",
            Unit::Count,
            u64::try_from(report.refreshed.len()).unwrap_or(u64::MAX),
        )
        .emit(work.now);
    turns::outcome(json!(report), report.failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_is_due_when_its_tables_were_written_to() {
        let view = |noted| ViewState {
            name: "v".to_owned(),
            is_concurrent: true,
            changes: 7,
            noted,
        };
        assert!(!is_due(&view(Some(7))));
        for noted in [None, Some(6), Some(9)] {
            assert!(is_due(&view(noted)));
        }
    }
}
