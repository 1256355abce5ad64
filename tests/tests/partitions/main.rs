//! The function `partitions`: two years of nights, nights that were missed, nights that were cut short, and what cannot be trusted.
#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod archives;
mod constraints;
mod draining;
mod failing;
mod killed;
mod support;
mod years;
