//! Messages, preferences, announcements and tickets through the gateway and the pooler.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod announcing;
mod at_once;
mod blocking;
mod floods;
mod inbox;
mod limits;
mod preferences;
mod privacy;
mod sending;
mod speed;
mod support;
mod threads;
mod tickets;
mod withdrawing;
