//! Periods in calendar months, on the clocks of the association.

use jiff::civil::{self, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Unit, Zoned};
use thiserror::Error;
use time::OffsetDateTime;

use crate::zone::ZoneName;

/// A period that cannot be.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("a membership lasts from a moment to a later one, of years that calendars know")]
pub struct PeriodError;

/// From a moment, which belongs to it, to another, which does not.
///
/// It also keeps the day of the month that a row of periods has begun on: months that lack it end on their last day, and the next month that
/// has it returns to it. So twelve months one by one are as long as a year at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Period {
    starts_at: OffsetDateTime,
    ends_at: OffsetDateTime,
    anchor: i8,
}

impl Period {
    /// One as it was stored. An `anchor` (the day of the month, 1 to 31) that is not known is the day on which it starts.
    ///
    /// # Errors
    /// [`PeriodError`] when it does not end after it starts.
    pub fn stored(
        starts_at: OffsetDateTime,
        ends_at: OffsetDateTime,
        anchor: Option<i16>,
    ) -> Result<Self, PeriodError> {
        let day = zoned(starts_at)?.day();
        let anchor = anchor.map_or(Ok(day), i8::try_from).map_err(|_| PeriodError)?;
        if starts_at < ends_at && (1..=31).contains(&anchor) {
            Ok(Self {
                starts_at,
                ends_at,
                anchor,
            })
        } else {
            Err(PeriodError)
        }
    }

    /// So many calendar months from a moment: to the same hour of the same day of a later month, by the clocks of the association, or of that
    /// month's last day where it has no such day.
    ///
    /// # Errors
    /// [`PeriodError`] for no months, and beyond the years that calendars know.
    pub fn starting(starts_at: OffsetDateTime, months: u16) -> Result<Self, PeriodError> {
        Self::anchored(starts_at, months, zoned(starts_at)?.day())
    }

    /// So many months that begin where this period ends, in the same row.
    ///
    /// # Errors
    /// As [`Period::starting`].
    pub fn following(&self, months: u16) -> Result<Self, PeriodError> {
        Self::anchored(self.ends_at, months, self.anchor)
    }

    fn anchored(starts_at: OffsetDateTime, months: u16, anchor: i8) -> Result<Self, PeriodError> {
        if months == 0 {
            return Err(PeriodError);
        }
        let start = zoned(starts_at)?;
        let month = i32::from(start.month()) - 1 + i32::from(months);
        let year = i32::from(start.year()) + month.div_euclid(12);
        let year = i16::try_from(year).map_err(|_| PeriodError)?;
        let month = i8::try_from(month.rem_euclid(12) + 1).map_err(|_| PeriodError)?;
        let first = civil::Date::new(year, month, 1).map_err(|_| PeriodError)?;
        let day = anchor.min(first.days_in_month());
        let date = civil::Date::new(year, month, day).map_err(|_| PeriodError)?;
        let end = DateTime::from_parts(date, start.time());
        // An hour that the clocks leave out is the one after it, one that they repeat is the first.
        let end = end.to_zoned(zone()).map_err(|_| PeriodError)?;
        let ends_at = moment(end.timestamp())?;
        Ok(Self {
            starts_at,
            ends_at,
            anchor,
        })
    }

    /// When it begins.
    #[must_use]
    pub const fn starts_at(&self) -> OffsetDateTime {
        self.starts_at
    }

    /// When it is over.
    #[must_use]
    pub const fn ends_at(&self) -> OffsetDateTime {
        self.ends_at
    }

    /// The day of the month that its row has begun on, 1 to 31.
    #[must_use]
    pub const fn anchor(&self) -> i16 {
        self.anchor as i16
    }

    /// Whether a moment is in it.
    #[must_use]
    pub fn contains(&self, moment: OffsetDateTime) -> bool {
        self.starts_at <= moment && moment < self.ends_at
    }

    /// Of how many days it consists, and how many whole ones of them are still to come; a day that has begun is used up. Days are those of the
    /// calendar: one on which the clocks change counts as any other.
    #[must_use]
    pub fn days(&self, now: OffsetDateTime) -> (u32, u32) {
        let whole = days_between(self.starts_at, self.ends_at);
        let left = days_between(now.max(self.starts_at), self.ends_at);
        (whole, left.min(whole))
    }
}

/// The association's zone.
fn zone() -> TimeZone {
    ZoneName::default().rules()
}

fn zoned(moment: OffsetDateTime) -> Result<Zoned, PeriodError> {
    let timestamp = Timestamp::from_nanosecond(moment.unix_timestamp_nanos()).map_err(|_| PeriodError)?;
    Ok(Zoned::new(timestamp, zone()))
}

fn moment(timestamp: Timestamp) -> Result<OffsetDateTime, PeriodError> {
    OffsetDateTime::from_unix_timestamp_nanos(timestamp.as_nanosecond()).map_err(|_| PeriodError)
}

/// The whole days from one moment to a later one; none when it is not later.
fn days_between(from: OffsetDateTime, to: OffsetDateTime) -> u32 {
    let (Ok(from), Ok(to)) = (zoned(from), zoned(to)) else {
        return 0;
    };
    let days = from.until((Unit::Day, &to)).map_or(0, |span| span.get_days());
    u32::try_from(days).unwrap_or(0)
}
