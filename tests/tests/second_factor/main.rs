//! The second factor through the gateway: enrolment, challenges, recovery codes, and what is refused.
#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod challenge;
mod constraints;
mod enrolment;
mod limits;
mod recovery;
mod staff;
mod support;
