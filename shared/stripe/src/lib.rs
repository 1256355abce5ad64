//! Stripe, as far as the portal needs it: customers, PaymentIntents, refunds, and the signatures of webhooks.
//!
//! A small client of its own over the HTTP client that the AWS SDKs bring. It knows no AWS, no SQL and no clock: the key comes from
//! [`ApiKeys`], the moment of a webhook from the caller. Nothing that is secret is ever logged or shown.

mod client;
mod config;
mod customers;
mod error;
mod event;
mod expandable;
mod form;
mod idempotency;
mod page;
mod payment_intents;
mod refunds;
mod retry;
mod secret;
mod signature;
#[cfg(test)]
mod tests;
mod transport;

pub use client::Stripe;
pub use config::{Config, DEFAULT_API, STRIPE_VERSION};
pub use customers::{Customer, NewCustomer};
pub use error::{ApiError, StripeError};
pub use event::{Event, EventError, EventObject};
pub use expandable::{Expandable, Identified};
pub use idempotency::{IdempotencyKey, IdempotencyKeyError};
pub use page::{Created, Page};
pub use payment_intents::{
    BalanceTransaction, Charge, ClientSecret, NewPaymentIntent, PaymentFailure, PaymentIntent, UnusableIntent,
};
pub use refunds::{NewRefund, Refund, RefundReason};
pub use secret::{ApiKey, ApiKeys, KeyError, StripeSecret, WebhookSecret};
pub use signature::{SignatureError, TOLERANCE, verify};
