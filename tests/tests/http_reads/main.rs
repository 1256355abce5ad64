//! The read routes through the gateway and the pooler, over whatever the stack holds.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod contractors;
mod lists;
mod refusals;
mod support;
