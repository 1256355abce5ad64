//! The client for Stripe before the stack's stand-in: what the portal stands on holds there, through the whole life of a payment.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod payments;
mod support;
mod webhooks;

use portal_stripe::StripeSecret;
use portal_tests::stack::Stack;

/// The API's address and what its keys are.
async fn place() -> (String, StripeSecret) {
    let stack = Stack::get();
    let secret = stack.secrets().await.get("portal/stripe").await.unwrap();
    (stack.stripe_api.clone(), secret)
}
