//! Between the books and Stripe: what the functions `payments` and `billing` do with both.
//!
//! Each step has three parts, and no part holds what the next one needs: what is wanted is written down and committed, Stripe is asked, and
//! what was seen there is joined with the books ([`portal_data::payments::settle()`]). Whatever dies between two of them, the same step is
//! simply done again: what makes it happen once is the id of the row that was written first.

mod cancel;
mod cashier;
mod error;
mod intent;
mod listed;
mod refund;
mod see;
mod webhook;

pub use cancel::Cancelled;
pub use cashier::Cashier;
pub use error::CashierError;
pub use intent::Arranged;
pub use listed::Listed;
pub use refund::Refunded;
pub use webhook::is_about_payments;

/// Under which name our payment's id is kept with a PaymentIntent.
pub const PAYMENT: &str = "payment";
/// Under which name our refund's id is kept with a refund.
pub const REFUND: &str = "refund";

#[cfg(test)]
mod tests {
    use super::*;

    fn is_send<T: Send>(_: T) {}

    #[allow(dead_code)]
    fn steps_move_between_threads(
        cashier: &Cashier,
        payment: &portal_data::payments::Look,
        event: &portal_stripe::Event,
    ) {
        let run = payment.id.as_uuid();
        is_send(cashier.stripe().retrieve_payment_intent(""));
        is_send(cashier.begin(run));
        is_send(cashier.settle(run, payment.id, ""));
        is_send(cashier.arrange(run, payment));
        is_send(cashier.cancel(run, payment.id, None));
        is_send(cashier.take(run, event));
    }
}
