//! Who is let in, at every route and on every function: only who holds a good token of a sign-in that still stands.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod at_once;
mod every_route;
mod rotation;
mod support;
mod well_known;
