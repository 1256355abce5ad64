//! Text that people write: bounded, and without what no person types.

use std::fmt;
use std::ops::Deref;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Why a text cannot be taken.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum TextError {
    /// Nothing but white space.
    #[error("must not be blank")]
    Blank,
    /// More characters than there is room for.
    #[error("must have at most {0} characters")]
    TooLong(usize),
    /// A control character, such as NUL, or a line break where one line is wanted.
    #[error("must not hold control characters{}", if *.0 { "" } else { " or line breaks" })]
    Control(bool),
}

/// One line of 1 to `MAX` characters, without white space around it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Line<const MAX: usize>(String);

/// A text of 1 to `MAX` characters that may have several lines; breaks are kept as `\n`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Prose<const MAX: usize>(String);

macro_rules! text {
    ($name:ident, $breaks:literal) => {
        impl<const MAX: usize> TryFrom<String> for $name<MAX> {
            type Error = TextError;

            fn try_from(text: String) -> Result<Self, TextError> {
                checked(&text, MAX, $breaks).map(Self)
            }
        }

        impl<const MAX: usize> From<$name<MAX>> for String {
            fn from(text: $name<MAX>) -> Self {
                text.0
            }
        }

        impl<const MAX: usize> Deref for $name<MAX> {
            type Target = str;

            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl<const MAX: usize> fmt::Display for $name<MAX> {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }
    };
}

text!(Line, false);
text!(Prose, true);

fn checked(text: &str, max: usize, breaks: bool) -> Result<String, TextError> {
    let text = text.trim().replace("\r\n", "\n");
    if text.is_empty() {
        return Err(TextError::Blank);
    }
    if text.chars().count() > max {
        return Err(TextError::TooLong(max));
    }
    let allowed = |c: char| !c.is_control() || breaks && matches!(c, '\n' | '\t');
    if !text.chars().all(allowed) {
        return Err(TextError::Control(breaks));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str) -> Result<String, TextError> {
        Line::<5>::try_from(text.to_owned()).map(Into::into)
    }

    #[test]
    fn a_line_is_trimmed_bounded_and_one() {
        assert_eq!(line("  Muñoz "), Ok("Muñoz".to_owned()));
        assert_eq!(line(" \t "), Err(TextError::Blank));
        assert_eq!(line("Muñoz."), Err(TextError::TooLong(5)));
        assert_eq!(line("a\nb"), Err(TextError::Control(false)));
        assert_eq!(line("a\0b"), Err(TextError::Control(false)));
    }

    #[test]
    fn prose_keeps_its_lines() {
        let prose = |text: &str| Prose::<20>::try_from(text.to_owned());
        assert_eq!(&*prose("a\r\n\tb\n").unwrap(), "a\n\tb");
        assert_eq!(prose("a\u{1b}[0m").unwrap_err(), TextError::Control(true));
    }

    #[test]
    fn faults_read_as_sentences_about_a_field() {
        assert_eq!(
            TextError::Control(false).to_string(),
            "must not hold control characters or line breaks"
        );
        assert_eq!(
            TextError::Control(true).to_string(),
            "must not hold control characters"
        );
    }
}
