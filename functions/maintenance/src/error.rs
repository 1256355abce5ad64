//! Why a step was not done.

use portal_data::{ConfigError, DataError};
use portal_jobs::{ObjectError, TriggerError};
use serde_json::Value;
use time::Date;

/// A step that failed; Lambda tries it again, and an alarm looks at what fails.
#[derive(Debug, thiserror::Error)]
pub enum MaintenanceError {
    /// The event names no step of this function.
    #[error(transparent)]
    Event(#[from] TriggerError),
    /// The function's environment is not complete.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The database refused or is away.
    #[error(transparent)]
    Data(#[from] DataError),
    /// S3 refused or is away.
    #[error(transparent)]
    Object(#[from] ObjectError),
    /// Stored values that no data key opens.
    #[error(
        "{0} stored values cannot be opened with any of the data keys and were left as they are; everything else is done. The log names \
         them: put back a key that was taken out too early, or restore the rows from a backup"
    )]
    Unreadable(usize),
    /// The object of a seal cannot be read as one.
    #[error("the object {key} is no seal: {reason}. Somebody else wrote it: look at its versions in S3")]
    NoSeal {
        /// The object's key.
        key: String,
        /// What is wrong with it.
        reason: String,
    },
    /// S3 holds another seal for a day than the database's rows give.
    #[error(
        "{day} is sealed in S3 as {expected}, but its rows give {found}: rows have changed since, or the object was not written by this \
         function. Run the step audit-verify, and compare with a backup"
    )]
    SealDiffers {
        /// The day.
        day: Date,
        /// What the object says.
        expected: String,
        /// What the rows give.
        found: String,
    },
    /// The function was set up without the address of the primary.
    #[error("this step goes to the primary directly, and PORTAL_DATABASE_DIRECT is not known")]
    NoPrimary,
    /// Some of what a step does failed; the rest is done.
    #[error("not everything was done: {}", .failed.join("; "))]
    InPart {
        /// What was done.
        details: Value,
        /// What failed, each with the reason.
        failed: Vec<String>,
    },
    /// The seals are being written in this moment.
    #[error("another invocation is at the seals: try again when it has ended")]
    Busy,
}
