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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const BODY: &[u8] = b"{\"id\":\"evt_1\",\"note\":\"\xc3\xa9\"}\n";
    // By another tool: printf '1700000000.{"id":"evt_1","note":"\303\251"}\n' | openssl dgst -sha256 -hmac whsec_4f1c2e
    const NEW: &str = "fb0ce95d02eb4c6c7569185cf44ce123c29521fda25f7024de2f659b84028627";
    // The same with -hmac whsec_old.
    const OLD: &str = "aa0135e4bb4081f6a08e903c89e01f3cbbc46fde565fa66ff3e8b3add5618469";

    fn secrets() -> [WebhookSecret; 2] {
        ["whsec_4f1c2e", "whsec_old"].map(|text| WebhookSecret::from(text.to_owned()))
    }

    fn at(seconds: i64) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp(1_700_000_000 + seconds).unwrap()
    }

    fn check(header: &str, seconds: i64) -> Result<(), SignatureError> {
        verify(header, BODY, &secrets(), at(seconds))
    }

    #[test]
    fn a_signature_by_any_secret_counts() {
        for digits in [NEW, OLD, NEW.to_uppercase().as_str()] {
            assert_eq!(check(&format!("t=1700000000,v1={digits}"), 0), Ok(()));
        }
        let many = format!("t=1700000000, v0={OLD}, v1=00ff, v1=nothex, v1={NEW}, v2=x");
        assert_eq!(check(&many, 0), Ok(()), "any v1 of several");
        let only_new = &secrets()[..1];
        let old = format!("t=1700000000,v1={OLD}");
        assert_eq!(verify(&old, BODY, only_new, at(0)), Err(SignatureError::Forged));
    }

    #[test]
    fn five_minutes_either_way() {
        let header = format!("t=1700000000,v1={NEW}");
        for (seconds, outcome) in [
            (300, Ok(())),
            (-300, Ok(())),
            (301, Err(SignatureError::Stale)),
            (-301, Err(SignatureError::Stale)),
        ] {
            assert_eq!(check(&header, seconds), outcome, "{seconds}");
        }
    }

    #[test]
    fn what_is_not_signed_is_forged() {
        let header = format!("t=1700000000,v1={NEW}");
        assert_eq!(
            verify(&header, b"{}", &secrets(), at(0)),
            Err(SignatureError::Forged)
        );
        assert_eq!(verify(&header, BODY, &[], at(0)), Err(SignatureError::Forged));
        // The moment is signed too.
        assert_eq!(
            check(&format!("t=1700000001,v1={NEW}"), 0),
            Err(SignatureError::Forged)
        );
        assert_eq!(
            check(&format!("t=01700000000,v1={NEW}"), 0),
            Err(SignatureError::Forged)
        );
        // A part of a signature is none, and the old scheme does not count.
        assert_eq!(
            check(&format!("t=1700000000,v1={}", &NEW[..62]), 0),
            Err(SignatureError::Forged)
        );
        assert_eq!(
            check(&format!("t=1700000000,v0={NEW}"), 0),
            Err(SignatureError::Malformed)
        );
    }

    #[test]
    fn what_has_not_the_form_is_malformed() {
        let no_number = format!("t=soon,v1={NEW}");
        for header in [
            "",
            "t=1700000000",
            "v1=00",
            &no_number,
            "t=1700000000,v1=",
            "t=1700000000,v1=xyz",
            "t=1,,,=,v1",
        ] {
            let outcome = check(header, 0);
            assert!(
                matches!(outcome, Err(SignatureError::Malformed | SignatureError::Forged)),
                "{header}: {outcome:?}"
            );
        }
    }

    proptest! {
        #[test]
        fn no_header_is_taken_by_chance(header in "[tv01=,a-f0-9 ]{0,80}", body: Vec<u8>) {
            prop_assert!(verify(&header, &body, &secrets(), at(0)).is_err());
        }

        #[test]
        fn one_bit_makes_a_forgery(byte in 0..BODY.len(), bit in 0..8_u32) {
            let mut body = BODY.to_vec();
            body[byte] ^= 1 << bit;
            let header = format!("t=1700000000,v1={NEW}");
            prop_assert_eq!(verify(&header, &body, &secrets(), at(0)), Err(SignatureError::Forged));
        }
    }
}
