//! Why a step could not be done. It can be done again.

use portal_data::DataError;
use portal_stripe::{StripeError, UnusableIntent};
use thiserror::Error;

/// A step that was not done.
#[derive(Debug, Error)]
pub enum CashierError {
    /// The database refused or is away.
    #[error(transparent)]
    Data(#[from] DataError),
    /// Stripe refused or is away.
    #[error(transparent)]
    Stripe(#[from] StripeError),
    /// Stripe tells of a state that we do not know.
    #[error(transparent)]
    Unusable(#[from] UnusableIntent),
}
