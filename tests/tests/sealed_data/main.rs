//! What the database keeps encrypted: who reads it, what cannot be done to it behind our back, and how keys are rotated.
#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod deployed;
mod rotation;
mod support;
mod tampering;
mod values;
