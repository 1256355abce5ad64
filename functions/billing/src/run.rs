//! What the steps of one run share.

use portal_cashier::{Cashier, CashierError};
use portal_data::DataError;
use portal_jobs::Deadline;
use portal_stripe::StripeError;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::report::Report;
use crate::settings::Settings;

/// A run.
pub(crate) struct Run<'a> {
    /// As `job_runs` and the audit know it.
    pub(crate) id: Uuid,
    pub(crate) cashier: &'a Cashier,
    pub(crate) settings: &'a Settings,
    pub(crate) deadline: Deadline,
    pub(crate) now: OffsetDateTime,
}

/// How many rows are taken up at once.
pub(crate) const BATCH: i64 = 100;

/// What came of one thing among many: what goes for all of them (a side that is away) ends the step, what is its own is counted, and the
/// next run tries again.
pub(crate) fn noted<T>(
    what: impl std::fmt::Display,
    outcome: Result<T, CashierError>,
    report: &mut Report,
) -> Result<Option<T>, CashierError> {
    match outcome {
        Ok(done) => Ok(Some(done)),
        Err(error) if ends_step(&error) => Err(error),
        Err(error) => {
            tracing::error!(%what, %error, "something of the nightly billing was not done");
            report.failed += 1;
            Ok(None)
        }
    }
}

const fn ends_step(error: &CashierError) -> bool {
    match error {
        CashierError::Data(error) => matches!(error, DataError::Unavailable { .. } | DataError::Secret(_)),
        CashierError::Stripe(error) => matches!(
            error,
            StripeError::Unavailable(_)
                | StripeError::Failed(_)
                | StripeError::RateLimited(_)
                | StripeError::Authentication(_)
                | StripeError::Key(_)
                | StripeError::Setup(_)
        ),
        CashierError::Unusable(_) => false,
    }
}
