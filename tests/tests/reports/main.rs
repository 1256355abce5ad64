//! Reports: each figure equals what is counted in memory over the same random rows, and the routes show the same.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod events;
mod gateway;
mod members;
mod outreach;
mod privacy;
mod projects;
mod revenue;
mod support;
