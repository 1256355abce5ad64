//! Faults that pass, and faults that stay.

use portal_data::{ConfigError, DataError};
use portal_jobs::{ObjectError, TriggerError};

use crate::source::SourceError;

/// Why an import did not go through.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The object cannot be imported however often it is tried. The run is marked as failed, and the invocation succeeds, so that
    /// nobody tries again.
    #[error("{0}")]
    Hopeless(String),
    /// S3 or the database is away, or something is not as it should be on our side: the invocation fails, so that Lambda tries again.
    /// The run goes on from its checkpoint then.
    #[error("{0}")]
    Passing(String),
    /// The event is none that this function knows.
    #[error(transparent)]
    Event(#[from] TriggerError),
    /// The function's environment is not complete.
    #[error(transparent)]
    Config(#[from] ConfigError),
}

impl From<DataError> for ImportError {
    fn from(error: DataError) -> Self {
        match error {
            DataError::Invalid { .. } | DataError::Conflict { .. } => {
                Self::Hopeless(format!("the database refuses what the file holds: {error}"))
            }
            error => Self::Passing(error.to_string()),
        }
    }
}

impl From<ObjectError> for ImportError {
    fn from(error: ObjectError) -> Self {
        match error {
            ObjectError::NotFound { .. } | ObjectError::Denied { .. } => Self::Hopeless(error.to_string()),
            // What replaced it is imported instead, from the beginning.
            ObjectError::Changed { .. } | ObjectError::Unavailable { .. } => Self::Passing(error.to_string()),
        }
    }
}

impl From<SourceError> for ImportError {
    fn from(error: SourceError) -> Self {
        match error {
            SourceError::Object(error) => error.into(),
            error => Self::Hopeless(error.to_string()),
        }
    }
}
