//! Access tokens, signed with the stack's own key or with any other.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use portal_http::token::{LIFETIME, TOKEN_TYPE};
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use serde_json::{Value, json};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::members::Member;
use crate::stack::Stack;

/// A key, and what it signs as.
pub struct Signer {
    /// The id that the header names.
    pub id: String,
    pair: RsaKeyPair,
    issuer: String,
}

impl Signer {
    /// The stack's newest key, as the function `auth` has it.
    pub async fn newest() -> Self {
        let secret = secret("portal/tokens").await;
        let newest = &secret["keys"][0];
        let der = STANDARD.decode(newest["pkcs8"].as_str().unwrap()).unwrap();
        Self {
            id: newest["id"].as_str().unwrap().to_owned(),
            pair: RsaKeyPair::from_pkcs8(&der).unwrap(),
            issuer: Stack::get().environment["PORTAL_PUBLIC_URL"].clone(),
        }
    }

    /// A key of nobody's that claims to be this one.
    #[must_use]
    pub fn forged(&self) -> Self {
        let der = include_bytes!("../../shared/http/src/token/test_key.der");
        Self {
            id: self.id.clone(),
            pair: RsaKeyPair::from_pkcs8(der).unwrap(),
            issuer: self.issuer.clone(),
        }
    }

    /// The public half (PKCS#1, DER).
    #[must_use]
    pub fn public(&self) -> &[u8] {
        self.pair.public().as_ref()
    }

    /// A good token of a member.
    #[must_use]
    pub fn token(&self, member: &Member) -> String {
        self.sign(&self.header(), &self.claims(member))
    }

    /// The header of a good token.
    #[must_use]
    pub fn header(&self) -> Value {
        json!({"alg": "RS256", "typ": TOKEN_TYPE, "kid": self.id})
    }

    /// The claims of a good token that was issued now.
    #[must_use]
    pub fn claims(&self, member: &Member) -> Value {
        let now = OffsetDateTime::now_utc().unix_timestamp();
        json!({
            "iss": self.issuer, "aud": "namc-portal", "sub": member.id, "sid": member.session, "iat": now,
            "exp": now + i64::try_from(LIFETIME.as_secs()).unwrap(), "jti": Uuid::now_v7(), "roles": ["member"],
        })
    }

    /// A token of this header and these claims.
    #[must_use]
    pub fn sign(&self, header: &Value, claims: &Value) -> String {
        let text = unsigned(header, claims);
        let mut signature = vec![0; self.pair.public().modulus_len()];
        self.pair
            .sign(
                &RSA_PKCS1_SHA256,
                &SystemRandom::new(),
                text.as_bytes(),
                &mut signature,
            )
            .unwrap();
        format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

/// The part of a token that is signed.
#[must_use]
pub fn unsigned(header: &Value, claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}", part(header), part(claims))
}

/// A secret of the stack as it is now.
pub async fn secret(id: &str) -> Value {
    Stack::get().secrets().await.refetch(id).await.unwrap()
}
