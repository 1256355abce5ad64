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

    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// The number of cents.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }

    /// Whether it is nothing.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Both together, [`Cents::MAX`] at most.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0).min(Self::MAX.0))
    }

    /// What is left after the other is taken away, nothing at least.
    #[must_use]
    pub fn less(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0).max(0))
    }

    /// `part` of `whole` parts, rounded down to a whole cent: never more than the exact share, and less than it by no whole cent. A part
    /// beyond the whole is the whole; of no parts there is nothing.
    #[must_use]
    pub fn share(self, part: u32, whole: u32) -> Self {
        let share = i128::from(self.0) * i128::from(part.min(whole)) / i128::from(whole.max(1));
        // No share is larger than the amount, which fits.
        Self(i64::try_from(share).unwrap_or(self.0))
    }
}

/// Why a text is no currency.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("a currency is three letters (ISO 4217), such as USD")]
pub struct CurrencyError;

/// A currency by its code (ISO 4217).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, pattern = "^[A-Z]{3}$", examples("USD"))]
pub struct Currency([u8; 3]);

impl Currency {
    /// The association's.
    pub const USD: Self = Self(*b"USD");

    /// The code in capitals.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Only letters of ASCII are taken.
        str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl std::str::FromStr for Currency {
    type Err = CurrencyError;

    /// Takes a code in capitals or in small letters, as payment services write it.
    fn from_str(text: &str) -> Result<Self, CurrencyError> {
        let mut code: [u8; 3] = text.as_bytes().try_into().map_err(|_| CurrencyError)?;
        code.make_ascii_uppercase();
        if code.iter().all(u8::is_ascii_uppercase) {
            Ok(Self(code))
        } else {
            Err(CurrencyError)
        }
    }
}

impl TryFrom<String> for Currency {
    type Error = CurrencyError;

    fn try_from(text: String) -> Result<Self, CurrencyError> {
        text.parse()
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.as_str().to_owned()
    }
}

impl std::fmt::Display for Currency {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.as_str())
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
    use proptest::prelude::*;

    #[test]
    fn takes_whole_cents_only() {
        assert_eq!("1250".parse::<Cents>().map(Cents::get), Ok(1250));
        for text in ["", "-1", "+1", "1.5", "9007199254740992", "99999999999999999999"] {
            assert_eq!(text.parse::<Cents>(), Err(AmountError), "{text:?}");
        }
        assert!(serde_json::from_str::<Cents>("-1").is_err());
    }

    #[test]
    fn sums_and_differences_stay_amounts() {
        let cents = |amount: i64| Cents::try_from(amount).unwrap();
        assert_eq!(cents(3).less(cents(5)), Cents::ZERO);
        assert_eq!(Cents::MAX.plus(cents(1)), Cents::MAX);
        assert_eq!(cents(3).plus(cents(5)).less(cents(1)), cents(7));
    }

    #[test]
    fn a_currency_is_three_letters() {
        assert_eq!("usd".parse(), Ok(Currency::USD));
        for text in ["", "US", "USDT", "U1D", "\u{fc}s", "us "] {
            assert_eq!(text.parse::<Currency>(), Err(CurrencyError), "{text:?}");
        }
        assert_eq!(serde_json::to_string(&Currency::USD).unwrap(), "\"USD\"");
    }

    proptest! {
        #[test]
        fn a_share_is_rounded_down_by_less_than_a_cent(amount in 0..=Cents::MAX.0, part: u32, whole in 1_u32..) {
            let share = i128::from(Cents(amount).share(part, whole).0);
            let exact = i128::from(amount) * i128::from(part.min(whole));
            prop_assert!(share * i128::from(whole) <= exact);
            prop_assert!((share + 1) * i128::from(whole) > exact);
        }

        #[test]
        fn shares_together_are_no_more_than_the_whole(amount in 0..=Cents::MAX.0, part: u32, whole in 1_u32..) {
            let part = part % whole;
            let both = Cents(amount).share(part, whole).0 + Cents(amount).share(whole - part, whole).0;
            prop_assert!(both <= amount && both >= amount - 1);
        }
    }
}
