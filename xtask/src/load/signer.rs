//! Access tokens, signed here with the stack's own key: many members sign in at once without a hash of a password each.

use crate::stack::aws::Aws;
use crate::stack::token_keys;
use anyhow::{Context, Result, anyhow};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use serde_json::{Value, json};
use std::fmt;
use time::OffsetDateTime;
use uuid::Uuid;

/// How long a token is good for, in seconds: as those of the function `auth`.
const LIFETIME: i64 = 600;

/// The stack's newest key, as the function `auth` has it.
pub(crate) struct Signer {
    id: String,
    pair: RsaKeyPair,
    issuer: String,
}

impl Signer {
    /// Fetches the key of this stack.
    pub(crate) async fn newest(stack: &Value) -> Result<Self> {
        let endpoint = stack.get("awsEndpoint").and_then(Value::as_str);
        let endpoint = endpoint.context("stack.json names no awsEndpoint")?;
        let secret = Aws::connect(endpoint).secret(token_keys::PRIVATE).await?;
        let secret = secret.with_context(|| format!("there is no secret {}", token_keys::PRIVATE))?;
        let issuer = stack.pointer("/environment/PORTAL_PUBLIC_URL");
        let issuer = issuer.and_then(Value::as_str);
        Self::read(
            &serde_json::from_str(&secret)?,
            issuer.context("stack.json names no PORTAL_PUBLIC_URL")?,
        )
    }

    fn read(secret: &Value, issuer: &str) -> Result<Self> {
        let text = |name: &str| secret.pointer(&format!("/keys/0/{name}")).and_then(Value::as_str);
        let (id, key) = text("id")
            .zip(text("pkcs8"))
            .context("there is no key of tokens")?;
        let pair = RsaKeyPair::from_pkcs8(&STANDARD.decode(key)?);
        Ok(Self {
            id: id.to_owned(),
            pair: pair.map_err(|error| anyhow!("the key of tokens is not good: {error}"))?,
            issuer: issuer.to_owned(),
        })
    }

    /// A token of a member's sign-in, issued now.
    pub(crate) fn token(&self, member: Uuid, session: Uuid) -> Result<String> {
        let now = OffsetDateTime::now_utc().unix_timestamp();
        let header = json!({ "alg": "RS256", "typ": "at+jwt", "kid": self.id });
        let claims = json!({
            "iss": self.issuer, "aud": "namc-portal", "sub": member, "sid": session, "iat": now, "exp": now + LIFETIME,
            "jti": Uuid::now_v7(), "roles": ["member"],
        });
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let text = format!("{}.{}", part(&header), part(&claims));
        let mut signature = vec![0; self.pair.public().modulus_len()];
        let random = SystemRandom::new();
        let signed = self
            .pair
            .sign(&RSA_PKCS1_SHA256, &random, text.as_bytes(), &mut signature);
        signed.map_err(|_| anyhow!("no token could be signed"))?;
        Ok(format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Signer")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ring::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};

    #[test]
    fn a_token_names_its_member_and_is_signed_by_the_first_key() {
        let key = STANDARD.encode(include_bytes!("../../../shared/http/src/token/test_key.der"));
        let secret = json!({ "keys": [{ "id": "k1", "pkcs8": key }] });
        let signer = Signer::read(&secret, "https://api.example.org").unwrap();
        let (member, session) = (Uuid::now_v7(), Uuid::now_v7());
        let token = signer.token(member, session).unwrap();
        let (text, signature) = token.rsplit_once('.').unwrap();
        let public = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, signer.pair.public().as_ref());
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
        public.verify(text.as_bytes(), &signature).unwrap();
        let claims = URL_SAFE_NO_PAD.decode(text.split_once('.').unwrap().1).unwrap();
        let claims: Value = serde_json::from_slice(&claims).unwrap();
        assert_eq!(claims["sub"], member.to_string());
        assert_eq!(claims["sid"], session.to_string());
        assert_eq!(claims["iss"], "https://api.example.org");
        assert!(Signer::read(&json!({ "keys": [] }), "").is_err());
    }
}
