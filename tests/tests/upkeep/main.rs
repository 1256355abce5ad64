//! The step `purge` of the function `maintenance`: what goes, what stays, and what comes of a run that is cut short.
#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod purging;
mod support;
