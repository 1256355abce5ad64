//! The data keys, and the form of a sealed value.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::rand::{SecureRandom, SystemRandom};
use serde::Deserialize;

use super::SealingError;

/// The first byte of every sealed value: AES-256-GCM, a nonce of 12 bytes in front, a tag of 16 bytes behind.
const VERSION: u8 = 1;

/// The secret in Secrets Manager: the first key seals, all of them open.
#[derive(Deserialize)]
pub(super) struct DataKeysSecret {
    keys: Vec<DataKeySecret>,
}

#[derive(Deserialize)]
struct DataKeySecret {
    id: String,
    key: String,
}

/// The keys, ready for use.
pub(super) struct Keyring {
    current: DataKey,
    older: Vec<DataKey>,
    // Not a parameter: a generator that could repeat itself would give two values one nonce, which breaks AES-GCM.
    random: SystemRandom,
}

struct DataKey {
    id: String,
    key: LessSafeKey,
}

impl Keyring {
    pub(super) fn from_secret(secret: DataKeysSecret) -> Result<Self, SealingError> {
        let mut keys = Vec::with_capacity(secret.keys.len());
        for entry in secret.keys {
            let key = DataKey::from_secret(entry)?;
            if keys.iter().any(|known: &DataKey| known.id == key.id) {
                return Err(SealingError::BadKeys(format!("two keys have the id {}", key.id)));
            }
            keys.push(key);
        }
        let mut keys = keys.into_iter();
        let current = keys
            .next()
            .ok_or_else(|| SealingError::BadKeys("there is no key".to_owned()))?;
        Ok(Self {
            current,
            older: keys.collect(),
            random: SystemRandom::new(),
        })
    }

    /// The id of the key that seals.
    pub(super) fn current_id(&self) -> &str {
        &self.current.id
    }

    /// What every value that the current key seals begins with.
    pub(super) fn header(&self) -> Vec<u8> {
        self.current.header()
    }

    /// Version, length of the key's id, the id, nonce, ciphertext and tag.
    pub(super) fn seal(&self, context: &str, plain: &[u8]) -> Result<Vec<u8>, SealingError> {
        // Random nonces are safe for 2^32 values under one key (NIST SP 800-38D, section 8.3); keys are rotated long before.
        let mut nonce = [0; NONCE_LEN];
        self.random.fill(&mut nonce).map_err(|_| SealingError::Random)?;
        let mut data = plain.to_vec();
        self.current
            .key
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(context.as_bytes()),
                &mut data,
            )
            .map_err(|_| SealingError::TooLong)?;
        let mut sealed = self.current.header();
        sealed.extend_from_slice(&nonce);
        sealed.append(&mut data);
        Ok(sealed)
    }

    pub(super) fn open(&self, context: &str, sealed: &[u8]) -> Result<Vec<u8>, SealingError> {
        let value = SealedValue::parse(sealed)?;
        let key = std::iter::once(&self.current)
            .chain(&self.older)
            .find(|key| key.id == value.key_id)
            .ok_or_else(|| SealingError::UnknownKey(value.key_id.to_owned()))?;
        let mut data = value.ciphertext.to_vec();
        let length = key
            .key
            .open_in_place(
                Nonce::assume_unique_for_key(value.nonce),
                Aad::from(context.as_bytes()),
                &mut data,
            )
            .map_err(|_| SealingError::NotAuthentic(context.to_owned()))?
            .len();
        data.truncate(length);
        Ok(data)
    }
}

impl DataKey {
    fn from_secret(entry: DataKeySecret) -> Result<Self, SealingError> {
        let id = entry.id;
        if id.is_empty() || u8::try_from(id.len()).is_err() {
            return Err(SealingError::BadKeys(
                "the id of a key must have 1 to 255 bytes".to_owned(),
            ));
        }
        let bytes = STANDARD
            .decode(entry.key)
            .map_err(|_| SealingError::BadKeys(format!("the key {id} is not base64")))?;
        let key = UnboundKey::new(&AES_256_GCM, &bytes)
            .map_err(|_| SealingError::BadKeys(format!("the key {id} does not have 32 bytes")))?;
        Ok(Self {
            id,
            key: LessSafeKey::new(key),
        })
    }

    fn header(&self) -> Vec<u8> {
        // The length was checked when the key was read, so it is exact.
        let length = u8::try_from(self.id.len()).unwrap_or(u8::MAX);
        let mut header = vec![VERSION, length];
        header.extend_from_slice(self.id.as_bytes());
        header
    }
}

/// A sealed value taken apart.
#[derive(Debug, PartialEq, Eq)]
struct SealedValue<'a> {
    key_id: &'a str,
    nonce: [u8; NONCE_LEN],
    ciphertext: &'a [u8],
}

impl<'a> SealedValue<'a> {
    fn parse(sealed: &'a [u8]) -> Result<Self, SealingError> {
        let parts = || {
            let (&[version, length], rest) = sealed.split_first_chunk::<2>()?;
            let (key_id, rest) = rest.split_at_checked(usize::from(length))?;
            let (nonce, ciphertext) = rest.split_first_chunk::<NONCE_LEN>()?;
            (version == VERSION).then_some(())?;
            Some(SealedValue {
                key_id: std::str::from_utf8(key_id).ok()?,
                nonce: *nonce,
                ciphertext,
            })
        };
        parts().ok_or(SealingError::Malformed)
    }
}

/// The id of the key that a value was sealed with.
pub(super) fn key_id(sealed: &[u8]) -> Result<&str, SealingError> {
    SealedValue::parse(sealed).map(|value| value.key_id)
}
