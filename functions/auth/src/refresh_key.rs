//! The chain of refresh tokens: each is derived from the one before, so that a client whose answer was lost can be given the
//! same successor again, though only hashes are stored.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use portal_data::CachedSecret;
use portal_domain::ids::SessionId;
use portal_http::Problem;
use ring::hmac;

use crate::token_secret::TokenSecret;

/// Derives the successors of refresh tokens. Clones share the keys.
#[derive(Clone, Debug)]
pub(crate) struct RefreshKeys {
    secret: CachedSecret<TokenSecret>,
}

impl RefreshKeys {
    pub(crate) const fn new(secret: CachedSecret<TokenSecret>) -> Self {
        Self { secret }
    }

    /// The successor of a token that is presented for the first time.
    ///
    /// # Errors
    /// A 503 problem when the keys are not there yet and cannot be fetched.
    pub(crate) async fn successor(&self, session: SessionId, presented: &str) -> Result<String, Problem> {
        let mut successors = self.successors(session, presented).await?;
        if successors.is_empty() {
            return Err(Problem::internal("there is no refresh key"));
        }
        Ok(successors.swap_remove(0))
    }

    /// Every successor that a token may have been given, by the newest key first: one of another key was derived before the
    /// keys were rotated.
    ///
    /// # Errors
    /// As [`RefreshKeys::successor`].
    pub(crate) async fn successors(
        &self,
        session: SessionId,
        presented: &str,
    ) -> Result<Vec<String>, Problem> {
        let secret = self.secret.get().await?;
        let derived = secret.refresh.iter().map(|key| derive(key, session, presented));
        Ok(derived.collect())
    }
}

/// HMAC-SHA-256 of the session's id and the token: 256 bits that nobody without the key can tell from random ones.
fn derive(key: &hmac::Key, session: SessionId, presented: &str) -> String {
    let mut context = hmac::Context::with_key(key);
    // The id has a fixed length, so no other pair gives the same bytes.
    context.update(session.as_uuid().as_bytes());
    context.update(presented.as_bytes());
    URL_SAFE_NO_PAD.encode(context.sign())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token_secret::sample;
    use uuid::Uuid;

    #[test]
    fn a_successor_depends_on_key_session_and_token_and_on_nothing_else() {
        let secret = sample(&[1, 2]);
        let session = |number| SessionId::from(Uuid::from_u128(number));
        let [first, second] = secret.refresh.as_slice() else {
            panic!("two keys")
        };
        let successor = derive(first, session(1), "token");
        assert_eq!(successor, derive(first, session(1), "token"));
        assert_eq!(successor.len(), 43);
        for other in [
            derive(second, session(1), "token"),
            derive(first, session(2), "token"),
            derive(first, session(1), "tokem"),
        ] {
            assert_ne!(successor, other);
        }
    }
}
