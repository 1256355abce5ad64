//! Billing, once a night: memberships that end, refunds that are owed, and the books compared with Stripe.
//!
//! A run may be killed at any point, run twice, or run beside another: each step is one transaction, or writes down what is to be done before
//! Stripe is asked to do it once.

mod action;
mod error;
mod handler;
mod memberships;
mod open;
mod reconcile;
mod refunds;
mod report;
mod run;
mod settings;

pub use action::Action;
pub use error::BillingError;
pub use handler::Billing;
pub use report::Report;
pub use settings::Settings;
