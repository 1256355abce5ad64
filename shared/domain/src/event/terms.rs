//! How long seats are kept for whom, and when people are let in.

use time::{Duration, OffsetDateTime};

/// How long seats are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeatTerms {
    /// How long a seat is held for its payment.
    pub hold: Duration,
    /// How long a seat that has come free is offered to who waits for it.
    pub offer: Duration,
    /// How long after the start a seat is kept for who has not come, while others wait at the door.
    pub no_show: Duration,
}

impl SeatTerms {
    /// Until when an unpaid seat is held.
    #[must_use]
    pub fn hold_until(&self, now: OffsetDateTime) -> OffsetDateTime {
        now.saturating_add(self.hold)
    }

    /// Until when a seat is offered: never longer than half of the time that is left, so that near the start there is time for the next
    /// in line, and never past the start.
    #[must_use]
    pub fn offer_until(&self, now: OffsetDateTime, starts_at: OffsetDateTime) -> OffsetDateTime {
        let left = starts_at - now;
        if left <= Duration::ZERO {
            return starts_at;
        }
        now.saturating_add(self.offer.min(left / 2))
    }

    /// From when a seat whose member has not come may be given to somebody at the door.
    #[must_use]
    pub fn released_at(&self, starts_at: OffsetDateTime) -> OffsetDateTime {
        starts_at.saturating_add(self.no_show)
    }
}

/// When people are checked in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CheckInWindow {
    /// From when on.
    pub opens: OffsetDateTime,
    /// Until when: a while past the end, for those who write it down later.
    pub closes: OffsetDateTime,
}

impl CheckInWindow {
    /// That of an event: from three hours before its start until a day after its end.
    #[must_use]
    pub fn of(starts_at: OffsetDateTime, ends_at: OffsetDateTime) -> Self {
        Self {
            opens: starts_at.saturating_sub(Duration::hours(3)),
            closes: ends_at.saturating_add(Duration::DAY),
        }
    }

    /// Whether a moment is in it.
    #[must_use]
    pub fn contains(&self, at: OffsetDateTime) -> bool {
        self.opens <= at && at < self.closes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use time::macros::datetime;

    const START: OffsetDateTime = datetime!(2026-05-01 18:00:00 UTC);
    const TERMS: SeatTerms = SeatTerms {
        hold: Duration::minutes(30),
        offer: Duration::hours(24),
        no_show: Duration::minutes(30),
    };

    #[test]
    fn an_offer_gets_shorter_near_the_start() {
        let until = |before: Duration| TERMS.offer_until(START - before, START);
        assert_eq!(until(Duration::days(7)), START - Duration::days(6));
        assert_eq!(until(Duration::hours(2)), START - Duration::hours(1));
        assert_eq!(until(Duration::ZERO), START);
        assert_eq!(until(-Duration::hours(1)), START);
    }

    #[test]
    fn people_are_let_in_around_the_event_only() {
        let window = CheckInWindow::of(START, START + Duration::hours(2));
        for (hours, within) in [(-4, false), (-3, true), (1, true), (25, true), (26, false)] {
            assert_eq!(window.contains(START + Duration::hours(hours)), within, "{hours}");
        }
    }

    proptest! {
        #[test]
        fn an_offer_ends_after_now_and_by_the_start(minutes in 1i64..100_000, offer in 1i64..10_000) {
            let now = START - Duration::minutes(minutes);
            let terms = SeatTerms { offer: Duration::minutes(offer), ..TERMS };
            let until = terms.offer_until(now, START);
            prop_assert!(now < until && until < START);
        }
    }
}
