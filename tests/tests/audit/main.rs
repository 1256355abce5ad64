//! The audit: every change leaves its row, nobody edits one, each day is sealed, and a seal that was tampered with is found.
#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod append_only;
mod command;
mod mutations;
mod scene;
mod sealing;
mod support;
mod tampering;
