//! What can go wrong with a request.

use serde::Deserialize;
use thiserror::Error;

use crate::secret::KeyError;

/// What Stripe says about a request that it has not carried out (<https://docs.stripe.com/api/errors>).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ApiError {
    /// The HTTP status.
    pub status: u16,
    /// Its code, such as `card_declined` or `charge_already_refunded`.
    pub code: Option<String>,
    /// Why the bank has refused, such as `insufficient_funds`.
    pub decline_code: Option<String>,
    /// The parameter that is wrong.
    pub param: Option<String>,
    /// In words, for developers.
    pub message: String,
    /// The request's id, by which Stripe's own log has it.
    pub request_id: Option<String>,
}

impl std::fmt::Display for ApiError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} ({}", self.message, self.status)?;
        for word in [&self.code, &self.decline_code, &self.param, &self.request_id]
            .into_iter()
            .flatten()
        {
            write!(formatter, ", {word}")?;
        }
        formatter.write_str(")")
    }
}

/// Why a request has not worked.
#[derive(Debug, Error)]
pub enum StripeError {
    /// The card was refused.
    #[error("the card was refused: {0}")]
    Card(Box<ApiError>),
    /// The request makes no sense to Stripe, or not in the state in which the thing is.
    #[error("Stripe refuses the request: {0}")]
    InvalidRequest(Box<ApiError>),
    /// There is no such thing.
    #[error("Stripe knows of no such thing: {0}")]
    NotFound(Box<ApiError>),
    /// The idempotency key was used for another request.
    #[error("the idempotency key was used for another request: {0}")]
    OtherRequest(Box<ApiError>),
    /// Somebody else was at the same thing the whole time.
    #[error("Stripe is busy with the same thing: {0}")]
    Conflict(Box<ApiError>),
    /// The key is not, or no longer, good, or not for this.
    #[error("Stripe does not take the key: {0}")]
    Authentication(Box<ApiError>),
    /// There were too many requests the whole time.
    #[error("Stripe takes no more requests for now: {0}")]
    RateLimited(Box<ApiError>),
    /// Stripe has failed the whole time.
    #[error("Stripe has failed: {0}")]
    Failed(Box<ApiError>),
    /// It could not be reached, or did not answer in time.
    #[error("Stripe cannot be reached: {0}")]
    Unavailable(String),
    /// The answer is not what is expected.
    #[error("Stripe's answer cannot be read: {0}")]
    Malformed(String),
    /// There is no key.
    #[error("there is no key for Stripe")]
    Key(#[source] KeyError),
    /// The client itself cannot be set up: the address is none, or there are no root certificates.
    #[error("the client for Stripe cannot be set up: {0}")]
    Setup(String),
}

impl StripeError {
    /// Whether the request may have been carried out all the same: only a repetition with the same idempotency key, or a look at the thing
    /// itself, can tell.
    #[must_use]
    pub const fn may_have_happened(&self) -> bool {
        matches!(
            self,
            Self::Failed(_) | Self::Unavailable(_) | Self::Malformed(_) | Self::Conflict(_)
        )
    }

    /// Whether the same request may work later.
    #[must_use]
    pub const fn is_passing(&self) -> bool {
        matches!(
            self,
            Self::Failed(_) | Self::Unavailable(_) | Self::Conflict(_) | Self::RateLimited(_) | Self::Key(_)
        )
    }

    /// The error that an answer tells of.
    pub(crate) fn of(status: u16, body: &[u8], request_id: Option<String>) -> Self {
        let told: Told = serde_json::from_slice(body).unwrap_or_default();
        let told = told.error;
        let error = Box::new(ApiError {
            status,
            code: told.code,
            decline_code: told.decline_code,
            param: told.param,
            message: told.message.unwrap_or_else(|| "no reason was given".to_owned()),
            request_id,
        });
        match (status, told.kind.as_deref()) {
            (_, Some("idempotency_error")) => Self::OtherRequest(error),
            (402, _) | (400, Some("card_error")) => Self::Card(error),
            (401 | 403, _) => Self::Authentication(error),
            (404, _) => Self::NotFound(error),
            (409, _) => Self::Conflict(error),
            (429, _) => Self::RateLimited(error),
            (500.., _) => Self::Failed(error),
            _ => Self::InvalidRequest(error),
        }
    }
}

#[derive(Default, Deserialize)]
struct Told {
    #[serde(default)]
    error: ToldError,
}

#[derive(Default, Deserialize)]
struct ToldError {
    #[serde(default, rename = "type")]
    kind: Option<String>,
    #[serde(default)]
    code: Option<String>,
    #[serde(default)]
    decline_code: Option<String>,
    #[serde(default)]
    param: Option<String>,
    #[serde(default)]
    message: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_known_by_its_status_and_type() {
        let card = br#"{"error": {"type": "card_error", "code": "card_declined", "decline_code": "insufficient_funds", "message": "No."}}"#;
        let StripeError::Card(error) = StripeError::of(402, card, Some("req_1".to_owned())) else {
            panic!("no card error")
        };
        assert_eq!(error.decline_code.as_deref(), Some("insufficient_funds"));
        assert_eq!(
            error.to_string(),
            "No. (402, card_declined, insufficient_funds, req_1)"
        );
        let reused = br#"{"error": {"type": "idempotency_error", "message": "Keys."}}"#;
        assert!(matches!(
            StripeError::of(400, reused, None),
            StripeError::OtherRequest(_)
        ));
        assert!(matches!(
            StripeError::of(400, b"{}", None),
            StripeError::InvalidRequest(_)
        ));
        assert!(matches!(
            StripeError::of(401, b"", None),
            StripeError::Authentication(_)
        ));
        assert!(matches!(
            StripeError::of(404, b"", None),
            StripeError::NotFound(_)
        ));
        assert!(matches!(
            StripeError::of(409, b"", None),
            StripeError::Conflict(_)
        ));
        assert!(matches!(
            StripeError::of(429, b"", None),
            StripeError::RateLimited(_)
        ));
        assert!(matches!(
            StripeError::of(502, b"<html>", None),
            StripeError::Failed(_)
        ));
    }
}
