//! The keys that sign tickets: Ed25519 (RFC 8037), so that a ticket fits into a small QR code.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use utoipa::ToSchema;

/// What is wrong with the secret. Keys are named, never shown.
#[derive(Debug, Error)]
pub(crate) enum KeyError {
    #[error("there is no key in keys")]
    Empty,
    #[error("the key {0} is no Ed25519 key as PKCS#8 in base64")]
    Unusable(String),
}

/// The keys, the newest first: it signs, and all verify.
#[derive(Debug, Deserialize)]
#[serde(try_from = "Document")]
pub(crate) struct TicketKeys(Vec<TicketKey>);

/// One key.
#[derive(Debug)]
pub(crate) struct TicketKey {
    /// Its id, for the header of tickets.
    pub(crate) id: String,
    pair: Ed25519KeyPair,
}

/// The secret's JSON.
#[derive(Deserialize)]
struct Document {
    keys: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    id: String,
    pkcs8: String,
}

/// A public Ed25519 key as a JSON Web Key (RFC 8037, section 2).
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TicketPublicKey {
    /// The kind of key: `OKP`.
    #[schema(example = "OKP")]
    kty: &'static str,
    /// The curve: `Ed25519`.
    #[schema(example = "Ed25519")]
    crv: &'static str,
    /// What it is for: `sig`, signatures.
    #[serde(rename = "use")]
    #[schema(example = "sig")]
    usage: &'static str,
    /// The algorithm that it is used with: `EdDSA`.
    #[schema(example = "EdDSA")]
    alg: &'static str,
    /// The id that tickets name it by.
    kid: String,
    /// The key, base64url.
    x: String,
}

/// A JSON Web Key Set (RFC 7517).
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TicketPublicKeys {
    /// Every key that a ticket may have been signed with.
    keys: Vec<TicketPublicKey>,
}

impl TryFrom<Document> for TicketKeys {
    type Error = KeyError;

    fn try_from(document: Document) -> Result<Self, KeyError> {
        if document.keys.is_empty() {
            return Err(KeyError::Empty);
        }
        document
            .keys
            .into_iter()
            .map(read)
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

fn read(key: Entry) -> Result<TicketKey, KeyError> {
    let pair = STANDARD
        .decode(&key.pkcs8)
        .ok()
        .and_then(|der| Ed25519KeyPair::from_pkcs8_maybe_unchecked(&der).ok());
    match pair {
        Some(pair) => Ok(TicketKey { id: key.id, pair }),
        None => Err(KeyError::Unusable(key.id)),
    }
}

impl TicketKeys {
    /// The key that signs; there is always one.
    pub(crate) fn newest(&self) -> Option<&TicketKey> {
        self.0.first()
    }

    /// The key with this id.
    pub(crate) fn get(&self, id: &str) -> Option<&TicketKey> {
        self.0.iter().find(|key| key.id == id)
    }

    /// The public halves, for whoever verifies tickets without asking us.
    pub(crate) fn public(&self) -> TicketPublicKeys {
        let publish = |key: &TicketKey| TicketPublicKey {
            kty: "OKP",
            crv: "Ed25519",
            usage: "sig",
            alg: "EdDSA",
            kid: key.id.clone(),
            x: URL_SAFE_NO_PAD.encode(key.pair.public_key()),
        };
        TicketPublicKeys {
            keys: self.0.iter().map(publish).collect(),
        }
    }
}

impl TicketKey {
    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.pair.sign(message).as_ref().to_vec()
    }

    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        let public = UnparsedPublicKey::new(&ED25519, self.pair.public_key());
        public.verify(message, signature).is_ok()
    }
}

/// Keys of these names, made for a test.
#[cfg(test)]
pub(crate) fn sample(names: &[&str]) -> TicketKeys {
    let random = ring::rand::SystemRandom::new();
    let keys: Vec<_> = names
        .iter()
        .map(|name| {
            let pkcs8 = Ed25519KeyPair::generate_pkcs8(&random).unwrap();
            serde_json::json!({"id": name, "pkcs8": STANDARD.encode(pkcs8)})
        })
        .collect();
    serde_json::from_value(serde_json::json!({ "keys": keys })).unwrap()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_key_is_refused_by_its_name_and_not_shown() {
        let read = |text: &str| serde_json::from_str::<TicketKeys>(text).unwrap_err().to_string();
        assert!(read(r#"{"keys":[]}"#).contains("no key"));
        let message = read(r#"{"keys":[{"id":"t7","pkcs8":"aHVudGVyMg=="}]}"#);
        assert!(
            message.contains("key t7 is no") && !message.contains("aHVudGVyMg"),
            "{message}"
        );
    }

    #[test]
    fn every_key_is_published_and_none_in_its_private_half() {
        let keys = sample(&["t2", "t1"]);
        let public = serde_json::to_value(keys.public()).unwrap();
        assert_eq!(public["keys"][0]["kid"], "t2");
        assert_eq!(public["keys"][1]["x"].as_str().unwrap().len(), 43);
        assert!(public["keys"][0].get("d").is_none());
    }
}
