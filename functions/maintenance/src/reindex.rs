//! The step `reindex`: drops what rebuilds have left that were cut short, ends indexes that are half made, and builds those anew that take
//! twice the room for a row that they were seen to take.
//!
//! How much an index should take is not computed but remembered: the planner's statistics, by which it could be estimated, are closed to
//! roles under row-level security. So nothing is rebuilt before it was seen once. A rebuild goes on beside reading and writing.

use std::time::Duration;

use portal_data::DataError;
use portal_data::metrics::{Metrics, Unit};
use portal_data::upkeep::{self, IndexState, UpkeepConnection};
use serde::Serialize;
use serde_json::{Value, json};

use crate::direct;
use crate::error::MaintenanceError;
use crate::handler::Work;
use crate::turns::{self, Turns};

/// Smaller indexes are not worth it.
const LEAST_BYTES: i64 = 10 << 20;
/// From so many times the room of old on an index is built anew.
const BLOATED: f64 = 2.0;

/// How long dropping a leftover may take behind the step's own time.
const SOON: Duration = Duration::from_secs(20);

/// What is done about an index.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
enum Action {
    /// Nobody uses it, and nobody ever will.
    Drop,
    /// Nobody uses it, and everybody keeps it: it is ended.
    Mend,
    /// It is built anew, since it takes so many times the room.
    Rebuild(f64),
    /// It is as small as it was ever seen.
    Remember(f64),
}

/// What a run did.
#[derive(Debug, Default, Serialize)]
struct Report {
    dropped: Vec<String>,
    mended: Vec<String>,
    rebuilt: Vec<String>,
    /// Indexes that took longer than there was time.
    #[serde(rename = "timedOut")]
    timed_out: Vec<String>,
    /// Indexes that failed, with the reason.
    failed: Vec<String>,
    /// Indexes that are left to the next run.
    left: usize,
    complete: bool,
}

/// What an index needs.
fn need(index: &IndexState) -> Option<Action> {
    if index.is_leftover {
        return Some(Action::Drop);
    }
    if !index.is_valid {
        return Some(Action::Mend);
    }
    let per_row = per_row(index)?;
    match index.baseline {
        _ if index.bytes < LEAST_BYTES => None,
        Some(baseline) if per_row >= BLOATED * baseline => Some(Action::Rebuild(per_row / baseline)),
        Some(baseline) if per_row >= baseline => None,
        _ => Some(Action::Remember(per_row)),
    }
}

/// How much room it takes for a row.
#[allow(clippy::cast_precision_loss)]
fn per_row(index: &IndexState) -> Option<f64> {
    index
        .rows
        .filter(|rows| *rows >= 1.0)
        .map(|rows| index.bytes as f64 / rows)
}

/// What is to be done, the most urgent first: leftovers, half made ones, and then by how much they have grown.
fn plan(indexes: Vec<IndexState>) -> Vec<(IndexState, Action)> {
    let mut due: Vec<_> = indexes
        .into_iter()
        .filter_map(|index| need(&index).map(|action| (index, action)))
        .collect();
    let rank = |action: Action| match action {
        Action::Drop => (0, 0.0),
        Action::Mend => (1, 0.0),
        Action::Remember(_) => (2, 0.0),
        Action::Rebuild(times) => (3, -times),
    };
    due.sort_by(|(a, one), (b, other)| {
        let (one, other) = (rank(*one), rank(*other));
        one.0
            .cmp(&other.0)
            .then(one.1.total_cmp(&other.1))
            .then_with(|| a.name.cmp(&b.name))
    });
    due
}

/// Goes through the indexes until the deadline.
pub(crate) async fn run(work: &Work<'_>) -> Result<Value, MaintenanceError> {
    let Some(mut direct) = direct::open(work, "reindex", direct::PATIENTLY).await? else {
        return Ok(direct::busy());
    };
    upkeep::forget_baselines(&mut direct.connection).await?;
    let mut turns = Turns::begin(work, "reindex").await?;
    let mut due = plan(upkeep::indexes(&mut direct.connection).await?);
    turns.order(&mut due, |(index, _)| &index.name);
    let mut report = Report::default();
    for (done, (index, action)) in due.iter().enumerate() {
        if work.deadline.has_come() {
            report.left = due.len() - done;
            break;
        }
        let longest = Turns::share(work.deadline.left(), done + 1 == due.len());
        match act(work, &mut direct.connection, index, *action, longest).await {
            Ok(()) => match action {
                Action::Drop => report.dropped.push(index.name.clone()),
                Action::Mend => report.mended.push(index.name.clone()),
                Action::Rebuild(_) => report.rebuilt.push(index.name.clone()),
                Action::Remember(_) => {}
            },
            Err(DataError::Timeout) => {
                report.failed.extend(turns.timed_out(&index.name));
                drop_leftovers(&mut direct.connection).await?;
            }
            Err(error) => {
                tracing::error!(index = index.name, %error, "an index could not be looked after");
                report.failed.push(format!("{}: {error}", index.name));
                direct.reconnect(work).await?;
            }
        }
    }
    report.timed_out = turns.over();
    direct.close().await;
    report.conclude(work)
}

/// Drops what a rebuild that was cut short has left, so that writes do not keep it until the next run. What cannot be dropped so soon is
/// left to that.
async fn drop_leftovers(connection: &mut UpkeepConnection) -> Result<(), DataError> {
    let indexes = upkeep::indexes(connection).await?;
    for leftover in indexes.iter().filter(|index| index.is_leftover) {
        match upkeep::drop_index(connection, &leftover.name, Some(SOON)).await {
            Ok(()) => {}
            Err(DataError::Timeout) => tracing::warn!(index = leftover.name, "a leftover is still in use"),
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

impl Report {
    /// What the run says of itself.
    fn conclude(mut self, work: &Work<'_>) -> Result<Value, MaintenanceError> {
        self.complete = self.left == 0 && self.timed_out.is_empty() && self.failed.is_empty();
        let count = |list: &[String]| u64::try_from(list.len()).unwrap_or(u64::MAX);
        Metrics::new()
            .dimension("Job", "reindex")
            .metric("IndexesRebuilt", Unit::Count, count(&self.rebuilt))
            .metric("IndexesDropped", Unit::Count, count(&self.dropped))
            .metric("IndexesFailed", Unit::Count, count(&self.failed))
            .emit(work.now);
        turns::outcome(json!(self), self.failed)
    }
}

async fn act(
    work: &Work<'_>,
    connection: &mut UpkeepConnection,
    index: &IndexState,
    action: Action,
    longest: Option<Duration>,
) -> Result<(), DataError> {
    match action {
        Action::Drop => upkeep::drop_index(connection, &index.name, longest).await,
        Action::Mend => upkeep::rebuild(connection, &index.name, longest).await,
        Action::Remember(per_row) => upkeep::note_baseline(connection, &index.name, per_row, work.now).await,
        Action::Rebuild(_) => {
            upkeep::rebuild(connection, &index.name, longest).await?;
            // It is as small now as it gets: with more rows that differ less than before, that may be more than once.
            let rebuilt = upkeep::indexes(connection).await?;
            let rebuilt = rebuilt.iter().find(|one| one.name == index.name);
            match rebuilt.and_then(per_row) {
                Some(per_row) => upkeep::note_baseline(connection, &index.name, per_row, work.now).await,
                None => Ok(()),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(name: &str, megabytes: i64, rows: f64, baseline: Option<f64>) -> IndexState {
        IndexState {
            name: name.to_owned(),
            is_valid: true,
            is_leftover: false,
            bytes: megabytes << 20,
            rows: Some(rows),
            baseline,
        }
    }

    #[test]
    fn an_index_is_seen_before_it_is_judged() {
        assert_eq!(
            need(&index("i", 16, 1024.0, None)),
            Some(Action::Remember(16384.0))
        );
        assert_eq!(need(&index("i", 16, 1024.0, Some(16384.0))), None);
        assert_eq!(
            need(&index("i", 16, 1024.0, Some(20000.0))),
            Some(Action::Remember(16384.0))
        );
        assert_eq!(
            need(&index("i", 16, 1024.0, Some(8192.0))),
            Some(Action::Rebuild(2.0))
        );
        assert_eq!(need(&index("i", 16, 1024.0, Some(9000.0))), None);
    }

    #[test]
    fn small_and_uncounted_ones_are_left_alone() {
        assert_eq!(need(&index("i", 9, 10.0, Some(1.0))), None);
        let mut uncounted = index("i", 16, 1.0, Some(1.0));
        uncounted.rows = None;
        assert_eq!(need(&uncounted), None);
    }

    #[test]
    fn leftovers_come_first_and_the_most_grown_before_others() {
        let mut leftover = index("x_ccnew", 0, 0.0, None);
        (leftover.is_valid, leftover.is_leftover) = (false, true);
        let mut broken = index("w", 0, 0.0, None);
        broken.is_valid = false;
        let due = plan(vec![
            index("double", 16, 1024.0, Some(8192.0)),
            index("new", 16, 1024.0, None),
            index("quadruple", 16, 1024.0, Some(4096.0)),
            broken,
            leftover,
        ]);
        let names: Vec<_> = due.iter().map(|(index, _)| index.name.as_str()).collect();
        assert_eq!(names, ["x_ccnew", "w", "new", "quadruple", "double"]);
        assert_eq!((due[0].1, due[1].1), (Action::Drop, Action::Mend));
    }
}
