//! What the handlers share.

use std::time::Duration;

use portal_data::sealing::Sealer;
use portal_data::{CachedSecret, ConfigError, Environment};
use portal_http::Portal;
use time::OffsetDateTime;

use crate::access_token::AccessTokens;
use crate::password_hash::PasswordHasher;
use crate::refresh_key::RefreshKeys;

/// How long the keys are taken as they are. A new one signs within that time, and is known everywhere before.
const KEYS_STAY: Duration = Duration::from_secs(300);

/// The state of the function. Clones share everything.
#[derive(Clone)]
pub struct Auth {
    pub(crate) portal: Portal,
    pub(crate) tokens: AccessTokens,
    pub(crate) refresh_keys: RefreshKeys,
    pub(crate) sealer: Sealer,
    pub(crate) hasher: PasswordHasher,
    /// What time it is.
    pub(crate) clock: fn() -> OffsetDateTime,
}

impl Auth {
    /// Reads the environment; connects to nothing yet.
    ///
    /// # Errors
    /// [`ConfigError`], naming the variable that is missing or cannot be used.
    pub fn from_env() -> Result<Self, ConfigError> {
        let environment = Environment::process();
        let portal = Portal::from_env()?;
        let token_secret = environment.required(
            "PORTAL_TOKEN_SECRET",
            "the Secrets Manager id of the keys that sign tokens",
        )?;
        let data_keys = environment.required(
            "PORTAL_DATA_KEYS_SECRET",
            "the Secrets Manager id of the keys for what is stored encrypted",
        )?;
        let settings = portal.tokens().settings().clone();
        let secret = CachedSecret::new(portal.secrets().clone(), token_secret, KEYS_STAY);
        Ok(Self {
            tokens: AccessTokens::new(settings, secret.clone()),
            refresh_keys: RefreshKeys::new(secret),
            sealer: Sealer::new(portal.secrets().clone(), data_keys),
            hasher: PasswordHasher::read(environment)?,
            clock: OffsetDateTime::now_utc,
            portal,
        })
    }

    /// The way to the database and the keys of all functions.
    #[must_use]
    pub const fn portal(&self) -> &Portal {
        &self.portal
    }

    /// Fetches keys and connects to the database while the execution environment still starts up.
    pub async fn warm_up(&self) {
        let (keys, ()) = tokio::join!(self.tokens.warm_up(), self.portal.warm_up());
        if let Err(error) = keys {
            tracing::warn!(%error, "the keys that sign tokens could not be fetched at start-up");
        }
    }

    /// What time it is.
    pub(crate) fn now(&self) -> OffsetDateTime {
        (self.clock)()
    }
}
