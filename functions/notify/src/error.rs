//! Why an event was not served.

use portal_data::{ConfigError, DataError};
use portal_jobs::TriggerError;

/// The event was not served. What one mail met with is no error of the function: it stands in the mail's row.
#[derive(Debug, thiserror::Error)]
pub enum NotifyError {
    /// The outbox or the saved searches cannot be read.
    #[error("the database does not do its part: {0}")]
    Outbox(#[from] DataError),
    /// The event is none that this function knows.
    #[error(transparent)]
    Event(#[from] TriggerError),
    /// The function's environment is not complete.
    #[error(transparent)]
    Config(#[from] ConfigError),
}
