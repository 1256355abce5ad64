//! Marks around what was found, safe to put into HTML.

/// Stands before a match in a text from the database: of the private use area, and taken out of the text before.
pub const MARK_START: char = '\u{e000}';

/// Stands after a match.
pub const MARK_END: char = '\u{e001}';

/// The text with everything escaped that HTML would read as its own, and `<mark>` around the matches.
#[must_use]
pub fn marked_html(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + 32);
    let mut is_marked = false;
    for c in text.chars() {
        match c {
            MARK_START if !is_marked => html.push_str("<mark>"),
            MARK_END if is_marked => html.push_str("</mark>"),
            MARK_START | MARK_END => continue,
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            c => html.push(c),
        }
        is_marked = match c {
            MARK_START => true,
            MARK_END => false,
            _ => is_marked,
        };
    }
    if is_marked {
        html.push_str("</mark>");
    }
    html
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn matches_are_marked_and_markup_is_text() {
        assert_eq!(
            marked_html("<script>\u{e000}roof\u{e001}</script> \"O'Brien\" & co"),
            "&lt;script&gt;<mark>roof</mark>&lt;/script&gt; &quot;O&#39;Brien&quot; &amp; co"
        );
    }

    proptest! {
        #[test]
        fn marks_are_balanced_whatever_the_text(text in "(\\PC|\u{e000}|\u{e001}|[<>&]){0,40}") {
            let html = marked_html(&text);
            let plain = html.replace("<mark>", "").replace("</mark>", "");
            prop_assert!(!plain.contains(['<', '>', '"', '\'', MARK_START, MARK_END]));
            let mut open = 0_i32;
            for part in html.split('<') {
                open += i32::from(part.starts_with("mark>")) - i32::from(part.starts_with("/mark>"));
                prop_assert!((0..=1).contains(&open));
            }
            prop_assert_eq!(open, 0);
        }
    }
}
