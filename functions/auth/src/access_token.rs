//! Issues access tokens; `portal_http::token` says what they are and verifies them.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use portal_data::{CachedSecret, SecretError};
use portal_domain::ids::{SessionId, UserId};
use portal_http::Problem;
use portal_http::token::{AccessClaims, LIFETIME, TOKEN_TYPE, TokenSettings};
use ring::rand::SystemRandom;
use ring::signature::RSA_PKCS1_SHA256;
use serde::Serialize;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::token_secret::{SigningKey, TokenSecret};

/// Signs access tokens with the newest key. Clones share it.
#[derive(Clone, Debug)]
pub(crate) struct AccessTokens {
    settings: Arc<TokenSettings>,
    secret: CachedSecret<TokenSecret>,
}

#[derive(Serialize)]
struct Header<'a> {
    alg: &'static str,
    typ: &'static str,
    kid: &'a str,
}

impl AccessTokens {
    pub(crate) fn new(settings: TokenSettings, secret: CachedSecret<TokenSecret>) -> Self {
        Self {
            settings: Arc::new(settings),
            secret,
        }
    }

    /// Fetches the keys, which refresh tokens are derived with too.
    ///
    /// # Errors
    /// [`SecretError`] when they cannot be had; the next request tries again.
    pub(crate) async fn warm_up(&self) -> Result<(), SecretError> {
        self.secret.get().await.map(drop)
    }

    /// A token that says until ten minutes from now who has signed in. `roles` are for other services to read.
    ///
    /// # Errors
    /// A 503 problem when the key is not there yet and cannot be fetched.
    pub(crate) async fn issue(
        &self,
        user: UserId,
        session: SessionId,
        roles: &[String],
        now: OffsetDateTime,
    ) -> Result<String, Problem> {
        let secret = self.secret.get().await?;
        let issued = now.unix_timestamp();
        let lifetime = i64::try_from(LIFETIME.as_secs()).unwrap_or(i64::MAX);
        let claims = AccessClaims {
            iss: self.settings.issuer.clone(),
            aud: self.settings.audience.clone(),
            sub: user,
            sid: session,
            iat: issued,
            exp: issued.saturating_add(lifetime),
            jti: Uuid::new_v4(),
            roles: roles.to_vec(),
        };
        sign(&secret.signing, &claims)
    }
}

/// The compact form of a signed token (RFC 7515, section 7.1). Written here and not by the library that verifies: that one
/// parses the key again for every signature.
fn sign(key: &SigningKey, claims: &AccessClaims) -> Result<String, Problem> {
    let header = Header {
        alg: "RS256",
        typ: TOKEN_TYPE,
        kid: &key.id,
    };
    let signed = format!("{}.{}", part(&header)?, part(claims)?);
    let mut signature = vec![0; key.pair.public().modulus_len()];
    key.pair
        .sign(
            &RSA_PKCS1_SHA256,
            &SystemRandom::new(),
            signed.as_bytes(),
            &mut signature,
        )
        .map_err(|_| Problem::internal("an access token could not be signed"))?;
    Ok(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
}

fn part<T: Serialize>(value: &T) -> Result<String, Problem> {
    let json = serde_json::to_vec(value)
        .map_err(|error| Problem::internal(&format!("an access token cannot be written: {error}")))?;
    Ok(URL_SAFE_NO_PAD.encode(json))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token_secret::sample;
    use jsonwebtoken::{Algorithm, DecodingKey, Validation};

    #[test]
    fn a_token_verifies_with_the_public_half_and_says_what_was_put_in() {
        let key = sample(&[1]).signing;
        let claims = AccessClaims {
            iss: "https://api.example".to_owned(),
            aud: "namc-portal".to_owned(),
            sub: UserId::from(Uuid::from_u128(1)),
            sid: SessionId::from(Uuid::from_u128(2)),
            iat: 1_000,
            exp: 1_600,
            jti: Uuid::nil(),
            roles: vec!["member".to_owned()],
        };
        let token = sign(&key, &claims).unwrap();
        let header = jsonwebtoken::decode_header(&token).unwrap();
        assert_eq!(
            (header.alg, header.kid.as_deref(), header.typ.as_deref()),
            (Algorithm::RS256, Some("s1"), Some("at+jwt"))
        );
        let mut validation = Validation::new(Algorithm::RS256);
        validation.validate_exp = false;
        validation.set_audience(&["namc-portal"]);
        let public = DecodingKey::from_rsa_der(key.pair.public().as_ref());
        let read = jsonwebtoken::decode::<AccessClaims>(&token, &public, &validation).unwrap();
        assert_eq!(read.claims, claims);
    }
}
