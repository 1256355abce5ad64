//! Why a run is not a good one.

use portal_data::{ConfigError, DataError};
use portal_jobs::TriggerError;

/// What went wrong.
#[derive(Debug, thiserror::Error)]
pub enum HealthError {
    /// The event cannot be understood.
    #[error(transparent)]
    Event(#[from] TriggerError),
    /// The function's environment is not complete.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The database refused or is away.
    #[error(transparent)]
    Data(#[from] DataError),
    /// Checks that could not be made, or people who could not be told; all else is done.
    #[error("{}", .0.join("; "))]
    Incomplete(Vec<String>),
}
