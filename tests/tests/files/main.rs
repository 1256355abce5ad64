//! Files of projects, events and members' pictures: through the gateway, the store and the function `files`.
#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod avatars;
mod events;
mod life;
mod permissions;
mod refused;
mod requests;
mod support;
mod sweep;
mod sweep_support;
