//! The function `health`: what it finds, whom it tells and how often, and what its role may see.
#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod alerts;
mod checks;
mod history;
mod role;
mod runbook;
mod support;
mod untold;
