//! Free text of a source file.

use std::borrow::Cow;

use super::warning::{WarningCounts, WarningKind};

/// The longest text that is kept, in characters. A B-tree index refuses entries past 2,700 bytes, and one such field would stop
/// the whole import; the longest real name has 150.
pub const MAX_TEXT_CHARACTERS: usize = 500;

/// Trims a text, turns control characters (line breaks, tabs, NUL, which PostgreSQL cannot store) into spaces and shortens it to
/// [`MAX_TEXT_CHARACTERS`]. None when nothing is left.
pub(super) fn clean<'a>(text: &'a str, warnings: &mut WarningCounts) -> Option<Cow<'a, str>> {
    let blank = |character: char| character.is_whitespace() || character.is_control();
    let text = text.trim_matches(blank);
    if text.is_empty() {
        return None;
    }
    let mut text = Cow::Borrowed(text);
    let plain = text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    if !plain && text.chars().any(char::is_control) {
        let spaced: String = text
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect();
        text = Cow::Owned(spaced);
    }
    if text.len() > MAX_TEXT_CHARACTERS
        && let Some((end, _)) = text.char_indices().nth(MAX_TEXT_CHARACTERS)
    {
        warnings.add(WarningKind::TextTooLong, 1);
        let short = text.get(..end).unwrap_or_default().trim_end().to_owned();
        text = Cow::Owned(short);
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cleaned(text: &str) -> (Option<String>, u64) {
        let mut warnings = WarningCounts::default();
        let cleaned = clean(text, &mut warnings).map(Cow::into_owned);
        (cleaned, warnings.count(WarningKind::TextTooLong))
    }

    #[test]
    fn text_is_trimmed_and_never_holds_control_characters() {
        assert_eq!(
            cleaned("  MUÑOZ & SONS\u{a0}\r"),
            (Some("MUÑOZ & SONS".into()), 0)
        );
        assert_eq!(
            cleaned("SUITE 5\r\nFLOOR\t2\0"),
            (Some("SUITE 5  FLOOR 2".into()), 0)
        );
        assert_eq!(cleaned(" \t\0 "), (None, 0));
    }

    #[test]
    fn overlong_text_is_shortened_and_said_so() {
        assert_eq!(cleaned(&"Ñ".repeat(500)), (Some("Ñ".repeat(500)), 0));
        assert_eq!(cleaned(&"Ñ".repeat(501)), (Some("Ñ".repeat(500)), 1));
    }

    proptest! {
        #[test]
        fn cleaning_twice_is_cleaning_once(text in ".{0,600}") {
            let once = cleaned(&text).0;
            prop_assert_eq!(once.as_deref().map(|text| cleaned(text).0), once.clone().map(Some));
        }
    }
}
