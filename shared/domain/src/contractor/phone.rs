//! Telephone numbers.

/// The text is not a North American telephone number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a telephone number has ten digits, such as (916) 555 1234")]
pub struct InvalidPhone;

/// Brings a number of the North American Numbering Plan, written in any usual way, to E.164: `(916) 555 1234` becomes
/// `+19165551234`.
///
/// # Errors
/// When the digits are not ten (or eleven with a leading 1), the area code begins with 0 or 1, or other characters than digits
/// and `( ) + - . /` and spaces occur.
pub fn parse_phone(text: &str) -> Result<String, InvalidPhone> {
    let mut digits = String::with_capacity(12);
    digits.push_str("+1");
    for character in text.chars() {
        match character {
            '0'..='9' => digits.push(character),
            '(' | ')' | '+' | '-' | '.' | '/' | ' ' | '\u{a0}' => {}
            _ => return Err(InvalidPhone),
        }
    }
    if digits.len() == 13 && digits.starts_with("+11") {
        digits.remove(1);
    }
    let area_code = digits.as_bytes().get(2).copied();
    if digits.len() == 12 && area_code.is_some_and(|first| first >= b'2') {
        Ok(digits)
    } else {
        Err(InvalidPhone)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn usual_spellings_become_e164() {
        for text in [
            "(916) 555 1234",
            "916-555-1234",
            "9165551234",
            "+1 916.555.1234",
            "1 916 555 1234",
        ] {
            assert_eq!(parse_phone(text).as_deref(), Ok("+19165551234"), "{text}");
        }
    }

    #[test]
    fn impossible_numbers_are_refused() {
        for text in [
            "",
            "555 1234",
            "(000) 000 0000",
            "(116) 555 1234",
            "916 555 1234 x5",
            "29165551234",
            "91655512345",
        ] {
            assert_eq!(parse_phone(text), Err(InvalidPhone), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_ten_digits_with_a_possible_area_code_survive(area in 200u32..1000, exchange in 0u32..1000, line in 0u32..10_000) {
            let written = format!("({area}) {exchange:03} {line:04}");
            prop_assert_eq!(parse_phone(&written), Ok(format!("+1{area}{exchange:03}{line:04}")));
        }
    }
}
