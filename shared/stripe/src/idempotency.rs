//! What makes a request happen once, however often it is made.

use thiserror::Error;

/// A text that is no key.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("an idempotency key is 1 to 255 visible characters of ASCII")]
pub struct IdempotencyKeyError;

/// The `Idempotency-Key` of a request that changes something (<https://docs.stripe.com/api/idempotent_requests>): Stripe answers a second
/// request with the same key as it has answered the first, and refuses one that asks for something else. It forgets keys after a day at the
/// earliest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for IdempotencyKey {
    type Error = IdempotencyKeyError;

    fn try_from(key: String) -> Result<Self, IdempotencyKeyError> {
        if (1..=255).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic()) {
            Ok(Self(key))
        } else {
            Err(IdempotencyKeyError)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_fits_into_a_header() {
        for text in ["", "two words", "line\nbreak", "ü"] {
            assert_eq!(
                IdempotencyKey::try_from(text.to_owned()),
                Err(IdempotencyKeyError),
                "{text:?}"
            );
        }
        assert!(IdempotencyKey::try_from("k".repeat(256)).is_err());
        assert!(IdempotencyKey::try_from("refund/0198/500".to_owned()).is_ok());
    }
}
