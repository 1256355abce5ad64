//! What came of requests, and what can be said of many.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

/// What came of one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Outcome {
    /// It was done.
    Good,
    /// It was refused.
    Status { code: u16, retry_after: bool },
    /// No answer came in time.
    Timeout,
    /// The connection broke, or could not be opened.
    Broken,
    /// The answer was wrong, for this reason.
    Wrong(&'static str),
}

impl Outcome {
    /// Whether it may come of a request while a server is away: the client is told to come again.
    pub(crate) fn is_honest_refusal(self) -> bool {
        matches!(
            self,
            Self::Status {
                code: 503,
                retry_after: true
            }
        )
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Good => write!(formatter, "done"),
            Self::Status {
                code: 503,
                retry_after: true,
            } => write!(formatter, "503 with Retry-After"),
            Self::Status { code: 503, .. } => write!(formatter, "503 without Retry-After"),
            Self::Status { code, .. } => write!(formatter, "{code}"),
            Self::Timeout => write!(formatter, "no answer in time"),
            Self::Broken => write!(formatter, "connection broken"),
            Self::Wrong(reason) => write!(formatter, "{reason}"),
        }
    }
}

/// One request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sample {
    /// When it ended, since the load began.
    pub(crate) ended: Duration,
    /// How long it took.
    pub(crate) took: Duration,
    pub(crate) outcome: Outcome,
}

/// What many requests took, in milliseconds; of those that were done.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Figures {
    pub(crate) requests: u64,
    pub(crate) per_second: f64,
    pub(crate) p50: f64,
    pub(crate) p95: f64,
    pub(crate) p99: f64,
    pub(crate) longest: f64,
    /// Failures by kind.
    pub(crate) failures: BTreeMap<String, u64>,
}

impl Figures {
    /// Of samples that were taken during this time.
    pub(crate) fn of(samples: &[Sample], during: Duration) -> Self {
        let good = samples.iter().filter(|sample| sample.outcome == Outcome::Good);
        let took: Vec<f64> = good.map(|sample| milliseconds(sample.took)).collect();
        Self {
            failures: failures(samples),
            ..Self::of_times(took, during)
        }
    }

    /// Of times in milliseconds, none of which failed.
    pub(crate) fn of_times(mut took: Vec<f64>, during: Duration) -> Self {
        took.sort_by(f64::total_cmp);
        let count = u32::try_from(took.len()).unwrap_or(u32::MAX);
        Self {
            requests: u64::from(count),
            per_second: f64::from(count) / during.as_secs_f64().max(f64::MIN_POSITIVE),
            p50: percentile(&took, 50),
            p95: percentile(&took, 95),
            p99: percentile(&took, 99),
            longest: took.last().copied().unwrap_or_default(),
            failures: BTreeMap::new(),
        }
    }

    /// How many requests failed.
    pub(crate) fn failed(&self) -> u64 {
        self.failures.values().sum()
    }
}

/// Milliseconds with their fraction.
pub(crate) fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// The least of the sorted values that so many per cent of all do not pass (the nearest rank); zero of none.
pub(crate) fn percentile(sorted: &[f64], percent: usize) -> f64 {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied().unwrap_or_default()
}

/// The failures among samples, by kind.
pub(crate) fn failures(samples: &[Sample]) -> BTreeMap<String, u64> {
    let mut counted = BTreeMap::new();
    for sample in samples.iter().filter(|sample| sample.outcome != Outcome::Good) {
        *counted.entry(sample.outcome.to_string()).or_default() += 1;
    }
    counted
}

/// The longest stretch without a single request done, from the first sample to the last.
pub(crate) fn longest_outage(samples: &[Sample]) -> Duration {
    let mut ends: Vec<Duration> = samples
        .iter()
        .filter(|sample| sample.outcome == Outcome::Good)
        .map(|sample| sample.ended)
        .collect();
    let all = samples.iter().map(|sample| sample.ended);
    ends.extend(all.clone().min());
    ends.extend(all.max());
    ends.sort();
    let gaps = ends.windows(2).filter_map(|pair| match pair {
        [one, next] => Some(next.saturating_sub(*one)),
        _ => None,
    });
    gaps.max().unwrap_or_default()
}

/// How long after this moment the last failure was answered; zero where none was.
pub(crate) fn recovered_after(samples: &[Sample], back: Duration) -> Duration {
    let failed = samples.iter().filter(|sample| sample.outcome != Outcome::Good);
    let last = failed.map(|sample| sample.ended).max().unwrap_or_default();
    last.saturating_sub(back)
}

#[cfg(test)]
#[path = "samples_tests.rs"]
mod tests;
