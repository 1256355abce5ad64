//! The outbox from the row to the mail: neither lost nor sent twice, whatever dies, and no secret left behind.
#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod announcing;
mod courses;
mod digests;
mod emulator;
mod killed;
mod lanes;
mod moot;
mod outbox;
mod process;
mod retrying;
mod saved_searches;
mod saved_searches_at_once;
mod saved_searches_seen;
mod seats;
mod secrets;
mod sending;
mod ses;
mod support;
mod watching;
mod wishes;
