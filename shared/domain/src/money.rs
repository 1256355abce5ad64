//! Money as whole cents: no amount is ever a binary fraction.

use serde::{Deserialize, Serialize};
use thiserror::Error;
use utoipa::ToSchema;

/// Why a number is no amount.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("an amount is a whole number of cents from 0 to {}", Cents::MAX.0)]
pub struct AmountError;

/// An amount in the smallest unit of its currency, never negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "i64")]
#[schema(value_type = i64, minimum = 0, maximum = 9007199254740991_i64)]
pub struct Cents(i64);

impl Cents {
    /// The largest amount: what a client's double-precision number still holds exactly.
    pub const MAX: Self = Self(9_007_199_254_740_991);

    /// The number of cents.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }
}

impl TryFrom<i64> for Cents {
    type Error = AmountError;

    fn try_from(cents: i64) -> Result<Self, AmountError> {
        if (0..=Self::MAX.0).contains(&cents) {
            Ok(Self(cents))
        } else {
            Err(AmountError)
        }
    }
}

impl std::str::FromStr for Cents {
    type Err = AmountError;

    fn from_str(text: &str) -> Result<Self, AmountError> {
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(AmountError);
        }
        text.parse::<i64>().map_err(|_| AmountError)?.try_into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_whole_cents_only() {
        assert_eq!("1250".parse::<Cents>().map(Cents::get), Ok(1250));
        for text in ["", "-1", "+1", "1.5", "9007199254740992", "99999999999999999999"] {
            assert_eq!(text.parse::<Cents>(), Err(AmountError), "{text:?}");
        }
        assert!(serde_json::from_str::<Cents>("-1").is_err());
    }
}
