//! Why a run was not done.

use portal_cashier::CashierError;
use portal_data::{ConfigError, DataError};
use portal_jobs::TriggerError;

/// A run that failed; Lambda tries it again, and an alarm looks at what fails. What went wrong with one payment is no error of the run: it is
/// counted, and the next run tries again.
#[derive(Debug, thiserror::Error)]
pub enum BillingError {
    /// The run cannot be written down.
    #[error(transparent)]
    Data(#[from] DataError),
    /// A step broke off; the others were done.
    #[error("{step}: {error}")]
    Step {
        /// Which.
        step: &'static str,
        /// Why.
        #[source]
        error: CashierError,
    },
    /// The event is none that this function knows.
    #[error(transparent)]
    Event(#[from] TriggerError),
    /// The function's environment is not complete.
    #[error(transparent)]
    Config(#[from] ConfigError),
}
