//! Days and moments of the data set.

use anyhow::{Context as _, Result};
use time::macros::format_description;
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

/// `hour` o'clock in California on that day: summer time from the second Sunday of March to the first of November.
pub(crate) fn pacific(day: Date, hour: i64) -> OffsetDateTime {
    let sunday = |month: Month, week: u8| {
        let first = day
            .replace_day(1)
            .and_then(|first| first.replace_month(month))
            .unwrap_or(day);
        first
            + Duration::days(i64::from(
                (7 - first.weekday().number_days_from_sunday()) % 7 + 7 * (week - 1),
            ))
    };
    let summer = day >= sunday(Month::March, 2) && day < sunday(Month::November, 1);
    day.midnight().assume_utc() + Duration::hours(hour + if summer { 7 } else { 8 })
}

/// Reads `YYYY-MM-DD`.
///
/// # Errors
/// When the text is not a day of the calendar.
pub(crate) fn parse_date(text: &str) -> Result<Date> {
    Date::parse(text, format_description!("[year]-[month]-[day]"))
        .with_context(|| format!("{text:?} is not a date; write it as 2026-11-01"))
}

/// Writes `YYYY-MM-DD`.
pub(crate) fn iso(day: Date) -> String {
    format!("{:04}-{:02}-{:02}", day.year(), u8::from(day.month()), day.day())
}

/// Today, UTC.
pub(crate) fn today() -> Date {
    UtcDateTime::now().date()
}

#[cfg(test)]
mod tests {
    use time::macros::{date, datetime};

    use super::*;

    #[test]
    fn days_are_written_as_the_state_writes_them() {
        assert_eq!(american(date!(2026 - 08 - 04)), "08/04/2026");
        assert_eq!(month_end(date!(2028 - 02 - 03)), date!(2028 - 02 - 29));
        assert_eq!(shifted(date!(2026 - 12 - 31), 1), date!(2027 - 01 - 01));
        assert_eq!(
            parse_date(&iso(date!(2026 - 08 - 04))).unwrap(),
            date!(2026 - 08 - 04)
        );
        assert!(parse_date("8/4/2026").is_err());
        assert_eq!(pacific(date!(2026 - 03 - 07), 9), datetime!(2026-03-07 17:00 UTC));
        assert_eq!(pacific(date!(2026 - 03 - 08), 9), datetime!(2026-03-08 16:00 UTC));
        assert_eq!(pacific(date!(2026 - 10 - 31), 9), datetime!(2026-10-31 16:00 UTC));
        assert_eq!(pacific(date!(2026 - 11 - 01), 9), datetime!(2026-11-01 17:00 UTC));
        assert_eq!(FILE_DAY, date!(2026 - 11 - 01));
    }
}
