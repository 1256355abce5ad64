//! The keys that this function alone holds: those that sign access tokens, and those that refresh tokens are derived with.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;
use ring::signature::RsaKeyPair;
use serde::Deserialize;
use thiserror::Error;

/// The shortest key that refresh tokens may be derived with, in bytes: as long as what it makes.
const SHORTEST_KEY: usize = 32;

/// What is wrong with the secret. Keys are named, never shown.
#[derive(Debug, Error)]
pub(crate) enum KeyError {
    #[error("there is no key in {0}")]
    Empty(&'static str),
    #[error("the key {0} is not what is expected there")]
    Unusable(String),
}

/// The keys, the newest first: it signs or derives, and all others are still accepted.
#[derive(Debug, Deserialize)]
#[serde(try_from = "Document")]
pub(crate) struct TokenSecret {
    pub(crate) signing: SigningKey,
    /// For the successors of refresh tokens; never empty.
    pub(crate) refresh: Vec<hmac::Key>,
}

/// The key that signs.
#[derive(Debug)]
pub(crate) struct SigningKey {
    /// Its id, for the header of tokens.
    pub(crate) id: String,
    pub(crate) pair: RsaKeyPair,
}

/// The secret's JSON.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    keys: Vec<RsaKey>,
    refresh_keys: Vec<SharedKey>,
}

/// An RSA key of 2048 bits or more, as PKCS#8 in base64.
#[derive(Deserialize)]
struct RsaKey {
    id: String,
    pkcs8: String,
}

/// 32 random bytes in base64.
#[derive(Deserialize)]
struct SharedKey {
    id: String,
    key: String,
}

impl TryFrom<Document> for TokenSecret {
    type Error = KeyError;

    fn try_from(document: Document) -> Result<Self, KeyError> {
        let newest = document.keys.into_iter().next().ok_or(KeyError::Empty("keys"))?;
        let refresh = document
            .refresh_keys
            .into_iter()
            .map(read_shared)
            .collect::<Result<Vec<_>, _>>()?;
        if refresh.is_empty() {
            return Err(KeyError::Empty("refreshKeys"));
        }
        Ok(Self {
            signing: read_signing(newest)?,
            refresh,
        })
    }
}

fn read_signing(key: RsaKey) -> Result<SigningKey, KeyError> {
    let pair = STANDARD
        .decode(&key.pkcs8)
        .ok()
        .and_then(|der| RsaKeyPair::from_pkcs8(&der).ok());
    match pair {
        Some(pair) => Ok(SigningKey { id: key.id, pair }),
        None => Err(KeyError::Unusable(key.id)),
    }
}

fn read_shared(key: SharedKey) -> Result<hmac::Key, KeyError> {
    let bytes = STANDARD.decode(&key.key).ok();
    match bytes.filter(|bytes| bytes.len() >= SHORTEST_KEY) {
        Some(bytes) => Ok(hmac::Key::new(hmac::HMAC_SHA256, &bytes)),
        None => Err(KeyError::Unusable(key.id)),
    }
}

/// A secret with the key that the tests sign with, and these refresh keys.
#[cfg(test)]
pub(crate) fn sample(refresh: &[u8]) -> TokenSecret {
    let pkcs8 = STANDARD.encode(include_bytes!("../../../shared/http/src/token/test_key.der"));
    let refresh: Vec<_> = refresh
        .iter()
        .map(|byte| serde_json::json!({"id": format!("r{byte}"), "key": STANDARD.encode([*byte; 32])}))
        .collect();
    let document = serde_json::json!({"keys": [{"id": "s1", "pkcs8": pkcs8}], "refreshKeys": refresh});
    serde_json::from_value(document).unwrap()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_key_signs_and_every_refresh_key_is_kept() {
        let secret = sample(&[1, 2]);
        assert_eq!((secret.signing.id.as_str(), secret.refresh.len()), ("s1", 2));
    }

    #[test]
    fn what_is_no_key_is_refused_by_its_name_and_not_shown() {
        let read = |text: &str| serde_json::from_str::<TokenSecret>(text).unwrap_err().to_string();
        assert!(read(r#"{"keys":[],"refreshKeys":[]}"#).contains("no key in keys"));
        let message = read(
            r#"{"keys":[{"id":"s7","pkcs8":"aHVudGVyMg=="}],"refreshKeys":[{"id":"r1","key":"c2hvcnQ="}]}"#,
        );
        assert!(
            message.contains("key r1 is not") && !message.contains("c2hvcnQ"),
            "{message}"
        );
    }
}
