//! What is told of what went wrong.

use portal_cashier::CashierError;
use portal_http::{Problem, ProblemKind};

/// What a step with Stripe that was not done means to the client. Nothing is lost by it: asked again it goes on.
pub(crate) fn problem(error: CashierError) -> Problem {
    match error {
        CashierError::Data(error) => error.into(),
        CashierError::Stripe(error) if error.is_passing() => {
            tracing::error!(%error, "Stripe did not do what was asked");
            Problem::new(
                ProblemKind::Unavailable,
                "The payment service cannot be reached at the moment. Send the same request again: nothing is done twice.",
            )
        }
        CashierError::Stripe(error) => Problem::internal(&format!("Stripe refuses what was asked: {error}")),
        CashierError::Unusable(error) => Problem::internal(&error.to_string()),
    }
}

/// What is said of a payment that the caller cannot see, whether or not there is one.
pub(crate) fn unseen() -> Problem {
    Problem::not_found("There is no payment by this id that you may see.")
}

pub(crate) fn conflict(detail: impl Into<String>) -> Problem {
    Problem::new(ProblemKind::Conflict, detail)
}
