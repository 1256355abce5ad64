//! The steps of the function `maintenance` that work past the pooler: tables, indexes, materialized views.
#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod killed;
mod reindex;
mod support;
mod vacuum;
mod views;
