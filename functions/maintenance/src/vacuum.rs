//! The step `vacuum`: VACUUM and ANALYZE of the tables whose statistics ask for it, the most urgent first, outside of any transaction.
//!
//! Autovacuum does the same all day, at twice to five times the shares; in the night there is room for less than that. What is done
//! shows in the statistics, so a run that is cut short is simply run again and goes on with the rest.

use portal_data::DataError;
use portal_data::metrics::{Metrics, Unit};
use portal_data::upkeep::{self, TableState, Treatment};
use serde::Serialize;
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};

use crate::direct;
use crate::error::MaintenanceError;
use crate::handler::Work;
use crate::turns::{self, Turns};

/// From this share of dead rows on a table is vacuumed, and from so many.
const DEAD_SHARE: f64 = 0.1;
const DEAD_ROWS: i64 = 1000;
/// From this share of added rows on, so that scans of indexes alone need not look into it.
const INSERTED_SHARE: f64 = 0.2;
const INSERTED_ROWS: i64 = 10_000;
/// From this share of written rows on it is analysed.
const MODIFIED_SHARE: f64 = 0.05;
const MODIFIED_ROWS: i64 = 500;
/// And whatever was written, after so long.
const STALE: Duration = Duration::days(7);
/// The partitions of a table may be analysed so much later than the whole.
const PARENT_STALE: Duration = Duration::days(1);
/// At 200 million the server freezes by force.
const FROZEN_AGE: i64 = 150_000_000;
/// More urgent than any share of rows.
const FREEZING: f64 = 100.0;

/// What a run did.
#[derive(Debug, Default, Serialize)]
struct Report {
    vacuumed: Vec<String>,
    analyzed: Vec<String>,
    /// Tables that somebody held: they are passed over, and left to the next run.
    locked: Vec<String>,
    /// Tables that took longer than there was time.
    #[serde(rename = "timedOut")]
    timed_out: Vec<String>,
    /// Tables that failed, with the reason.
    failed: Vec<String>,
    /// Tables that are left to the next run.
    left: usize,
    complete: bool,
}

/// What a table needs, if anything, and how urgently: above one when it is time, twice as urgent at twice the share.
fn need(table: &TableState, now: OffsetDateTime) -> Option<(Treatment, f64)> {
    if table.frozen_age >= FROZEN_AGE {
        return Some((Treatment::Vacuum, FREEZING + share(table.frozen_age, FROZEN_AGE)));
    }
    let rows = (table.live + table.dead).max(1);
    let due = |count: i64, least: i64, part: f64| (count >= least).then(|| share(count, rows) / part);
    let dead = due(table.dead, DEAD_ROWS, DEAD_SHARE);
    let inserted = due(table.inserted, INSERTED_ROWS, INSERTED_SHARE);
    let vacuum = dead.into_iter().chain(inserted).fold(0.0, f64::max);
    if vacuum >= 1.0 {
        return Some((Treatment::Vacuum, vacuum));
    }
    let modified = due(table.modified, MODIFIED_ROWS, MODIFIED_SHARE).unwrap_or_default();
    if modified >= 1.0 {
        return Some((Treatment::Analyze, modified));
    }
    is_stale(table, now).then_some((Treatment::Analyze, 1.0))
}

/// Whether what the planner knows of a table is too old for what there is to know.
fn is_stale(table: &TableState, now: OffsetDateTime) -> bool {
    let has_rows = table.live > 0;
    match table.analyzed_at {
        None => has_rows,
        Some(at) if table.is_parent => {
            has_rows && table.partition_analyzed_at.is_some_and(|one| one > at) && now - at >= PARENT_STALE
        }
        Some(at) => table.modified > 0 && now - at >= STALE,
    }
}

/// Exact enough for a comparison: these are estimates.
#[allow(clippy::cast_precision_loss)]
fn share(part: i64, whole: i64) -> f64 {
    part as f64 / whole as f64
}

/// What is due, the most urgent first, and of equals by name.
fn plan(tables: Vec<TableState>, now: OffsetDateTime) -> Vec<(TableState, Treatment)> {
    let mut due: Vec<_> = tables
        .into_iter()
        .filter_map(|table| need(&table, now).map(|(treatment, urgency)| (table, treatment, urgency)))
        .collect();
    due.sort_by(|(a, _, one), (b, _, other)| other.total_cmp(one).then_with(|| a.name.cmp(&b.name)));
    due.into_iter()
        .map(|(table, treatment, _)| (table, treatment))
        .collect()
}

/// Treats one table after the other, until the deadline.
pub(crate) async fn run(work: &Work<'_>) -> Result<Value, MaintenanceError> {
    let Some(mut direct) = direct::open(work, "vacuum", direct::BRIEFLY).await? else {
        return Ok(direct::busy());
    };
    let mut turns = Turns::begin(work, "vacuum").await?;
    let mut due = plan(upkeep::tables(&mut direct.connection).await?, work.now);
    turns.order(&mut due, |(table, _)| &table.name);
    let mut report = Report::default();
    for (done, (table, treatment)) in due.iter().enumerate() {
        if work.deadline.has_come() {
            report.left = due.len() - done;
            break;
        }
        let longest = Turns::share(work.deadline.left(), done + 1 == due.len());
        let name = table.name.clone();
        match upkeep::treat(&mut direct.connection, &name, *treatment, longest).await {
            Ok(false) => report.locked.push(name),
            Ok(true) if *treatment == Treatment::Vacuum => report.vacuumed.push(name),
            Ok(true) => report.analyzed.push(name),
            Err(DataError::Timeout) => report.failed.extend(turns.timed_out(&name)),
            Err(error) => {
                tracing::error!(table = name, %error, "a table could not be looked after");
                report.failed.push(format!("{name}: {error}"));
                direct.reconnect(work).await?;
            }
        }
    }
    report.timed_out = turns.over();
    direct.close().await;
    report.conclude(work)
}

impl Report {
    /// What the run says of itself.
    fn conclude(mut self, work: &Work<'_>) -> Result<Value, MaintenanceError> {
        let undone = [&self.locked, &self.timed_out, &self.failed];
        self.complete = self.left == 0 && undone.iter().all(|list| list.is_empty());
        let count = |list: &[String]| u64::try_from(list.len()).unwrap_or(u64::MAX);
        Metrics::new()
            .dimension("Job", "vacuum")
            .metric("TablesVacuumed", Unit::Count, count(&self.vacuumed))
            .metric("TablesAnalyzed", Unit::Count, count(&self.analyzed))
            .metric("TablesFailed", Unit::Count, count(&self.failed))
            .emit(work.now);
        turns::outcome(json!(self), self.failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    const NOW: OffsetDateTime = datetime!(2026-08-24 03:00 UTC);

    fn table(name: &str) -> TableState {
        TableState {
            name: name.to_owned(),
            is_parent: false,
            live: 100_000,
            dead: 0,
            modified: 0,
            inserted: 0,
            frozen_age: 1000,
            analyzed_at: Some(NOW - Duration::hours(1)),
            partition_analyzed_at: None,
        }
    }

    fn treatment(change: impl FnOnce(&mut TableState)) -> Option<Treatment> {
        let mut table = table("t");
        change(&mut table);
        need(&table, NOW).map(|(treatment, _)| treatment)
    }

    #[test]
    fn a_table_that_nobody_writes_to_is_left_alone() {
        assert_eq!(treatment(|_| {}), None);
        assert_eq!(
            treatment(|t| t.analyzed_at = Some(NOW - Duration::days(400))),
            None
        );
    }

    #[test]
    fn the_statistics_say_what_a_table_needs() {
        assert_eq!(treatment(|t| t.dead = 20_000), Some(Treatment::Vacuum));
        assert_eq!(treatment(|t| t.inserted = 30_000), Some(Treatment::Vacuum));
        assert_eq!(treatment(|t| t.frozen_age = FROZEN_AGE), Some(Treatment::Vacuum));
        assert_eq!(treatment(|t| t.modified = 6000), Some(Treatment::Analyze));
        assert_eq!(treatment(|t| t.analyzed_at = None), Some(Treatment::Analyze));
        let old = |t: &mut TableState| (t.modified, t.analyzed_at) = (1, Some(NOW - Duration::days(8)));
        assert_eq!(treatment(old), Some(Treatment::Analyze));
    }

    #[test]
    fn small_numbers_do_not_count() {
        assert_eq!(treatment(|t| (t.live, t.dead) = (10, 500)), None);
        assert_eq!(treatment(|t| (t.live, t.modified) = (10, 100)), None);
        assert_eq!(treatment(|t| (t.live, t.analyzed_at) = (0, None)), None);
    }

    #[test]
    fn a_partitioned_table_follows_its_partitions_a_day_later() {
        let parent = |hours: i64, later: i64| {
            treatment(|t| {
                t.is_parent = true;
                let at = NOW - Duration::hours(hours);
                (t.analyzed_at, t.partition_analyzed_at) = (Some(at), Some(at + Duration::hours(later)));
            })
        };
        assert_eq!(parent(25, 1), Some(Treatment::Analyze));
        assert_eq!(parent(25, 0), None);
        assert_eq!(parent(23, 1), None);
    }

    #[test]
    fn the_most_urgent_comes_first() {
        let with = |name: &str, change: fn(&mut TableState)| {
            let mut table = table(name);
            change(&mut table);
            table
        };
        let tables = vec![
            with("b", |t| t.dead = 20_000),
            with("idle", |_| {}),
            with("a", |t| t.dead = 20_000),
            with("worst", |t| t.dead = 90_000),
            with("frozen", |t| t.frozen_age = FROZEN_AGE + 1),
        ];
        let names: Vec<_> = plan(tables, NOW)
            .into_iter()
            .map(|(table, _)| table.name)
            .collect();
        assert_eq!(names, ["frozen", "worst", "a", "b"]);
    }
}
