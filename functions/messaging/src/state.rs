//! What the handlers share.

use std::time::Duration;

use axum::extract::FromRef;
use portal_data::notifications::LinkKeys;
use portal_data::{CachedSecret, ConfigError, Environment};
use portal_http::Portal;
use time::OffsetDateTime;

/// How long the keys of links are taken as they are.
const KEYS_STAY: Duration = Duration::from_secs(600);

/// The state of the function. Clones share everything.
#[derive(Clone)]
pub struct Messaging {
    pub(crate) portal: Portal,
    pub(crate) link_keys: CachedSecret<LinkKeys>,
    clock: fn() -> OffsetDateTime,
}

impl Messaging {
    /// Reads what [`Portal::from_env`] reads; connects to nothing yet.
    ///
    /// # Errors
    /// [`ConfigError`], naming the variable that is missing or cannot be used.
    pub fn from_env() -> Result<Self, ConfigError> {
        let keys = Environment::process().required(
            "PORTAL_SIGNING_SECRET",
            "the Secrets Manager id of the signing keys",
        )?;
        let portal = Portal::from_env()?;
        Ok(Self {
            link_keys: CachedSecret::new(portal.secrets().clone(), keys, KEYS_STAY),
            clock: OffsetDateTime::now_utc,
            portal,
        })
    }

    /// What every function has.
    #[must_use]
    pub const fn portal(&self) -> &Portal {
        &self.portal
    }

    pub(crate) fn now(&self) -> OffsetDateTime {
        (self.clock)()
    }
}

impl FromRef<Messaging> for Portal {
    fn from_ref(state: &Messaging) -> Self {
        state.portal.clone()
    }
}
