//! Why an event was not served.

use portal_data::{ConfigError, DataError};
use portal_jobs::{ObjectError, TriggerError};

/// The event was not served, and is worth another try; what was done of it needs no undoing.
#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    /// The database did not do what was asked.
    #[error(transparent)]
    Data(#[from] DataError),
    /// S3 did not do what was asked.
    #[error(transparent)]
    Object(#[from] ObjectError),
    /// The event is none that this function knows.
    #[error(transparent)]
    Event(#[from] TriggerError),
    /// The function's environment is not complete.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// Some objects of an event could not be looked at; the others were.
    #[error("{failed} of {of} objects could not be looked at: {first}")]
    Some {
        /// How many.
        failed: usize,
        /// Of how many.
        of: usize,
        /// What happened to the first of them.
        first: Box<FilesError>,
    },
}
