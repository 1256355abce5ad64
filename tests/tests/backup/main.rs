//! The function `backup`: what is dumped, what a drill finds, what goes when its time is over, and what comes of a run that is killed.
#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod broken;
mod comparing;
mod constraints;
mod killed;
mod locale;
mod proving;
mod support;
mod taking;
mod tidying;
