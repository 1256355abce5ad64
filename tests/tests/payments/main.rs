//! Money, through the gateway against the stack's Stripe, and as a model: memberships, seats and courses that are paid, refunds, webhooks
//! that are forged, stale, repeated or lost, companies and their people, and what the night does.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod billing;
mod companies;
mod constraints;
mod gifts;
mod joining;
mod ledger;
mod membership_refunds;
mod model;
mod people;
mod privacy;
mod receipts;
mod refunds;
mod requests;
mod seats;
mod seats_back;
mod stripe;
mod support;
mod webhooks;
