//! The number of a contractor's licence.

use std::fmt;
use std::str::FromStr;

/// A licence number: 1 to 12 digits, kept as text because it is a name and not a quantity. It is the natural key of a contractor.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, utoipa::ToSchema)]
#[serde(transparent)]
#[schema(value_type = String, pattern = "^[0-9]{1,12}$", example = "700901")]
pub struct LicenceNumber(String);

/// The text is not a licence number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a licence number is 1 to 12 digits")]
pub struct InvalidLicenceNumber;

impl LicenceNumber {
    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for LicenceNumber {
    type Err = InvalidLicenceNumber;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        if (1..=12).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidLicenceNumber)
        }
    }
}

impl<'de> serde::Deserialize<'de> for LicenceNumber {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl fmt::Display for LicenceNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_kept_as_they_are_written() {
        assert_eq!("000123".parse::<LicenceNumber>().unwrap().as_str(), "000123");
        assert_eq!(" 700901 ".parse::<LicenceNumber>().unwrap().as_str(), "700901");
    }

    #[test]
    fn anything_but_one_to_twelve_digits_is_refused() {
        for text in ["", "  ", "12A", "-5", "1234567890123", "１２", "7 00"] {
            assert_eq!(
                text.parse::<LicenceNumber>(),
                Err(InvalidLicenceNumber),
                "{text:?}"
            );
        }
    }
}
