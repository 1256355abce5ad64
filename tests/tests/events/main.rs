//! Events through the gateway and the pooler: their life, lists, seats and the waitlist, payments, the door, calendars, and what the
//! clock does to them.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod analytics;
mod at_once;
mod calendars;
mod clock;
mod constraints;
mod crowd;
mod door;
mod lifecycle;
mod limits;
mod lists;
mod patches;
mod payments;
mod people;
mod seats;
mod shown;
mod standing;
mod support;
mod waitlist;
mod walk_in;
