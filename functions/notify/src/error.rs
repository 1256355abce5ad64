//! Why an event was not served.

use portal_data::{ConfigError, DataError};
use portal_jobs::TriggerError;

/// The event was not served. What one mail met with is no error of the function: it stands in the mail's row.
#[derive(Debug, thiserror::Error)]
pub enum NotifyError {
    /// The outbox cannot be read.
    #[error("the outbox cannot be read: {0}")]
    Outbox(#[from] DataError),
    /// What is due could not be made into mails.
    #[error("{0} could not be made into mails: {1}")]
    Duty(&'static str, #[source] DataError),
    /// The event is none that this function knows.
    #[error(transparent)]
    Event(#[from] TriggerError),
    /// The function's environment is not complete.
    #[error(transparent)]
    Config(#[from] ConfigError),
}
