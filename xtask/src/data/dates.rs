//! Days and moments of the data set.

use time::{Date, Duration, Month, OffsetDateTime, UtcDateTime};

use super::random::Random;

/// The day on which the licence file is thought: rows depend on the seed alone, so a file made tomorrow has the same rows.
pub(crate) const FILE_DAY: Date = match Date::from_calendar_date(2026, Month::November, 1) {
    Ok(day) => day,
    Err(_) => Date::MIN,
};

/// `MM/DD/YYYY`, as the state writes a day.
pub(crate) fn american(day: Date) -> String {
    format!("{:02}/{:02}/{:04}", u8::from(day.month()), day.day(), day.year())
}

/// `day` moved by `days`; the day itself where the calendar ends.
pub(crate) fn shifted(day: Date, days: i64) -> Date {
    day.checked_add(Duration::days(days)).unwrap_or(day)
}

/// The last day of the month of `day`: licences run out at the end of a month.
pub(crate) fn month_end(day: Date) -> Date {
    day.replace_day(day.month().length(day.year())).unwrap_or(day)
}

/// A day between two others, both included.
pub(crate) fn day_between(random: &mut Random, first: Date, last: Date) -> Date {
    shifted(first, random.between(0..=(last - first).whole_days()))
}

/// A moment up to `days` days before `now`, to the second.
pub(crate) fn moment_before(random: &mut Random, now: OffsetDateTime, days: i64) -> OffsetDateTime {
    let seconds = random.between(0..=days.saturating_mul(86_400));
    now.checked_sub(Duration::seconds(seconds)).unwrap_or(now)
}

/// Noon, UTC, of the day.
pub(crate) fn noon(day: Date) -> OffsetDateTime {
    day.midnight().assume_utc() + Duration::hours(12)
}

/// Today, UTC.
pub(crate) fn today() -> Date {
    UtcDateTime::now().date()
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn days_are_written_as_the_state_writes_them() {
        assert_eq!(american(date!(2026 - 08 - 04)), "08/04/2026");
        assert_eq!(month_end(date!(2028 - 02 - 03)), date!(2028 - 02 - 29));
        assert_eq!(shifted(date!(2026 - 12 - 31), 1), date!(2027 - 01 - 01));
        assert_eq!(FILE_DAY, date!(2026 - 11 - 01));
    }
}
