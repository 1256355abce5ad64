//! What a drill showed, and whether that is good enough.

use super::load::Met;
use crate::load::samples::{Figures, Outcome, Sample, longest_outage, recovered_after};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::Duration;

/// From the return of a server until the last request fails.
const RECOVERY: Duration = Duration::from_secs(2);

/// What requests may meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tolerance {
    /// No failure at all.
    Nothing,
    /// 503 with `Retry-After` while the server is away, and for two seconds more.
    Refusals,
}

/// What a drill showed.
pub(super) struct Verdict {
    name: &'static str,
    tolerance: Tolerance,
    during: Duration,
    requests: usize,
    acknowledged: usize,
    lost: usize,
    failures: BTreeMap<String, u64>,
    /// Failures that are no honest refusal.
    dishonest: usize,
    p50: f64,
    p95: f64,
    /// The longest stretches without a read and without a write that was done.
    outages: [Duration; 2],
    recovered: Duration,
    notes: Vec<String>,
}

impl Verdict {
    /// Of what the load met. `back` is when the outage ended, since the load began.
    pub(super) fn new(
        name: &'static str,
        tolerance: Tolerance,
        met: &Met,
        back: Duration,
        lost: usize,
        notes: Vec<String>,
    ) -> Self {
        let samples = [met.reads.as_slice(), &met.writes].concat();
        let figures = Figures::of(&samples, met.during);
        let dishonest =
            |sample: &&Sample| sample.outcome != Outcome::Good && !sample.outcome.is_honest_refusal();
        Self {
            name,
            tolerance,
            during: met.during,
            requests: samples.len(),
            acknowledged: met.acknowledged.len(),
            lost,
            dishonest: samples.iter().filter(dishonest).count(),
            p50: figures.p50,
            p95: figures.p95,
            failures: figures.failures,
            outages: [&met.reads, &met.writes].map(|samples| longest_outage(samples)),
            recovered: recovered_after(&samples, back),
            notes,
        }
    }

    /// What is not tolerated, in words.
    pub(super) fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let mut fault = |is: bool, text: String| {
            if is {
                faults.push(format!("{}: {text}", self.name));
            }
        };
        let failed: u64 = self.failures.values().sum();
        fault(self.lost > 0, format!("{} acknowledged writes lost", self.lost));
        fault(self.acknowledged == 0, "nothing was written".to_owned());
        match self.tolerance {
            Tolerance::Nothing => fault(failed > 0, format!("{failed} requests failed")),
            Tolerance::Refusals => {
                let text = format!("{} failures other than 503 with Retry-After", self.dishonest);
                fault(self.dishonest > 0, text);
                let text = format!("requests failed until {} after the return", time(self.recovered));
                fault(self.recovered > RECOVERY, text);
            }
        }
        faults
    }

    fn failures(&self) -> String {
        let kinds = self
            .failures
            .iter()
            .map(|(kind, count)| format!("{count} {kind}"));
        let kinds: Vec<String> = kinds.collect();
        if kinds.is_empty() {
            "none".to_owned()
        } else {
            kinds.join(", ")
        }
    }

    fn outage(&self) -> String {
        let [reads, writes] = self.outages.map(time);
        format!("reads {reads}, writes {writes}")
    }

    /// The drill in a few lines.
    pub(super) fn describe(&self) -> String {
        let mut text = String::new();
        let mut line = |name: &str, value: String| {
            // Writing into a string does not fail.
            writeln!(text, "     {name:16} {value}").ok();
        };
        let median = format!("median {:.1} ms, 95th percentile {:.1} ms", self.p50, self.p95);
        line(
            "requests",
            format!("{} in {}; {median}", self.requests, time(self.during)),
        );
        line("failures", self.failures());
        line("longest outage", format!("{} without an answer", self.outage()));
        line("recovered", format!("{} after the return", time(self.recovered)));
        line(
            "writes",
            format!("{} acknowledged, {} of them lost", self.acknowledged, self.lost),
        );
        for note in &self.notes {
            line("", note.clone());
        }
        text
    }
}

/// All drills in one table, in Markdown.
pub(super) fn table(verdicts: &[Verdict]) -> String {
    let mut text = String::from(
        "\n| drill | requests | failures by kind | longest outage | time to recover | writes acknowledged | lost |\n|---|---|---|---|---|---|---|\n",
    );
    for verdict in verdicts {
        let cells = [
            verdict.name.to_owned(),
            verdict.requests.to_string(),
            verdict.failures(),
            verdict.outage(),
            time(verdict.recovered),
            verdict.acknowledged.to_string(),
            verdict.lost.to_string(),
        ];
        writeln!(text, "| {} |", cells.join(" | ")).ok();
    }
    text
}

fn time(duration: Duration) -> String {
    format!("{:.2} s", duration.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Instant;
    use uuid::Uuid;

    const AWAY: Outcome = Outcome::Status {
        code: 503,
        retry_after: true,
    };

    fn verdict(tolerance: Tolerance, outcomes: &[(u64, Outcome)], lost: usize) -> Verdict {
        let sample = |(ended, outcome): &(u64, Outcome)| Sample {
            ended: Duration::from_millis(*ended),
            took: Duration::from_millis(3),
            outcome: *outcome,
        };
        let met = Met {
            begun: Instant::now(),
            during: Duration::from_secs(10),
            reads: outcomes.iter().map(sample).collect(),
            writes: Vec::new(),
            acknowledged: vec![Uuid::nil()],
        };
        Verdict::new("drill", tolerance, &met, Duration::from_secs(5), lost, Vec::new())
    }

    #[test]
    fn refusals_are_tolerated_until_two_seconds_after_the_return() {
        let within = [(1000, Outcome::Good), (6900, AWAY), (7000, Outcome::Good)];
        assert!(verdict(Tolerance::Refusals, &within, 0).faults().is_empty());
        assert_eq!(
            verdict(Tolerance::Nothing, &within, 0).faults(),
            ["drill: 1 requests failed"]
        );
        let late = [(1000, Outcome::Good), (7100, AWAY)];
        let faults = verdict(Tolerance::Refusals, &late, 0).faults();
        assert_eq!(faults, ["drill: requests failed until 2.10 s after the return"]);
    }

    #[test]
    fn a_lost_write_and_any_other_failure_are_never_tolerated() {
        let good = [(1000, Outcome::Good)];
        assert_eq!(
            verdict(Tolerance::Nothing, &good, 1).faults(),
            ["drill: 1 acknowledged writes lost"]
        );
        let broken = [(1000, Outcome::Broken)];
        let faults = verdict(Tolerance::Refusals, &broken, 0).faults();
        assert_eq!(faults, ["drill: 1 failures other than 503 with Retry-After"]);
    }

    #[test]
    fn the_table_names_failures_by_kind() {
        let met = [
            (1000, Outcome::Good),
            (3000, AWAY),
            (3100, AWAY),
            (4500, Outcome::Good),
        ];
        let table = table(&[verdict(Tolerance::Refusals, &met, 0)]);
        let row = "| drill | 4 | 2 503 with Retry-After | reads 3.50 s, writes 0.00 s | 0.00 s | 1 | 0 |";
        assert!(table.contains(row), "{table}");
    }
}
