//! What the handlers share.

use axum::extract::FromRef;
use portal_data::{ConfigError, Environment};
use portal_http::Portal;
use portal_jobs::{FileBucket, Invoker, ObjectStore};
use time::OffsetDateTime;

/// The state of the function. Clones share everything.
#[derive(Clone)]
pub struct Admin {
    pub(crate) portal: Portal,
    /// Where the state's licence files go.
    pub(crate) imports: FileBucket,
    /// Where tables go that are too large for an answer.
    pub(crate) exports: FileBucket,
    /// What imports those files.
    pub(crate) importer: Invoker,
    /// Where people read what to do about a finding of a check.
    pub(crate) runbook: String,
    /// What time it is.
    clock: fn() -> OffsetDateTime,
}

impl Admin {
    /// Reads what [`Portal::from_env`] reads, `PORTAL_IMPORTS_BUCKET`, `PORTAL_EXPORTS_BUCKET`, `PORTAL_IMPORT_FUNCTION`
    /// (`contractor-import`) and `PORTAL_RUNBOOK_URL` (`docs/operations.md`); connects to nothing yet.
    ///
    /// # Errors
    /// [`ConfigError`], naming the variable that is missing or cannot be used.
    pub fn from_env() -> Result<Self, ConfigError> {
        let environment = Environment::process();
        let store = ObjectStore::new();
        let bucket = |variable, what| {
            let name = environment.required(variable, what)?;
            Ok::<_, ConfigError>(FileBucket::new(store.clone(), name))
        };
        let importer = environment.value_or(
            "PORTAL_IMPORT_FUNCTION",
            "the name of the function that imports licence files",
            "contractor-import".to_owned(),
        )?;
        Ok(Self {
            imports: bucket(
                "PORTAL_IMPORTS_BUCKET",
                "the name of the bucket for licence files",
            )?,
            exports: bucket("PORTAL_EXPORTS_BUCKET", "the name of the bucket for large tables")?,
            importer: Invoker::new(&importer),
            runbook: environment.value_or(
                "PORTAL_RUNBOOK_URL",
                "the address of the runbook",
                "docs/operations.md".to_owned(),
            )?,
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
