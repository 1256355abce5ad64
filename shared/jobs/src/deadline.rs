//! When an invocation must stop.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// The moment from which no new piece of work may be begun: the invocation's own deadline, less a margin for what is under way.
#[derive(Clone, Copy, Debug)]
pub struct Deadline(Option<Instant>);

impl Deadline {
    /// The deadline of an invocation that must end at `epoch_milliseconds` (as the runtime gives it), less `margin`. A deadline
    /// that lies before the invocation itself is no deadline: local gateways send such values.
    #[must_use]
    pub fn of_invocation(epoch_milliseconds: u64, margin: Duration) -> Self {
        Self::at(epoch_milliseconds, margin, SystemTime::now(), Instant::now())
    }

    fn at(epoch_milliseconds: u64, margin: Duration, now: SystemTime, instant: Instant) -> Self {
        let ends = UNIX_EPOCH.checked_add(Duration::from_millis(epoch_milliseconds));
        let left = ends.and_then(|ends| ends.duration_since(now).ok());
        Self(left.and_then(|left| instant.checked_add(left.saturating_sub(margin))))
    }

    /// No deadline at all.
    #[must_use]
    pub const fn never() -> Self {
        Self(None)
    }

    /// The same, or so long from now if that is earlier.
    #[must_use]
    pub fn within(self, budget: Duration) -> Self {
        let end = Instant::now().checked_add(budget);
        Self(match (self.0, end) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        })
    }

    /// How long it is until then; none without a deadline.
    #[must_use]
    pub fn left(&self) -> Option<Duration> {
        self.0.map(|end| end.saturating_duration_since(Instant::now()))
    }

    /// Whether the moment has come.
    #[must_use]
    pub fn has_come(&self) -> bool {
        self.0.is_some_and(|end| Instant::now() >= end)
    }

    /// Ends when the moment has come: for work that waits for others in between.
    pub async fn comes(&self) {
        match self.0 {
            Some(end) => tokio::time::sleep_until(end.into()).await,
            None => std::future::pending().await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MARGIN: Duration = Duration::from_secs(60);

    fn ends(in_seconds: i64) -> Deadline {
        let now = UNIX_EPOCH + Duration::from_secs(1_800_000_000);
        let at = u64::try_from(1_800_000_000_000 + in_seconds * 1000).unwrap();
        Deadline::at(at, MARGIN, now, Instant::now())
    }

    #[test]
    fn the_margin_comes_off() {
        assert!(!ends(90).has_come());
        assert!(ends(60).has_come());
        assert!(ends(1).has_come());
    }

    #[test]
    fn a_budget_only_shortens() {
        assert!(Deadline::never().within(Duration::ZERO).has_come());
        assert!(ends(90).within(Duration::ZERO).has_come());
        assert!(ends(60).within(Duration::from_secs(3600)).has_come());
        assert_eq!(Deadline::never().left(), None);
        let left = ends(3660).within(Duration::from_secs(100)).left().unwrap();
        assert!(left <= Duration::from_secs(100) && left > Duration::from_secs(90));
    }

    #[test]
    fn a_deadline_in_the_past_is_unknown() {
        assert!(!ends(-1).has_come());
        assert!(!Deadline::of_invocation(600_000, MARGIN).has_come());
        assert!(!Deadline::never().has_come());
    }
}
