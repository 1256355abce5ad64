//! What the handlers share.

use axum::extract::FromRef;
use portal_data::sealing::Sealer;
use portal_data::{ConfigError, Environment};
use portal_http::Portal;
use portal_jobs::FileBucket;
use time::OffsetDateTime;

/// The state of the function. Clones share everything.
#[derive(Clone)]
pub struct Directory {
    pub(crate) portal: Portal,
    pub(crate) files: FileBucket,
    pub(crate) sealer: Sealer,
    /// What time it is.
    pub(crate) clock: fn() -> OffsetDateTime,
}

impl Directory {
    /// Reads what [`Portal::from_env`] reads, `PORTAL_FILES_BUCKET` and `PORTAL_DATA_KEYS_SECRET`; connects to nothing yet.
    ///
    /// # Errors
    /// [`ConfigError`], naming the variable that is missing or cannot be used.
    pub fn from_env() -> Result<Self, ConfigError> {
        let data_keys = Environment::process().required(
            "PORTAL_DATA_KEYS_SECRET",
            "the Secrets Manager id of the keys for what is stored encrypted",
        )?;
        let portal = Portal::from_env()?;
        Ok(Self {
            sealer: Sealer::new(portal.secrets().clone(), data_keys),
            portal,
            files: FileBucket::from_env()?,
            clock: OffsetDateTime::now_utc,
        })
    }

    /// What every function has.
    #[must_use]
    pub const fn portal(&self) -> &Portal {
        &self.portal
    }
}

impl FromRef<Directory> for Portal {
    fn from_ref(state: &Directory) -> Self {
        state.portal.clone()
    }
}
