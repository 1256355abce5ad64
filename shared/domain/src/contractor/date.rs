//! Dates in source files.

use time::{Date, Month};

/// The text is not a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a date is written MM/DD/YYYY, in the years 1850 to 2199")]
pub struct InvalidDate;

/// Reads `MM/DD/YYYY`; a month or day may have one digit. Years outside 1850–2199 are slips of the keyboard: California licenses
/// nobody before, and a date of the year 0202 would be read as an expiry.
///
/// # Errors
/// When the text is anything else or names a day that the calendar does not have.
pub fn parse_us_date(text: &str) -> Result<Date, InvalidDate> {
    let mut parts = text.trim().split('/');
    let (Some(month), Some(day), Some(year), None) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(InvalidDate);
    };
    let month = u8::try_from(digits(month, 1, 2)?).map_err(|_| InvalidDate)?;
    let day = u8::try_from(digits(day, 1, 2)?).map_err(|_| InvalidDate)?;
    let year = i32::from(digits(year, 4, 4)?);
    if !(1850..=2199).contains(&year) {
        return Err(InvalidDate);
    }
    let month = Month::try_from(month).map_err(|_| InvalidDate)?;
    Date::from_calendar_date(year, month, day).map_err(|_| InvalidDate)
}

/// A number of `least` to `most` ASCII digits, `most` being at most four.
fn digits(text: &str, least: usize, most: usize) -> Result<u16, InvalidDate> {
    if text.len() < least || text.len() > most {
        return Err(InvalidDate);
    }
    text.bytes().try_fold(0_u16, |number, byte| {
        if byte.is_ascii_digit() {
            Ok(number * 10 + u16::from(byte - b'0'))
        } else {
            Err(InvalidDate)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use time::macros::date;

    #[test]
    fn month_comes_first() {
        assert_eq!(parse_us_date("08/24/2026"), Ok(date!(2026 - 08 - 24)));
        assert_eq!(parse_us_date(" 1/2/2015 "), Ok(date!(2015 - 01 - 02)));
        assert_eq!(parse_us_date("02/29/2024"), Ok(date!(2024 - 02 - 29)));
    }

    #[test]
    fn what_the_calendar_does_not_have_is_refused() {
        for text in [
            "",
            "02/29/2023",
            "13/01/2020",
            "00/00/0000",
            "24/08/2026",
            "2026-08-24",
            "8/24/26",
            "08/24/2026/1",
            "aa/bb/cccc",
            "01/01/0202",
            "+1/01/2020",
        ] {
            assert_eq!(parse_us_date(text), Err(InvalidDate), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn every_day_survives(ordinal in 1u16..=366, year in 1850i32..=2199) {
            if let Ok(day) = Date::from_ordinal_date(year, ordinal) {
                let written = format!("{:02}/{:02}/{:04}", u8::from(day.month()), day.day(), day.year());
                prop_assert_eq!(parse_us_date(&written), Ok(day));
            }
        }

        #[test]
        fn no_text_is_fatal(text in "\\PC{0,14}") {
            let _ = parse_us_date(&text);
        }
    }
}
