//! What the handlers share.

use axum::extract::FromRef;
use portal_data::ConfigError;
use portal_http::Portal;
use portal_jobs::FileBucket;
use time::OffsetDateTime;

/// The state of the function. Clones share everything.
#[derive(Clone)]
pub struct Directory {
    pub(crate) portal: Portal,
    pub(crate) files: FileBucket,
    /// What time it is.
    pub(crate) clock: fn() -> OffsetDateTime,
}

impl Directory {
    /// Reads what [`Portal::from_env`] reads, and `PORTAL_FILES_BUCKET`; connects to nothing yet.
    ///
    /// # Errors
    /// [`ConfigError`], naming the variable that is missing or cannot be used.
    pub fn from_env() -> Result<Self, ConfigError> {
        Ok(Self {
            portal: Portal::from_env()?,
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
