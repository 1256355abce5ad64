//! Content lines (RFC 5545, section 3.1).

/// How many octets a line has at most, without its end.
const LONGEST: usize = 75;

/// The lines of a calendar.
#[derive(Default)]
pub(super) struct Lines(String);

impl Lines {
    /// A property whose value needs no escaping.
    pub(super) fn plain(&mut self, name: &str, value: &str) {
        self.fold(&format!("{name}:{value}"));
    }

    /// A property whose value people have written (section 3.3.11).
    pub(super) fn text(&mut self, name: &str, value: &str) {
        let mut escaped = String::with_capacity(value.len());
        for c in value.chars() {
            match c {
                '\\' | ';' | ',' => escaped.extend(['\\', c]),
                '\n' => escaped.push_str("\\n"),
                '\t' => escaped.push(c),
                // No control character may stand in a line.
                c if c.is_control() => {}
                c => escaped.push(c),
            }
        }
        self.plain(name, &escaped);
    }

    /// A property whose value is an address: what is no visible ASCII has no place in one.
    pub(super) fn uri(&mut self, name: &str, value: &str) {
        let address: String = value.chars().filter(char::is_ascii_graphic).collect();
        self.plain(name, &address);
    }

    /// Breaks a line where it gets too long, counted in octets, and never inside a character.
    fn fold(&mut self, line: &str) {
        let mut room = LONGEST;
        for c in line.chars() {
            if c.len_utf8() > room {
                self.0.push_str("\r\n ");
                // The space that begins a continued line counts.
                room = LONGEST - 1;
            }
            self.0.push(c);
            room -= c.len_utf8();
        }
        self.0.push_str("\r\n");
    }

    pub(super) fn finish(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn unfolded(text: &str) -> String {
        text.replace("\r\n ", "")
    }

    #[test]
    fn what_would_end_or_part_a_value_is_escaped() {
        let mut lines = Lines::default();
        lines.text("SUMMARY", "a,b;c\\d\r\nBEGIN:VEVENT\u{0}\u{7f}\u{85}: \"q\"\tz");
        assert_eq!(
            lines.finish(),
            "SUMMARY:a\\,b\\;c\\\\d\\nBEGIN:VEVENT: \"q\"\tz\r\n"
        );
    }

    proptest! {
        #[test]
        fn no_line_is_too_long_and_none_breaks_a_character(value in "\\PC{0,300}") {
            let mut lines = Lines::default();
            lines.text("DESCRIPTION", &value);
            let text = lines.finish();
            let folded: Vec<_> = text.strip_suffix("\r\n").unwrap().split("\r\n").collect();
            prop_assert!(folded.iter().all(|line| line.len() <= LONGEST), "{text}");
            prop_assert!(folded.iter().skip(1).all(|line| line.starts_with(' ')));
            let escaped = value.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,");
            prop_assert_eq!(unfolded(&text), format!("DESCRIPTION:{escaped}\r\n"));
        }
    }
}
