//! The public halves of the keys that sign access tokens, as JSON Web Keys (RFC 7517).

use std::collections::BTreeMap;

use jsonwebtoken::DecodingKey;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A public RSA key (RFC 7518, section 6.3.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PublicKey {
    /// The kind of key: `RSA`.
    #[schema(example = "RSA")]
    pub kty: String,
    /// What it is for: `sig`, signatures.
    #[serde(rename = "use")]
    #[schema(example = "sig")]
    pub usage: String,
    /// The algorithm that it is used with: `RS256`.
    #[schema(example = "RS256")]
    pub alg: String,
    /// The id that tokens name it by.
    pub kid: String,
    /// The modulus, base64url.
    pub n: String,
    /// The exponent, base64url.
    #[schema(example = "AQAB")]
    pub e: String,
}

/// A JSON Web Key Set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PublicKeys {
    /// Every key that a token may have been signed with.
    pub keys: Vec<PublicKey>,
}

/// The keys in the form in which they verify, and as they are published.
#[derive(Deserialize)]
#[serde(try_from = "PublicKeys")]
pub struct VerifyingKeys {
    published: PublicKeys,
    by_id: BTreeMap<String, DecodingKey>,
}

impl TryFrom<PublicKeys> for VerifyingKeys {
    type Error = jsonwebtoken::errors::Error;

    fn try_from(published: PublicKeys) -> Result<Self, Self::Error> {
        let usable = published
            .keys
            .iter()
            .filter(|key| key.kty == "RSA" && key.usage == "sig" && key.alg == "RS256");
        let by_id = usable
            .map(|key| Ok((key.kid.clone(), DecodingKey::from_rsa_components(&key.n, &key.e)?)))
            .collect::<Result<_, Self::Error>>()?;
        Ok(Self { published, by_id })
    }
}

impl VerifyingKeys {
    /// The key with this id.
    pub(super) fn get(&self, id: &str) -> Option<&DecodingKey> {
        self.by_id.get(id)
    }

    /// The keys as others read them.
    pub(super) const fn published(&self) -> &PublicKeys {
        &self.published
    }
}

impl std::fmt::Debug for VerifyingKeys {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_set().entries(self.by_id.keys()).finish()
    }
}
