//! Days in words.

use time::OffsetDateTime;
use time::macros::format_description;

/// The day of a moment in words, by the clock that the moment is given on.
#[must_use]
pub fn day(at: OffsetDateTime) -> String {
    let format = format_description!("[month repr:long] [day padding:none], [year]");
    at.format(format).unwrap_or_else(|_| at.date().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn days_are_told_in_words() {
        assert_eq!(day(datetime!(2026-03-05 23:30 -8)), "March 5, 2026");
        assert_eq!(day(datetime!(2026-03-06 07:30 UTC)), "March 6, 2026");
    }
}
