//! The client for Stripe before the stack's stand-in, and before the fake that loses answers: what the portal stands on holds at both.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod losses;
mod payments;
mod support;
mod webhooks;

use portal_stripe::StripeSecret;
use portal_tests::fake_stripe::FakeStripe;
use portal_tests::stack::Stack;
use support::Shop;

/// The API's address and what its keys are.
async fn place() -> (String, StripeSecret) {
    let stack = Stack::get();
    let secret = stack.secrets().await.get("portal/stripe").await.unwrap();
    (stack.stripe_api.clone(), secret)
}

/// Each of these before both.
macro_rules! before_both {
    ($($name:ident),+ $(,)?) => {
        mod stand_in {
            $(#[tokio::test]
            async fn $name() {
                super::payments::$name(super::Shop::open().await).await;
            })+
        }

        mod fake {
            $(#[tokio::test]
            async fn $name() {
                let fake = super::FakeStripe::start().await;
                super::payments::$name(super::Shop::at(fake.api.clone(), fake.key.clone())).await;
            })+
        }
    };
}

before_both!(
    a_payment_fails_is_paid_and_goes_back_in_parts,
    the_same_key_is_the_same_request,
    what_was_called_off_takes_no_money,
    lists_tell_what_was_made_in_a_time_the_newest_first,
    another_key_is_refused,
);
