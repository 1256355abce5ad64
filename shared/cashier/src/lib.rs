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
