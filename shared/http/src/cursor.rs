//! Cursors: where a reader of a list goes on, signed so that nobody can make one up.
//!
//! A cursor is `<key id>.<position>.<tag>`, the last two in base64url. The tag is HMAC-SHA256 over the operation, its
//! filters and order, and the position, so a cursor of one list opens no other.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use thiserror::Error;

use crate::problem::{Fault, Problem, ProblemKind};

/// The least length of a signing key in bytes: that of the hash.
const KEY_BYTES: usize = 32;

/// The longest cursor that is looked at.
const LONGEST: usize = 1024;

/// What is wrong with the secret that holds the keys. Never shows a part of it.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum KeyError {
    /// There is no key in it.
    #[error("the signing secret has no cursor key: add one of {KEY_BYTES} random bytes in base64")]
    Empty,
    /// An id is not made of letters and digits.
    #[error("the id of a cursor key must be 1 to 16 letters or digits")]
    Id,
    /// A key is not base64 or too short.
    #[error("cursor key {0} is not base64 of at least {KEY_BYTES} bytes")]
    Key(String),
}

/// The keys that sign cursors: the first signs, all verify, so a key can be changed while readers hold cursors.
#[derive(Deserialize)]
#[serde(try_from = "SigningSecret")]
pub struct CursorKeys {
    keys: Vec<(String, Hmac<Sha256>)>,
}

impl std::fmt::Debug for CursorKeys {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_list()
            .entries(self.keys.iter().map(|(id, _)| id))
            .finish()
    }
}

/// The secret's JSON: `{"cursorKeys":[{"id":"k1","key":"<base64 of 32 bytes or more>"}]}`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SigningSecret {
    cursor_keys: Vec<SecretKey>,
}

#[derive(Deserialize)]
struct SecretKey {
    id: String,
    key: String,
}

impl TryFrom<SigningSecret> for CursorKeys {
    type Error = KeyError;

    /// Takes the keys out of the secret; refused when there is none, or one is not named or too weak.
    fn try_from(secret: SigningSecret) -> Result<Self, KeyError> {
        let keys = secret
            .cursor_keys
            .into_iter()
            .map(read_key)
            .collect::<Result<Vec<_>, _>>()?;
        if keys.is_empty() {
            Err(KeyError::Empty)
        } else {
            Ok(Self { keys })
        }
    }
}

impl CursorKeys {
    /// Whether the key that a cursor names is among these. One that is not may have been added since they were fetched.
    #[must_use]
    pub fn know(&self, cursor: &str) -> bool {
        let named = cursor.split('.').next().unwrap_or_default();
        self.keys.iter().any(|(id, _)| id == named)
    }

    /// Writes a cursor for a position in the list that `binding` describes.
    ///
    /// # Errors
    /// A 500 problem when the position cannot be written as JSON.
    pub fn sign<P: Serialize>(&self, binding: &str, position: &P) -> Result<String, Problem> {
        let position = serde_json::to_vec(position)
            .map_err(|error| Problem::internal(&format!("cannot write a cursor: {error}")))?;
        let (id, key) = self
            .keys
            .first()
            .ok_or_else(|| Problem::internal("there is no cursor key"))?;
        let tag = authenticate(key, binding, &position).finalize().into_bytes();
        Ok(format!(
            "{id}.{}.{}",
            URL_SAFE_NO_PAD.encode(position),
            URL_SAFE_NO_PAD.encode(tag)
        ))
    }

    /// Reads a cursor that was given for the same list.
    ///
    /// # Errors
    /// A 400 problem for one that was not.
    pub fn verify<P: DeserializeOwned>(&self, binding: &str, cursor: &str) -> Result<P, Problem> {
        self.open(binding, cursor).ok_or_else(|| {
            let detail = "is not a cursor that this list gave for these filters and this order";
            Problem::with_faults(
                ProblemKind::InvalidCursor,
                "The cursor does not belong to this list: start again without it.",
                vec![Fault::query("cursor", detail)],
            )
        })
    }

    fn open<P: DeserializeOwned>(&self, binding: &str, cursor: &str) -> Option<P> {
        let mut parts = (cursor.len() <= LONGEST).then(|| cursor.split('.'))?;
        let (id, position, tag) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() {
            return None;
        }
        let (_, key) = self.keys.iter().find(|(known, _)| known == id)?;
        let position = URL_SAFE_NO_PAD.decode(position).ok()?;
        let tag = URL_SAFE_NO_PAD.decode(tag).ok()?;
        authenticate(key, binding, &position).verify_slice(&tag).ok()?;
        serde_json::from_slice(&position).ok()
    }
}

fn read_key(secret: SecretKey) -> Result<(String, Hmac<Sha256>), KeyError> {
    let named =
        (1..=16).contains(&secret.id.len()) && secret.id.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if !named {
        return Err(KeyError::Id);
    }
    let key = STANDARD
        .decode(&secret.key)
        .ok()
        .filter(|key| key.len() >= KEY_BYTES);
    let mac = key.and_then(|key| Hmac::new_from_slice(&key).ok());
    match mac {
        Some(mac) => Ok((secret.id, mac)),
        None => Err(KeyError::Key(secret.id)),
    }
}

/// Feeds both parts to the key, the first with its length, so that no other split gives the same input.
fn authenticate(key: &Hmac<Sha256>, binding: &str, position: &[u8]) -> Hmac<Sha256> {
    let mut mac = key.clone();
    mac.update(&(binding.len() as u64).to_be_bytes());
    mac.update(binding.as_bytes());
    mac.update(position);
    mac
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(secret: &str) -> Result<CursorKeys, KeyError> {
        CursorKeys::try_from(serde_json::from_str::<SigningSecret>(secret).unwrap())
    }

    fn keys(ids: &[(&str, u8)]) -> CursorKeys {
        let list: Vec<_> = ids
            .iter()
            .map(|(id, byte)| format!(r#"{{"id":"{id}","key":"{}"}}"#, STANDARD.encode([*byte; 32])))
            .collect();
        read(&format!(r#"{{"cursorKeys":[{}]}}"#, list.join(","))).unwrap()
    }

    #[test]
    fn a_cursor_opens_its_own_list_only() {
        let keys = keys(&[("k1", 1)]);
        let cursor = keys
            .sign("list_contractors?city=oakland", &(7, "x".to_owned()))
            .unwrap();
        let position: (i32, String) = keys.verify("list_contractors?city=oakland", &cursor).unwrap();
        assert_eq!(position, (7, "x".to_owned()));
        let refusal = keys
            .verify::<(i32, String)>("list_contractors?city=albany", &cursor)
            .unwrap_err();
        assert_eq!(refusal.kind(), ProblemKind::InvalidCursor);
    }

    #[test]
    fn a_changed_or_invented_cursor_is_refused() {
        let keys = keys(&[("k1", 1)]);
        let cursor = keys.sign("list", &1).unwrap();
        let forged = format!(
            "k1.{}.{}",
            URL_SAFE_NO_PAD.encode("2"),
            cursor.rsplit('.').next().unwrap()
        );
        let long = "a".repeat(5000);
        for bad in [
            "",
            ".",
            "..",
            "k1..",
            "k2.MQ.MQ",
            "k1.*.*",
            &forged,
            &cursor[1..],
            &format!("{cursor}.x"),
            &long,
        ] {
            assert!(keys.verify::<i32>("list", bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn an_older_key_still_verifies_after_a_new_one_signs() {
        let cursor = keys(&[("k1", 1)]).sign("list", &1).unwrap();
        let both = keys(&[("k2", 2), ("k1", 1)]);
        assert_eq!(both.verify::<i32>("list", &cursor).unwrap(), 1);
        assert!(both.sign("list", &1).unwrap().starts_with("k2."));
        assert!(keys(&[("k2", 2)]).verify::<i32>("list", &cursor).is_err());
        assert!(both.know(&cursor) && !keys(&[("k2", 2)]).know(&cursor));
    }

    #[test]
    fn a_bad_secret_is_told_apart_without_showing_it() {
        let fault = |secret: &str| read(secret).unwrap_err();
        assert_eq!(fault(r#"{"cursorKeys":[]}"#), KeyError::Empty);
        assert_eq!(fault(r#"{"cursorKeys":[{"id":"a.b","key":""}]}"#), KeyError::Id);
        assert_eq!(
            fault(r#"{"cursorKeys":[{"id":"a","key":"c2hvcnQ="}]}"#),
            KeyError::Key("a".into())
        );
    }
}
