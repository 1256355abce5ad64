//! What needs a whole stack of its own: in it functions and servers are killed, time limits set and tables emptied, and sample
//! events come to functions that know the rows they speak of.
#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod bundle;
mod continued;
mod events;
mod files;
mod gate;
mod imports;
mod killed;
mod requests;
mod sample;
mod start;
