//! What the handlers share.

use axum::extract::FromRef;
use portal_data::{ConfigError, Environment};
use portal_http::Portal;
use portal_jobs::FileBucket;
use time::OffsetDateTime;

/// The state of the function. Clones share everything.
#[derive(Clone)]
pub struct Projects {
    pub(crate) portal: Portal,
    pub(crate) files: FileBucket,
    /// The largest file that is taken, in bytes.
    pub(crate) max_file_bytes: i64,
    /// What time it is.
    pub(crate) clock: fn() -> OffsetDateTime,
}

impl Projects {
    /// Reads what [`Portal::from_env`] reads, `PORTAL_FILES_BUCKET` and `PORTAL_FILES_MAX_BYTES` (100 MiB); connects to nothing yet.
    ///
    /// # Errors
    /// [`ConfigError`], naming the variable that is missing or cannot be used.
    pub fn from_env() -> Result<Self, ConfigError> {
        Ok(Self {
            portal: Portal::from_env()?,
            files: FileBucket::from_env()?,
            max_file_bytes: portal_jobs::largest_file(Environment::process())?,
            clock: OffsetDateTime::now_utc,
        })
    }

    /// What every function has.
    #[must_use]
    pub const fn portal(&self) -> &Portal {
        &self.portal
    }
}

impl FromRef<Projects> for Portal {
    fn from_ref(state: &Projects) -> Self {
        state.portal.clone()
    }
}
