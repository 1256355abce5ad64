//! How long seats are kept for whom, and when people are let in.

use time::{Duration, OffsetDateTime};

/// The shortest time in which somebody can be expected to accept an offer.
const SHORTEST_OFFER: Duration = Duration::minutes(5);

/// The longest pause before a seat is held again for somebody who has not paid.
const LONGEST_PAUSE: Duration = Duration::DAY;

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

    /// From when on a seat is held again for somebody whose seats were held so often without being paid, the last until then: after as
    /// long as a hold lasts, and twice as long each time. Otherwise one who asks again and again would keep a seat from all others for
    /// nothing.
    #[must_use]
    pub fn held_again_at(&self, unpaid_holds: i32, ended_at: OffsetDateTime) -> OffsetDateTime {
        let Some(before) = u32::try_from(unpaid_holds)
            .ok()
            .and_then(|holds| holds.checked_sub(1))
        else {
            return ended_at;
        };
        let times = 2_i32.checked_pow(before);
        let pause = times.and_then(|times| self.hold.checked_mul(times));
        ended_at.saturating_add(pause.unwrap_or(LONGEST_PAUSE).min(LONGEST_PAUSE))
    }

    /// Until when a seat is offered: not longer than half of the time that is left, so that near the start there is time for the next
    /// in line, but for so long that it can be accepted, and never past the start.
    #[must_use]
    pub fn offer_until(&self, now: OffsetDateTime, starts_at: OffsetDateTime) -> OffsetDateTime {
        let left = starts_at - now;
        if left <= Duration::ZERO {
            return starts_at;
        }
        let half: Duration = left / 2;
        now.saturating_add(self.offer.min(half.max(SHORTEST_OFFER)).min(left))
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
        assert_eq!(until(Duration::minutes(8)), START - Duration::minutes(3));
        assert_eq!(until(Duration::minutes(2)), START);
        assert_eq!(until(Duration::ZERO), START);
        assert_eq!(until(-Duration::hours(1)), START);
    }

    #[test]
    fn the_pause_after_holds_that_were_not_paid_grows_to_a_day() {
        let pause = |holds| TERMS.held_again_at(holds, START) - START;
        assert_eq!(pause(0), Duration::ZERO);
        assert_eq!(pause(1), Duration::minutes(30));
        assert_eq!(pause(2), Duration::hours(1));
        assert_eq!(pause(3), Duration::hours(2));
        for many in [7, 40, i32::MAX] {
            assert_eq!(pause(many), Duration::DAY, "{many}");
        }
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
            prop_assert!(now < until && until <= START);
        }
    }
}
