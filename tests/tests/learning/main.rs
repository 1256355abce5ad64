//! Courses through the gateway and the pooler: the catalogue, modules and who may read them, progress, completion, certificates as
//! documents and as what anyone verifies, payments, and what the clock does.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod at_once;
mod catalogue;
mod certificates;
mod clock;
mod completion;
mod constraints;
mod documents;
mod enrolling;
mod forging;
mod limits;
mod modules;
mod payments;
mod people;
mod privacy;
mod progress;
mod support;
