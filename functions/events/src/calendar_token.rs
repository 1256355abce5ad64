//! The token of a private calendar: 256 random bits, of which the database keeps a hash.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use portal_http::Problem;
use ring::digest::{SHA256, digest};
use ring::rand::{SecureRandom, SystemRandom};

/// How many characters a token has.
pub(crate) const LENGTH: usize = 43;

/// A new token.
///
/// # Errors
/// A 500 problem where the system has no chance to give.
pub(crate) fn generate() -> Result<String, Problem> {
    let mut bytes = [0; 32];
    SystemRandom::new()
        .fill(&mut bytes)
        .map_err(|_| Problem::internal("no random bytes for a calendar's token"))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// What the database knows a token by.
pub(crate) fn hash(token: &str) -> [u8; 32] {
    digest(&SHA256, token.as_bytes())
        .as_ref()
        .try_into()
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_differ_and_have_one_length() {
        let (one, other) = (generate().unwrap(), generate().unwrap());
        assert_eq!((one.len(), other.len()), (LENGTH, LENGTH));
        assert_ne!(hash(&one), hash(&other));
        assert_ne!(hash(&one), [0; 32]);
    }
}
