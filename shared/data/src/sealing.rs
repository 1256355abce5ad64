//! Sealing: what is kept encrypted in the database is encrypted here, before it gets there.
//!
//! AES-256-GCM (NIST SP 800-38D). A sealed value is one version byte, the length of the key's id, the id, a nonce of 12 bytes,
//! then ciphertext and tag. The *context*, which names table, column and row (`users.mfa_secret/<uuid>`), is authenticated with it
//! and not stored, so that a value that was moved to another row or column does not open.

mod keyring;
#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::{SecretError, Secrets};
use keyring::{DataKeysSecret, Keyring};

/// How long the keys are taken as they are. After a rotation every function seals with the new key once this has passed.
pub const KEYS_STAY: Duration = Duration::from_secs(60);

/// Why a value could not be sealed or opened. No message holds a key or a plain text.
#[derive(Debug, thiserror::Error)]
pub enum SealingError {
    /// The keys could not be had.
    #[error(transparent)]
    Keys(#[from] SecretError),
    /// The secret holds keys that cannot be used: store `{"keys": [{"id", "key"}]}` with 32 bytes in base64 each.
    #[error("the data keys cannot be used: {0}")]
    BadKeys(String),
    /// The key was retired before every value was sealed anew: put it back behind the current one.
    #[error("the value was sealed with the key {0}, which is not among the data keys")]
    UnknownKey(String),
    /// These bytes were not made by a [`Sealer`].
    #[error("the bytes are no sealed value")]
    Malformed,
    /// The value was changed, or belongs to another row or column.
    #[error("the value of {0} was changed, or was sealed for another place")]
    NotAuthentic(String),
    /// More than AES-GCM can take at once (64 GiB).
    #[error("the value is too long to be sealed")]
    TooLong,
    /// The operating system gave no random bytes.
    #[error("the operating system gave no random bytes")]
    Random,
}

/// Seals and opens values with the data keys of Secrets Manager. Clones share the keys.
#[derive(Clone)]
pub struct Sealer {
    shared: Arc<Shared>,
}

struct Shared {
    secrets: Secrets,
    secret_id: String,
    keys_stay: Duration,
    held: Mutex<Option<Held>>,
}

/// Keys and when they were fetched.
#[derive(Clone)]
struct Held {
    keyring: Arc<Keyring>,
    at: Instant,
}

impl Sealer {
    /// A sealer with the keys in this secret, `{"keys": [{"id", "key"}]}` with 32 bytes in base64 each: the first seals, all
    /// open. They are fetched when they are first needed and again every [`KEYS_STAY`].
    #[must_use]
    pub fn new(secrets: Secrets, secret_id: String) -> Self {
        Self::with_keys_for(secrets, secret_id, KEYS_STAY)
    }

    /// The same, with another time after which the keys are fetched again.
    #[must_use]
    pub fn with_keys_for(secrets: Secrets, secret_id: String, keys_stay: Duration) -> Self {
        Self {
            shared: Arc::new(Shared {
                secrets,
                secret_id,
                keys_stay,
                held: Mutex::default(),
            }),
        }
    }

    /// Encrypts a value for one place, which `context` names.
    ///
    /// # Errors
    /// [`SealingError`], mostly because the keys cannot be fetched.
    pub async fn seal(&self, context: &str, plain: &[u8]) -> Result<Vec<u8>, SealingError> {
        self.keyring().await?.seal(context, plain)
    }

    /// Decrypts a value that was sealed for the same context. A key that is not known makes the keys be fetched again, once.
    ///
    /// # Errors
    /// [`SealingError::NotAuthentic`] when the value was changed or belongs elsewhere, and the others.
    pub async fn open(&self, context: &str, sealed: &[u8]) -> Result<Vec<u8>, SealingError> {
        match self.keyring().await?.open(context, sealed) {
            Err(SealingError::UnknownKey(_)) => self.fetch().await?.open(context, sealed),
            outcome => outcome,
        }
    }

    /// The key that seals now, fetched anew: for the job that seals everything again after a rotation.
    ///
    /// # Errors
    /// [`SealingError`] when the keys cannot be had.
    pub async fn current_key(&self) -> Result<CurrentKey, SealingError> {
        let keyring = self.fetch().await?;
        Ok(CurrentKey {
            id: keyring.current_id().to_owned(),
            header: keyring.header(),
        })
    }

    async fn keyring(&self) -> Result<Arc<Keyring>, SealingError> {
        let Some(held) = self.held() else {
            return self.fetch().await;
        };
        if held.at.elapsed() < self.shared.keys_stay {
            return Ok(held.keyring);
        }
        match self.fetch().await {
            // Keys that were good a minute ago beat an outage; the next call asks again.
            Err(SealingError::Keys(error)) => {
                tracing::warn!(%error, "the data keys could not be fetched again; those at hand are used");
                Ok(held.keyring)
            }
            outcome => outcome,
        }
    }

    async fn fetch(&self) -> Result<Arc<Keyring>, SealingError> {
        let secret: DataKeysSecret = self.shared.secrets.refetch(&self.shared.secret_id).await?;
        let keyring = Arc::new(Keyring::from_secret(secret)?);
        let held = Held {
            keyring: Arc::clone(&keyring),
            at: Instant::now(),
        };
        *self.shared.held.lock().unwrap_or_else(PoisonError::into_inner) = Some(held);
        Ok(keyring)
    }

    fn held(&self) -> Option<Held> {
        self.shared
            .held
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl std::fmt::Debug for Sealer {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Sealer")
            .field("secret_id", &self.shared.secret_id)
            .finish_non_exhaustive()
    }
}

/// How to tell what the current key sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CurrentKey {
    /// The key's id.
    pub id: String,
    /// The bytes that every value begins with that this key sealed.
    pub header: Vec<u8>,
}

/// The id of the key that a value was sealed with.
///
/// # Errors
/// [`SealingError::Malformed`] for what is no sealed value.
pub fn key_id(sealed: &[u8]) -> Result<&str, SealingError> {
    keyring::key_id(sealed)
}
