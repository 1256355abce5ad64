//! What holds for periods, shares and sums.

use proptest::prelude::*;
use time::macros::date;
use time::{Date, Duration};

use super::*;
use crate::ledger::LedgerAccount;

fn spans(period: Period, first: Date, last: Date) -> Vec<(Date, Date)> {
    let periods = Periods::between(period, first, last).unwrap();
    periods
        .spans()
        .iter()
        .map(|span| (span.first, span.last))
        .collect()
}

#[test]
fn the_first_and_the_last_period_are_cut_short() {
    assert_eq!(
        spans(Period::Month, date!(2024 - 01 - 30), date!(2024 - 03 - 02)),
        [
            (date!(2024 - 01 - 30), date!(2024 - 01 - 31)),
            (date!(2024 - 02 - 01), date!(2024 - 02 - 29)),
            (date!(2024 - 03 - 01), date!(2024 - 03 - 02)),
        ]
    );
    assert_eq!(
        spans(Period::Quarter, date!(2025 - 11 - 15), date!(2026 - 01 - 01)),
        [
            (date!(2025 - 11 - 15), date!(2025 - 12 - 31)),
            (date!(2026 - 01 - 01), date!(2026 - 01 - 01)),
        ]
    );
}

#[test]
fn a_week_begins_on_monday_across_the_years() {
    assert_eq!(Period::Week.start(date!(2026 - 01 - 01)), date!(2025 - 12 - 29));
    assert_eq!(
        spans(Period::Week, date!(2025 - 12 - 28), date!(2026 - 01 - 05)),
        [
            (date!(2025 - 12 - 28), date!(2025 - 12 - 28)),
            (date!(2025 - 12 - 29), date!(2026 - 01 - 04)),
            (date!(2026 - 01 - 05), date!(2026 - 01 - 05)),
        ]
    );
}

#[test]
fn twelve_months_end_with_that_of_the_day() {
    assert_eq!(twelve_months_until(date!(2026 - 08 - 31)), date!(2025 - 09 - 01));
    assert_eq!(twelve_months_until(date!(2024 - 12 - 01)), date!(2024 - 01 - 01));
}

#[test]
fn what_cannot_be_cut_is_refused() {
    let day = date!(2026 - 08 - 24);
    let backward = Periods::between(Period::Day, day, day - Duration::DAY);
    assert_eq!(backward, Err(PeriodError::Backward));
    let days = |count: i64| Periods::between(Period::Day, day, day + Duration::days(count - 1));
    assert_eq!(days(400).unwrap().spans().len(), 400);
    assert_eq!(days(401), Err(PeriodError::TooMany));
}

#[test]
fn shares_are_of_something() {
    assert_eq!(share(1, 4), Some(0.25));
    assert_eq!(share(0, 0), None);
}

#[test]
fn credits_are_earned_and_debits_given_back() {
    let mut sums = RevenueSums::default();
    sums.add(LedgerAccount::RevenueMembership, -10_000);
    sums.add(LedgerAccount::RevenueDonations, -500);
    sums.add(LedgerAccount::Refunds, 2_500);
    sums.add(LedgerAccount::Fees, 320);
    sums.add(LedgerAccount::StripeBalance, 99);
    assert_eq!((sums.membership_cents, sums.donations_cents), (10_000, 500));
    assert_eq!((sums.earned_cents, sums.refunded_cents), (10_500, 2_500));
    assert_eq!((sums.fees_cents, sums.net_cents), (320, 7_680));
}

fn days() -> impl Strategy<Value = Date> {
    (0..=60_000_i64).prop_map(|days| date!(1990 - 01 - 01) + Duration::days(days))
}

proptest! {
    #[test]
    fn periods_hold_every_day_once(
        first in days(), length in 0..=390_i64, period in proptest::sample::select(Period::ALL)
    ) {
        let last = first + Duration::days(length);
        let periods = Periods::between(period, first, last).unwrap();
        let spans = periods.spans();
        prop_assert_eq!((spans[0].first, spans[spans.len() - 1].last), (first, last));
        for span in spans {
            prop_assert!(span.first <= span.last);
            prop_assert_eq!(period.start(span.first), period.start(span.last));
        }
        for pair in spans.windows(2) {
            prop_assert_eq!(pair[0].last + Duration::DAY, pair[1].first);
            prop_assert_eq!(period.start(pair[1].first), pair[1].first);
        }
        let bounds = periods.bounds();
        prop_assert_eq!(bounds.len(), spans.len() + 1);
        prop_assert_eq!(bounds[spans.len()], last + Duration::DAY);
    }
}
