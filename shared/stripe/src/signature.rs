//! The signatures of webhooks (<https://docs.stripe.com/webhooks#verify-manually>).

use hmac::{Hmac, Mac};
use sha2::Sha256;
use thiserror::Error;
use time::{Duration, OffsetDateTime};

use crate::secret::WebhookSecret;

/// How far the moment of a signature may lie from ours, before and after. Stripe signs each delivery anew.
pub const TOLERANCE: Duration = Duration::seconds(300);

/// Why a signature does not count.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum SignatureError {
    /// The header names no moment, or no signature of the scheme that counts.
    #[error("Stripe-Signature is not of the form t=…,v1=…")]
    Malformed,
    /// It was not made with any of our secrets over this body.
    #[error("the signature is not that of this body")]
    Forged,
    /// It was signed too long ago, or the clocks are too far apart.
    #[error("the signature was made too long ago")]
    Stale,
}

/// Verifies a `Stripe-Signature` (`t=1700000000,v1=5257a8…,v0=…`) over a body as it came, to the byte: one of its `v1` has to be the HMAC with
/// SHA-256 of `{t}.{body}`, with any of the secrets. Comparisons take the same time whatever is wrong.
///
/// # Errors
/// [`SignatureError`].
pub fn verify(
    header: &str,
    body: &[u8],
    secrets: &[WebhookSecret],
    now: OffsetDateTime,
) -> Result<(), SignatureError> {
    let parts = || header.split(',').filter_map(|part| part.trim().split_once('='));
    let moment = parts()
        .find(|(name, _)| *name == "t")
        .ok_or(SignatureError::Malformed)?
        .1;
    // The moment is signed as it is written; it has to be a number all the same.
    let signed_at: i64 = moment.parse().map_err(|_| SignatureError::Malformed)?;
    let signatures = parts().filter(|(name, _)| *name == "v1");
    let signatures: Vec<_> = signatures
        .filter_map(|(_, digits)| hex::decode(digits).ok())
        .collect();
    if signatures.is_empty() {
        return Err(SignatureError::Malformed);
    }
    let mut is_genuine = false;
    for secret in secrets {
        let mac = mac(secret, moment, body)?;
        for signature in &signatures {
            is_genuine |= mac.clone().verify_slice(signature).is_ok();
        }
    }
    if !is_genuine {
        return Err(SignatureError::Forged);
    }
    let age = now.unix_timestamp().abs_diff(signed_at);
    if age > TOLERANCE.whole_seconds().unsigned_abs() {
        return Err(SignatureError::Stale);
    }
    Ok(())
}

fn mac(secret: &WebhookSecret, moment: &str, body: &[u8]) -> Result<Hmac<Sha256>, SignatureError> {
    // Keys of any length are taken.
    let mac = Hmac::<Sha256>::new_from_slice(secret.expose().as_bytes());
    let mut mac = mac.map_err(|_| SignatureError::Forged)?;
    mac.update(moment.as_bytes());
    mac.update(b".");
    mac.update(body);
    Ok(mac)
}
