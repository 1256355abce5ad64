//! Passwords: how long they are, and which ones are refused because everybody tries them first.
//!
//! After NIST SP 800-63B-4, section 3.1.1.2: 15 characters or more, all of Unicode, no rules of composition, and the whole password
//! compared with what is commonly used or expected. A character is a Unicode code point of the NFKC form, in which passwords are also hashed.

mod expected;

use std::fmt;

use serde::Deserialize;
use thiserror::Error;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The fewest characters of a new password.
pub const SHORTEST: usize = 15;

/// The most characters of any password: more than anybody types, and a bound on what is hashed.
pub const LONGEST: usize = 256;

/// Words of the product, which whoever attacks it tries too.
const PRODUCT_WORDS: &[&str] = &["namc", "norcal", "portal", "contractor", "minority", "california"];

/// Why a password cannot be taken.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum PasswordError {
    /// Fewer than [`SHORTEST`] characters.
    #[error(
        "must have at least {SHORTEST} characters; several words that do not belong together are easy to remember"
    )]
    TooShort,
    /// More than [`LONGEST`] characters.
    #[error("must have at most {LONGEST} characters")]
    TooLong,
    /// The whole of it is common passwords, runs, repetitions, or words about its owner.
    #[error(
        "is among the first that are tried: it is made of common passwords, rows of keys, repetitions, or words about you or the portal; choose something else"
    )]
    Expected,
}

/// A password as it was typed, in its normal form. It never shows itself.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Password(String);

/// A password of a length that an account may be given; see [`NewPassword::refuse_expected`] for the rest.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct NewPassword(String);

impl Password {
    /// The bytes that are hashed.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl NewPassword {
    /// The bytes that are hashed.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// Refuses a password that is guessed early, given words about its owner: the address, the names, the firm.
    ///
    /// # Errors
    /// [`PasswordError::Expected`].
    pub fn refuse_expected(&self, about_owner: &[&str]) -> Result<(), PasswordError> {
        let words: Vec<String> = about_owner.iter().flat_map(|text| words_of(text)).collect();
        let words: Vec<&str> = PRODUCT_WORDS
            .iter()
            .copied()
            .chain(words.iter().map(String::as_str))
            .collect();
        if expected::weight(&folded(&self.0), &words) < expected::ENOUGH {
            return Err(PasswordError::Expected);
        }
        Ok(())
    }
}

/// A text about the owner as it may stand in a password: as a whole, and its parts.
fn words_of(text: &str) -> Vec<String> {
    let text = folded(text);
    let parts = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|part| part.chars().count() >= 3);
    let joined: String = text.chars().filter(|c| c.is_alphanumeric()).collect();
    let mut words: Vec<String> = parts.map(str::to_owned).collect();
    words.extend((joined.chars().count() >= 3).then_some(joined));
    words
}

/// The form in which what is expected is looked for: no accents, no capitals.
fn folded(text: &str) -> String {
    let letters = text.nfkd().filter(|c| !is_combining_mark(*c));
    letters.collect::<String>().to_lowercase()
}

fn normal(text: &str) -> String {
    text.nfkc().collect()
}

/// The normal form, unless it is too long. The bound on what comes in keeps the work bounded; one character becomes 18 at most.
fn bounded(text: &str) -> Result<String, PasswordError> {
    if text.len() > LONGEST * 16 {
        return Err(PasswordError::TooLong);
    }
    let text = normal(text);
    if text.chars().count() > LONGEST {
        return Err(PasswordError::TooLong);
    }
    Ok(text)
}

impl TryFrom<String> for Password {
    type Error = PasswordError;

    fn try_from(text: String) -> Result<Self, PasswordError> {
        bounded(&text).map(Self)
    }
}

impl TryFrom<String> for NewPassword {
    type Error = PasswordError;

    fn try_from(text: String) -> Result<Self, PasswordError> {
        let text = bounded(&text)?;
        if text.chars().count() < SHORTEST {
            return Err(PasswordError::TooShort);
        }
        Ok(Self(text))
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Password")
    }
}

impl fmt::Debug for NewPassword {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("NewPassword")
    }
}

#[cfg(test)]
mod tests;
