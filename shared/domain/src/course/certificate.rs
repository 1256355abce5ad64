//! Numbers of certificates: nobody guesses one, and a mistyped one is noticed.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;
use time::OffsetDateTime;

use crate::words::words;

/// Digits and letters without those that are taken for others (Crockford's base 32).
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// How many characters a number has, the last of which is the check digit.
const LENGTH: usize = 16;

/// How many characters stand together.
const GROUP: usize = 4;

/// Why a text is no number of a certificate.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum CertificateNumberError {
    /// It has another form.
    #[error("a number of a certificate has four groups of four letters and digits")]
    Form,
    /// It has the form, and a character is wrong.
    #[error("a character of the number is mistyped, or two have changed places")]
    Check,
}

/// The number of a certificate: 75 random bits and a check digit, as `8Q2T-M4XA-0V7K-PD33`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CertificateNumber([u8; LENGTH]);

impl CertificateNumber {
    /// The number made from random bytes, of which 75 bits are used.
    #[must_use]
    pub fn of(random: u128) -> Self {
        let mut values = [0; LENGTH];
        for (at, value) in values.iter_mut().take(LENGTH - 1).enumerate() {
            // Five bits are below 32.
            *value = u8::try_from(random >> (5 * at) & 31).unwrap_or(0);
        }
        let check = weighed(&values);
        if let Some(last) = values.last_mut() {
            *last = check;
        }
        Self(values)
    }
}

/// The sum over the values, each times its place's power of the field's generator; the last value has the weight one, so that it can
/// make the whole sum zero. All weights differ: one wrong character, or two that have changed places, always show.
fn weighed(values: &[u8]) -> u8 {
    values.iter().fold(0, |sum, value| times_generator(sum) ^ *value) ^ values.last().copied().unwrap_or(0)
}

/// A value of GF(32) times its generator, by the polynomial x⁵ + x² + 1, which is primitive.
const fn times_generator(value: u8) -> u8 {
    let shifted = value << 1;
    if shifted & 32 == 0 {
        shifted
    } else {
        shifted ^ 0b10_0101
    }
}

/// The value of a character, also of those that are written for others.
fn value(character: u8) -> Option<u8> {
    let character = match character.to_ascii_uppercase() {
        b'O' => b'0',
        b'I' | b'L' => b'1',
        other => other,
    };
    let at = ALPHABET.iter().position(|known| *known == character)?;
    u8::try_from(at).ok()
}

impl FromStr for CertificateNumber {
    type Err = CertificateNumberError;

    /// Takes a number in either case, with or without its hyphens.
    fn from_str(text: &str) -> Result<Self, CertificateNumberError> {
        let characters = text.bytes().filter(|byte| !matches!(byte, b'-' | b' '));
        let values: Option<Vec<u8>> = characters.map(value).collect();
        let values = values.ok_or(CertificateNumberError::Form)?;
        let values: [u8; LENGTH] = values.try_into().map_err(|_| CertificateNumberError::Form)?;
        if values.last() == Some(&weighed(&values)) {
            Ok(Self(values))
        } else {
            Err(CertificateNumberError::Check)
        }
    }
}

impl TryFrom<String> for CertificateNumber {
    type Error = CertificateNumberError;

    fn try_from(text: String) -> Result<Self, CertificateNumberError> {
        text.parse()
    }
}

impl From<CertificateNumber> for String {
    fn from(number: CertificateNumber) -> Self {
        number.to_string()
    }
}

impl fmt::Display for CertificateNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, value) in self.0.iter().enumerate() {
            if at > 0 && at % GROUP == 0 {
                formatter.write_str("-")?;
            }
            let character = ALPHABET.get(usize::from(*value)).copied().unwrap_or(b'0');
            write!(formatter, "{}", char::from(character))?;
        }
        Ok(())
    }
}

words! {
    /// What a certificate is worth at a moment.
    CertificateStanding {
        /// It is good.
        Valid = "VALID",
        /// It was good, and its time is over.
        Expired = "EXPIRED",
        /// It was taken back.
        Revoked = "REVOKED",
    }
}

impl CertificateStanding {
    /// That of a certificate at a moment; at the instant of its expiry it is over.
    #[must_use]
    pub fn of(
        expires_at: Option<OffsetDateTime>,
        revoked_at: Option<OffsetDateTime>,
        now: OffsetDateTime,
    ) -> Self {
        match (revoked_at, expires_at) {
            (Some(_), _) => Self::Revoked,
            (None, Some(expires)) if expires <= now => Self::Expired,
            _ => Self::Valid,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use time::macros::datetime;

    #[test]
    fn a_number_reads_as_it_is_written_and_as_people_write_it() {
        let number = CertificateNumber::of(0x0123_4567_89ab_cdef_0123);
        let text = number.to_string();
        assert_eq!(text.len(), 19);
        for written in [
            text.clone(),
            text.to_lowercase(),
            text.replace('-', ""),
            text.replace('-', " ").replace('0', "o").replace('1', "l"),
        ] {
            assert_eq!(written.parse(), Ok(number.clone()), "{written}");
        }
        for text in [
            "",
            "1234",
            "8Q2T-M4XA-0V7K-PD33-0",
            "8Q2T-M4XA-0V7K-PD3U",
            "8Q2T-M4XA-0V7K-PD3é",
        ] {
            assert_eq!(
                text.parse::<CertificateNumber>(),
                Err(CertificateNumberError::Form),
                "{text}"
            );
        }
    }

    #[test]
    fn every_weight_is_another() {
        let mut weights = Vec::new();
        for at in 0..LENGTH {
            let mut values = [0; LENGTH];
            values[at] = 1;
            // The check digit's own weight is one, which its exclusion from the sum hides.
            weights.push(if at == LENGTH - 1 { 1 } else { weighed(&values) });
        }
        let distinct: std::collections::BTreeSet<_> = weights.iter().collect();
        assert_eq!((distinct.len(), weights.contains(&0)), (LENGTH, false));
    }

    proptest! {
        #[test]
        fn one_wrong_character_shows(random: u128, at in 0..LENGTH, by in 1u8..32) {
            let CertificateNumber(mut values) = CertificateNumber::of(random);
            values[at] ^= by;
            let text = CertificateNumber(values).to_string();
            prop_assert_eq!(text.parse::<CertificateNumber>(), Err(CertificateNumberError::Check));
        }

        #[test]
        fn two_that_have_changed_places_show(random: u128, one in 0..LENGTH, other in 0..LENGTH) {
            let CertificateNumber(mut values) = CertificateNumber::of(random);
            prop_assume!(values[one] != values[other]);
            values.swap(one, other);
            let text = CertificateNumber(values).to_string();
            prop_assert_eq!(text.parse::<CertificateNumber>(), Err(CertificateNumberError::Check));
        }

        #[test]
        fn every_number_that_is_made_is_one(random: u128) {
            let number = CertificateNumber::of(random);
            prop_assert_eq!(number.to_string().parse(), Ok(number));
        }
    }

    #[test]
    fn a_certificate_is_over_at_its_instant_and_revoked_whatever_its_time() {
        let now = datetime!(2026-05-01 12:00 UTC);
        let second = time::Duration::SECOND;
        for (expires, revoked, standing) in [
            (None, None, CertificateStanding::Valid),
            (Some(now + second), None, CertificateStanding::Valid),
            (Some(now), None, CertificateStanding::Expired),
            (Some(now + second), Some(now), CertificateStanding::Revoked),
            (Some(now - second), Some(now), CertificateStanding::Revoked),
        ] {
            assert_eq!(CertificateStanding::of(expires, revoked, now), standing);
        }
    }
}
