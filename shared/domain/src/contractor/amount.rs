//! Amounts of money in source files.

/// The text is not an amount of dollars.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an amount is a number of dollars, such as 25000 or $25,000.00")]
pub struct InvalidAmount;

/// Ten thousand million dollars, in cents: no bond comes near, and sums of such amounts cannot overflow.
const MAX_CENTS: i64 = 1_000_000_000_000;

/// Reads an amount of dollars as integer cents: `25000`, `25,000`, `$25,000.5` and `25000.00`.
///
/// # Errors
/// When the text is anything else: a sign, more than two decimals, other characters, or more than ten thousand million dollars.
pub fn parse_cents(text: &str) -> Result<i64, InvalidAmount> {
    let text = text.trim();
    let text = text.strip_prefix('$').unwrap_or(text).trim_start();
    let (dollars, cents) = text.split_once('.').unwrap_or((text, ""));
    let grouped = dollars.split(',').skip(1).all(|group| group.len() == 3);
    if !grouped || dollars.starts_with(',') || cents.len() > 2 || (dollars.is_empty() && cents.is_empty()) {
        return Err(InvalidAmount);
    }
    let mut total: i64 = 0;
    let padding = "00".get(cents.len()..).unwrap_or("");
    let digits = dollars
        .bytes()
        .filter(|byte| *byte != b',')
        .chain(cents.bytes())
        .chain(padding.bytes());
    for byte in digits {
        if !byte.is_ascii_digit() {
            return Err(InvalidAmount);
        }
        total = total * 10 + i64::from(byte - b'0');
        if total > MAX_CENTS {
            return Err(InvalidAmount);
        }
    }
    Ok(total)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn dollars_become_cents() {
        for (text, cents) in [
            ("25000", 2_500_000),
            ("$25,000.00", 2_500_000),
            ("12.5", 1_250),
            ("0", 0),
            (".75", 75),
            ("1,000,000", 100_000_000),
        ] {
            assert_eq!(parse_cents(text), Ok(cents), "{text}");
        }
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "",
            "$",
            ".",
            "-5",
            "1e3",
            "12.345",
            "1,00",
            ",100",
            "12 000",
            "99999999999999999999",
            "ten",
        ] {
            assert_eq!(parse_cents(text), Err(InvalidAmount), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn no_amount_is_changed_by_a_cent(cents in 0i64..=MAX_CENTS) {
            prop_assert_eq!(parse_cents(&format!("{}.{:02}", cents / 100, cents % 100)), Ok(cents));
        }

        #[test]
        fn no_text_overflows(text in "[0-9$,. ]{0,40}") {
            if let Ok(cents) = parse_cents(&text) {
                prop_assert!((0..=MAX_CENTS).contains(&cents));
            }
        }
    }
}
