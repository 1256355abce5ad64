//! What the handlers share.

use axum::extract::FromRef;
use portal_data::ConfigError;
use portal_http::Portal;
use time::OffsetDateTime;

/// The state of the function. Clones share everything.
#[derive(Clone)]
pub struct Admin {
    pub(crate) portal: Portal,
    /// What time it is.
    clock: fn() -> OffsetDateTime,
}

impl Admin {
    /// Reads what [`Portal::from_env`] reads; connects to nothing yet.
    ///
    /// # Errors
    /// [`ConfigError`], naming the variable that is missing or cannot be used.
    pub fn from_env() -> Result<Self, ConfigError> {
        Ok(Self {
            portal: Portal::from_env()?,
            clock: OffsetDateTime::now_utc,
        })
    }

    /// What every function has.
    #[must_use]
    pub const fn portal(&self) -> &Portal {
        &self.portal
    }

    /// What time it is.
    pub(crate) fn now(&self) -> OffsetDateTime {
        (self.clock)()
    }
}

impl FromRef<Admin> for Portal {
    fn from_ref(state: &Admin) -> Self {
        state.portal.clone()
    }
}
