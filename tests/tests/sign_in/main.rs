//! Accounts and sign-ins, against the whole stack: through the gateway, and through its events where the address matters.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod accounts;
mod client;
mod equality;
mod life;
mod lockout;
mod mails;
mod races;
mod refreshing;
mod refusals;
mod storm;
mod time;
