//! Text that people write: bounded, and without what no person types.

use std::fmt;
use std::ops::Deref;

use serde::{Deserialize, Serialize};
use serde_json::Value;
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
    /// A character that turns the direction of what follows it, by which a text can look like another.
    #[error("must not hold characters that turn the direction of writing")]
    Direction,
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
    if text.chars().all(|c| c.is_whitespace() || is_invisible(c)) {
        return Err(TextError::Blank);
    }
    if text.chars().count() > max {
        return Err(TextError::TooLong(max));
    }
    if text.contains(turns) {
        return Err(TextError::Direction);
    }
    let allowed = |c: char| !c.is_control() || breaks && matches!(c, '\n' | '\t');
    if !text.chars().all(allowed) {
        return Err(TextError::Control(breaks));
    }
    Ok(text)
}

/// Whether nothing is seen of a character: spaces of no width, marks of direction and joiners.
const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

/// Whether a character turns around what follows it, also beyond the end of the text (Unicode's embeddings, overrides and isolates).
pub(crate) const fn turns(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// One character that may stand in a line, and one that is not white space, as a regular expression has them.
const LINE_PATTERN: &str = r"^[^\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]*[^\s\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff][^\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]*$";
const PROSE_PATTERN: &str = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]*[^\s\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff][^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]*$";

macro_rules! schema {
    ($name:ident, $pattern:ident) => {
        impl<const MAX: usize> utoipa::PartialSchema for $name<MAX> {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                utoipa::openapi::schema::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .min_length(Some(1))
                    .max_length(Some(MAX))
                    .pattern(Some($pattern))
                    .build()
                    .into()
            }
        }

        impl<const MAX: usize> utoipa::ToSchema for $name<MAX> {
            fn name() -> std::borrow::Cow<'static, str> {
                format!("{}{MAX}", stringify!($name)).into()
            }
        }
    };
}

schema!(Line, LINE_PATTERN);
schema!(Prose, PROSE_PATTERN);

/// The longest object of free form, in bytes of JSON.
const LONGEST_OBJECT: usize = 20_000;

/// What is wrong with an object of free form that is stored as it is: NUL is no character of a database's text.
#[must_use]
pub fn object_fault(object: &serde_json::Map<String, Value>) -> Option<&'static str> {
    let has_nul = |(name, value): (&String, &Value)| name.contains('\0') || holds_nul(value);
    if object.iter().any(has_nul) {
        return Some("must not hold the character NUL");
    }
    let length = serde_json::to_string(object).map_or(0, |text| text.len());
    (length > LONGEST_OBJECT).then_some("must have at most 20000 bytes as JSON")
}

fn holds_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(values) => values.iter().any(holds_nul),
        Value::Object(fields) => fields
            .iter()
            .any(|(name, value)| name.contains('\0') || holds_nul(value)),
        _ => false,
    }
}

/// A list of at most `MAX` entries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<T>", into = "Vec<T>")]
#[serde(bound(deserialize = "T: Deserialize<'de>", serialize = "T: Serialize + Clone"))]
pub struct Few<T, const MAX: usize>(Vec<T>);

/// A list with too many entries.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("must have at most {0} entries")]
pub struct TooMany(usize);

impl<T, const MAX: usize> Default for Few<T, MAX> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T, const MAX: usize> TryFrom<Vec<T>> for Few<T, MAX> {
    type Error = TooMany;

    fn try_from(entries: Vec<T>) -> Result<Self, TooMany> {
        if entries.len() > MAX {
            return Err(TooMany(MAX));
        }
        Ok(Self(entries))
    }
}

impl<T, const MAX: usize> From<Few<T, MAX>> for Vec<T> {
    fn from(entries: Few<T, MAX>) -> Self {
        entries.0
    }
}

impl<T, const MAX: usize> Deref for Few<T, MAX> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
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
        assert_eq!(line("a\u{202e}b"), Err(TextError::Direction));
        assert_eq!(line("\u{200b}\u{feff} "), Err(TextError::Blank));
        assert_eq!(line("a\u{200d}b").as_deref(), Ok("a\u{200d}b"));
    }

    #[test]
    fn prose_keeps_its_lines() {
        let prose = |text: &str| Prose::<20>::try_from(text.to_owned());
        assert_eq!(&*prose("a\r\n\tb\n").unwrap(), "a\n\tb");
        assert_eq!(prose("a\u{1b}[0m").unwrap_err(), TextError::Control(true));
    }

    #[test]
    fn a_list_is_bounded() {
        assert!(serde_json::from_str::<Few<Line<5>, 2>>(r#"["a", "b"]"#).is_ok());
        let error = serde_json::from_str::<Few<Line<5>, 1>>(r#"["a", "b"]"#).unwrap_err();
        assert!(error.to_string().starts_with("must have at most 1 entries"));
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
