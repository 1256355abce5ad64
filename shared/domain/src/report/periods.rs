//! The days of the association, cut into periods.

use thiserror::Error;
use time::{Date, Duration, Month};

use super::ReportFrame;
use crate::listing::{Day, Moment};
use crate::words::words;
use crate::zone::ZoneName;

/// How many periods a report has at most: a year of days, and a leap day, with room.
pub const MOST_PERIODS: usize = 400;

words! {
    /// How a report is cut.
    Period {
        /// By days.
        Day = "day",
        /// By weeks, which begin on Mondays (ISO 8601).
        Week = "week",
        /// By months.
        Month = "month",
        /// By quarters of the year.
        Quarter = "quarter",
        /// By years.
        Year = "year",
    }
}

/// Why a report cannot be cut so.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum PeriodError {
    /// It would end before it begins.
    #[error("must not be after to")]
    Backward,
    /// It would have too many periods.
    #[error("would give more than {MOST_PERIODS} periods: take a longer period, or fewer days")]
    TooMany,
}

/// One period, by its first and its last day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The first day.
    pub first: Date,
    /// The last day.
    pub last: Date,
}

/// The periods of a report, the earliest first: each begins on the day after the one before has ended, and the first and the last may be
/// cut short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Periods {
    period: Period,
    spans: Vec<Span>,
    first: Date,
    last: Date,
}

impl Period {
    /// The first day of the period that a day belongs to.
    #[must_use]
    pub fn start(self, day: Date) -> Date {
        match self {
            Self::Day => day,
            Self::Week => {
                day.saturating_sub(Duration::days(i64::from(day.weekday().number_days_from_monday())))
            }
            Self::Month => first_of(day.year(), day.month()),
            Self::Quarter => {
                let begins = match day.month() {
                    Month::January | Month::February | Month::March => Month::January,
                    Month::April | Month::May | Month::June => Month::April,
                    Month::July | Month::August | Month::September => Month::July,
                    Month::October | Month::November | Month::December => Month::October,
                };
                first_of(day.year(), begins)
            }
            Self::Year => first_of(day.year(), Month::January),
        }
    }

    /// The first day of the next period. From one first day the longest period is 366 days, and the shortest behind it is longer than
    /// what is left over.
    fn next(self, start: Date) -> Date {
        let days = match self {
            Self::Day => 1,
            Self::Week => 7,
            Self::Month => 31,
            Self::Quarter => 92,
            Self::Year => 366,
        };
        self.start(start.saturating_add(Duration::days(days)))
    }
}

impl Periods {
    /// The periods from a first day to a last one, both of them included.
    ///
    /// # Errors
    /// [`PeriodError`] when there are none, or too many.
    pub fn between(period: Period, first: Date, last: Date) -> Result<Self, PeriodError> {
        if last < first {
            return Err(PeriodError::Backward);
        }
        let mut spans = Vec::new();
        let mut from = first;
        loop {
            if spans.len() == MOST_PERIODS {
                return Err(PeriodError::TooMany);
            }
            let next = period.next(period.start(from));
            let end = next.previous_day().unwrap_or(next).min(last);
            spans.push(Span {
                first: from,
                last: end,
            });
            if end >= last || next <= from {
                break;
            }
            from = next;
        }
        Ok(Self {
            period,
            spans,
            first,
            last,
        })
    }

    /// The periods in their order.
    #[must_use]
    pub fn spans(&self) -> &[Span] {
        &self.spans
    }

    /// The days on which they begin, and the day after the last: one more than there are periods.
    #[must_use]
    pub fn bounds(&self) -> Vec<Date> {
        let begins = self.spans.iter().map(|span| span.first);
        let end = self.last.next_day().unwrap_or(self.last);
        begins.chain([end]).collect()
    }

    /// What the report says of itself.
    #[must_use]
    pub fn frame(&self, now: Moment) -> ReportFrame {
        ReportFrame {
            from: Day(self.first),
            to: Day(self.last),
            period: self.period,
            time_zone: ZoneName::default().as_str().to_owned(),
            generated_at: now,
        }
    }
}

/// The first day of the twelve months that end with the month of a day.
#[must_use]
pub fn twelve_months_until(last: Date) -> Date {
    let mut first = Period::Month.start(last);
    for _ in 0..11 {
        first = Period::Month.start(first.previous_day().unwrap_or(first));
    }
    first
}

/// The first day of a month.
fn first_of(year: i32, month: Month) -> Date {
    // There is one in every year that a `Date` can hold.
    Date::from_calendar_date(year, month, 1).unwrap_or(Date::MIN)
}
