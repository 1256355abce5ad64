//! The directory through the gateway and the pooler: who sees what of whom, profiles, claims of licences, outreach, tables.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod approval;
mod licenses;
mod lists;
mod outreach;
mod people;
mod plans;
mod privacy;
mod profile;
mod sensitive;
mod support;
mod tables;
