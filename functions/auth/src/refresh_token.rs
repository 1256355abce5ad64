//! Refresh tokens: the session, a secret, and a proof that the secret was given out here.
//!
//! Only the hashes of the newest token and of the one before are stored. An older one is known by its proof, so that its reuse, too, ends the
//! family. The first secret of a family is random; each later one is derived from the whole token before it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use portal_data::single_use_tokens::SecretToken;
use portal_domain::ids::SessionId;
use portal_http::Problem;
use ring::digest::{SHA256, digest};
use uuid::Uuid;

use crate::refresh_key::RefreshKeys;

/// A refresh token as its client keeps it.
#[derive(Clone)]
pub(crate) struct RefreshToken {
    /// The family.
    pub(crate) session: SessionId,
    secret: String,
    proof: String,
}

impl RefreshToken {
    /// The first token of a family.
    ///
    /// # Errors
    /// A 503 problem when the keys cannot be fetched.
    pub(crate) async fn first(
        keys: &RefreshKeys,
        session: SessionId,
        secret: &SecretToken,
    ) -> Result<Self, Problem> {
        let secret = secret.text();
        let proof = keys.successor(session, &to_prove(&secret)).await?;
        Ok(Self {
            session,
            secret,
            proof,
        })
    }

    /// Reads a token; what is not of the form of one is none.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (session, rest) = text.split_once('.')?;
        let (secret, proof) = rest.split_once('.')?;
        let bytes: [u8; 16] = URL_SAFE_NO_PAD.decode(session).ok()?.try_into().ok()?;
        let is_secret = |part: &str| part.parse::<SecretToken>().is_ok();
        (is_secret(secret) && is_secret(proof)).then(|| Self {
            session: Uuid::from_bytes(bytes).into(),
            secret: secret.to_owned(),
            proof: proof.to_owned(),
        })
    }

    /// The text that its client keeps.
    pub(crate) fn text(&self) -> String {
        let session = URL_SAFE_NO_PAD.encode(self.session.as_uuid().as_bytes());
        format!("{session}.{}.{}", self.secret, self.proof)
    }

    /// SHA-256 of the text: what is stored.
    pub(crate) fn hash(&self) -> Vec<u8> {
        digest(&SHA256, self.text().as_bytes()).as_ref().to_vec()
    }

    /// The token that replaces it.
    ///
    /// # Errors
    /// A 503 problem when the keys cannot be fetched.
    pub(crate) async fn successor(&self, keys: &RefreshKeys) -> Result<Self, Problem> {
        let secret = keys.successor(self.session, &self.text()).await?;
        let proof = keys.successor(self.session, &to_prove(&secret)).await?;
        Ok(Self {
            session: self.session,
            secret,
            proof,
        })
    }

    /// The token that has replaced it, by its hash: the same that an earlier answer held. `None` when its key is gone.
    ///
    /// # Errors
    /// As [`RefreshToken::successor`].
    pub(crate) async fn successor_with(
        &self,
        keys: &RefreshKeys,
        hash: &[u8],
    ) -> Result<Option<Self>, Problem> {
        for secret in keys.successors(self.session, &self.text()).await? {
            for proof in keys.successors(self.session, &to_prove(&secret)).await? {
                let candidate = Self {
                    session: self.session,
                    secret: secret.clone(),
                    proof,
                };
                if candidate.hash() == hash {
                    return Ok(Some(candidate));
                }
            }
        }
        Ok(None)
    }

    /// Whether it was given out here, be it long ago. Digests are compared, whose first difference tells nothing.
    ///
    /// # Errors
    /// As [`RefreshToken::successor`].
    pub(crate) async fn is_ours(&self, keys: &RefreshKeys) -> Result<bool, Problem> {
        let proofs = keys.successors(self.session, &to_prove(&self.secret)).await?;
        let of = |proof: &str| digest(&SHA256, proof.as_bytes()).as_ref().to_vec();
        let shown = of(&self.proof);
        Ok(proofs.iter().any(|proof| of(proof) == shown))
    }
}

/// What the proof of a secret is derived from. No token reads so: a proof is never a secret.
fn to_prove(secret: &str) -> String {
    format!("given out here: {secret}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_reads_back_and_other_texts_do_not() {
        let part = "A".repeat(43);
        let text = format!("{}.{part}.{part}", "A".repeat(22));
        let token = RefreshToken::parse(&text).unwrap();
        assert_eq!(token.text(), text);
        assert_eq!(token.session, Uuid::nil().into());
        let session = "A".repeat(22);
        for bad in [
            String::new(),
            "..".to_owned(),
            part.clone(),
            format!("{session}.{part}"),
            format!("{session}.{part}.{part}."),
            format!("{session}.{part}.x"),
            format!("x.{part}.{part}"),
        ] {
            assert!(RefreshToken::parse(&bad).is_none(), "{bad}");
        }
    }
}
