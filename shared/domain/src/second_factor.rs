//! The second factor as it is typed: six digits from an app, or a recovery code from paper.

use std::fmt;

use serde::Deserialize;
use thiserror::Error;

/// How many recovery codes an account is given at a time.
pub const RECOVERY_CODES: usize = 10;

/// Crockford's alphabet: no letter that is taken for a digit, and no U.
///
/// Source: <https://www.crockford.com/base32.html>
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Characters of a recovery code, five bits each.
const LENGTH: usize = 24;

/// Why a text is no code. No message repeats it.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum CodeError {
    /// Not six digits.
    #[error("must have six digits, as the authenticator app shows them")]
    TotpForm,
    /// Not 24 letters and digits of the alphabet.
    #[error("must have 24 letters and digits, in six groups of four")]
    RecoveryForm,
}

/// A time-based one-time password (RFC 6238) of six digits, as it was typed.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct TotpCode(String);

impl TotpCode {
    /// The six digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for TotpCode {
    type Error = CodeError;

    /// Apps show the digits in two groups, so blanks do not count.
    fn try_from(text: String) -> Result<Self, CodeError> {
        let digits: String = text.chars().filter(|c| *c != ' ').collect();
        let form = digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_digit());
        form.then_some(Self(digits)).ok_or(CodeError::TotpForm)
    }
}

impl fmt::Debug for TotpCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("TotpCode([redacted])")
    }
}

/// A recovery code: 120 random bits. From 112 bits on a fast hash keeps a look-up secret (NIST SP 800-63B-4, section 3.1.2.2).
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct RecoveryCode([u8; Self::BYTES]);

impl RecoveryCode {
    /// Bytes of a code.
    pub const BYTES: usize = 15;

    /// The code made of random bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; Self::BYTES]) -> Self {
        Self(bytes)
    }

    /// The bytes, for hashing.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; Self::BYTES] {
        &self.0
    }

    /// The code as it is shown once: six groups of four, with hyphens.
    #[must_use]
    pub fn reveal(&self) -> String {
        // Three characters at a time would not line up with bytes; the whole is 120 bits, so a number holds it.
        let number = self
            .0
            .iter()
            .fold(0_u128, |number, byte| number << 8 | u128::from(*byte));
        let mut text = String::with_capacity(LENGTH + 5);
        for position in (0..LENGTH).rev() {
            let index = usize::try_from((number >> (5 * position)) & 31).unwrap_or_default();
            text.extend(ALPHABET.get(index).map(|byte| char::from(*byte)));
            if position % 4 == 0 && position > 0 {
                text.push('-');
            }
        }
        text
    }
}

impl TryFrom<String> for RecoveryCode {
    type Error = CodeError;

    /// Blanks, hyphens and case do not count, and what is easily mistaken is read as what was meant: O as 0, I and L as 1.
    fn try_from(text: String) -> Result<Self, CodeError> {
        let mut number = 0_u128;
        let mut length = 0;
        for c in text.chars().filter(|c| !matches!(c, ' ' | '-')) {
            let value = value(c).ok_or(CodeError::RecoveryForm)?;
            length += 1;
            if length > LENGTH {
                return Err(CodeError::RecoveryForm);
            }
            number = number << 5 | value;
        }
        let bytes = number.to_be_bytes();
        match bytes.last_chunk::<{ Self::BYTES }>() {
            Some(bytes) if length == LENGTH => Ok(Self(*bytes)),
            _ => Err(CodeError::RecoveryForm),
        }
    }
}

/// What a character stands for, 0 to 31.
fn value(c: char) -> Option<u128> {
    let c = match c.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    let index = ALPHABET.iter().position(|known| char::from(*known) == c)?;
    u128::try_from(index).ok()
}

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("RecoveryCode([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn recovery(text: &str) -> Result<RecoveryCode, CodeError> {
        RecoveryCode::try_from(text.to_owned())
    }

    #[test]
    fn a_totp_code_is_six_digits() {
        for text in ["123456", "123 456", " 123456 "] {
            assert_eq!(TotpCode::try_from(text.to_owned()).unwrap().as_str(), "123456");
        }
        for text in ["", "12345", "1234567", "12345a", "１23456", "-12345"] {
            assert_eq!(
                TotpCode::try_from(text.to_owned()),
                Err(CodeError::TotpForm),
                "{text}"
            );
        }
    }

    #[test]
    fn a_recovery_code_is_shown_in_groups() {
        let mut bytes = [0; RecoveryCode::BYTES];
        assert_eq!(
            RecoveryCode::from_bytes(bytes).reveal(),
            "0000-0000-0000-0000-0000-0000"
        );
        bytes[14] = 0b0010_0001;
        assert_eq!(
            RecoveryCode::from_bytes(bytes).reveal(),
            "0000-0000-0000-0000-0000-0011"
        );
        assert_eq!(
            RecoveryCode::from_bytes([0xff; 15]).reveal(),
            "ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ"
        );
    }

    #[test]
    fn slips_of_the_pen_are_forgiven() {
        let meant = recovery("1010-ABCD-EFGH-JKMN-PQRS-TVWX").unwrap();
        assert_eq!(recovery("iolO abcd efgh jkmn pqrs tvwx"), Ok(meant));
    }

    #[test]
    fn what_is_no_recovery_code_is_refused() {
        let long = "0".repeat(1000);
        for text in [
            "",
            "0000",
            "0000-0000-0000-0000-0000-000",
            "0000-0000-0000-0000-0000-000U",
            &long,
        ] {
            assert_eq!(recovery(text), Err(CodeError::RecoveryForm), "{text}");
        }
    }

    #[test]
    fn codes_do_not_show_in_logs() {
        let code = TotpCode::try_from("123456".to_owned()).unwrap();
        assert!(!format!("{code:?}{:?}", RecoveryCode::from_bytes([7; 15])).contains(['1', '7']));
    }

    proptest! {
        #[test]
        fn a_recovery_code_reads_back(bytes: [u8; 15]) {
            let code = RecoveryCode::from_bytes(bytes);
            prop_assert_eq!(recovery(&code.reveal()), Ok(code));
        }
    }
}
