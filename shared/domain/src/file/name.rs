//! Names of files, as people give them and as downloads carry them.

use std::ops::Deref;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::text::{self, Line, TextError};

/// The most characters of a name.
const MAX: usize = 255;

/// What RFC 5987 lets stand as it is: `attr-char`.
const KEPT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'!')
    .remove(b'#')
    .remove(b'$')
    .remove(b'&')
    .remove(b'+')
    .remove(b'-')
    .remove(b'.')
    .remove(b'^')
    .remove(b'_')
    .remove(b'`')
    .remove(b'|')
    .remove(b'~');

/// The name of a file without a path: one line of at most 255 characters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct FileName(String);

/// Why a name cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum FileNameError {
    /// It is no line of text.
    #[error(transparent)]
    Text(#[from] TextError),
    /// It has folders in it, or is one.
    #[error("must be a name without a path: no / or \\, and not . or ..")]
    Path,
    /// It holds a character that turns the direction of writing, by which a name can look like another.
    #[error("must not hold characters that turn the direction of writing")]
    Direction,
}

impl TryFrom<String> for FileName {
    type Error = FileNameError;

    fn try_from(text: String) -> Result<Self, FileNameError> {
        if text.contains(turns) {
            return Err(FileNameError::Direction);
        }
        let name: String = Line::<MAX>::try_from(text)?.into();
        if name.contains(['/', '\\']) || name == "." || name == ".." {
            return Err(FileNameError::Path);
        }
        Ok(Self(name))
    }
}

/// Whether a character turns the direction of writing: what no text may hold, and the marks of the Unicode bidirectional algorithm (UAX 9).
const fn turns(c: char) -> bool {
    text::turns(c) || matches!(c, '\u{200e}' | '\u{200f}' | '\u{061c}')
}

impl From<FileName> for String {
    fn from(name: FileName) -> Self {
        name.0
    }
}

impl Deref for FileName {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl utoipa::PartialSchema for FileName {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        let (path, marks) = (r"/\\", r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069");
        let inside = format!(r"[^\x00-\x1f\x7f-\x9f{path}{marks}]*");
        let solid = format!(r"[^\s\x00-\x1f\x7f-\x9f{path}{marks}]");
        utoipa::openapi::schema::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .min_length(Some(1))
            .max_length(Some(MAX))
            .pattern(Some(format!(r"^(?!\s*\.{{1,2}}\s*$){inside}{solid}{inside}$")))
            .description(Some("A file's name without a path, in one line."))
            .examples(["Plan of the roof.pdf"])
            .build()
            .into()
    }
}

impl utoipa::ToSchema for FileName {}

/// The `Content-Disposition` of a download: an attachment of this name (RFC 6266), in UTF-8 as RFC 5987 has it, and in plain ASCII
/// for clients that do not know that form. Whatever stands in the name, it stays inside its parameter.
#[must_use]
pub fn attachment(name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|c| match c {
            // A percent sign there is decoded by some clients and not by others.
            '"' | '\\' | '%' => '_',
            ' '..='~' => c,
            _ => '_',
        })
        .collect();
    let encoded = utf8_percent_encode(name, KEPT);
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn name(text: &str) -> Result<String, FileNameError> {
        FileName::try_from(text.to_owned()).map(Into::into)
    }

    #[test]
    fn a_name_is_one_line_without_a_path() {
        assert_eq!(
            name(" Plan \"A\" – Muñoz.pdf "),
            Ok("Plan \"A\" – Muñoz.pdf".to_owned())
        );
        assert_eq!(name("a\nb"), Err(FileNameError::Text(TextError::Control(false))));
        assert_eq!(
            name(&"x".repeat(256)),
            Err(FileNameError::Text(TextError::TooLong(255)))
        );
        for path in ["../plan.pdf", "a/b", "a\\b", ".", ".."] {
            assert_eq!(name(path), Err(FileNameError::Path), "{path}");
        }
        assert_eq!(name("plan\u{202e}fdp.exe"), Err(FileNameError::Direction));
    }

    #[test]
    fn a_download_is_an_attachment_with_both_forms_of_its_name() {
        assert_eq!(
            attachment("naïve \"plan\" 50%.pdf"),
            "attachment; filename=\"na_ve _plan_ 50_.pdf\"; filename*=UTF-8''na%C3%AFve%20%22plan%22%2050%25.pdf"
        );
        assert_eq!(
            attachment("a\r\nSet-Cookie: b"),
            "attachment; filename=\"a__Set-Cookie: b\"; filename*=UTF-8''a%0D%0ASet-Cookie%3A%20b"
        );
    }

    proptest! {
        #[test]
        fn no_name_breaks_out_of_its_header(text in any::<String>()) {
            let header = attachment(&text);
            prop_assert!(header.bytes().all(|byte| (b' '..=b'~').contains(&byte)));
            prop_assert_eq!(header.matches('"').count(), 2);
            let (_, encoded) = header.split_once("UTF-8''").unwrap();
            let decoded = percent_encoding::percent_decode_str(encoded).decode_utf8().unwrap();
            prop_assert_eq!(decoded.as_ref(), text.as_str());
        }
    }
}
