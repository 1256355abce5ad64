//! The import of licence files, from the S3 event to the rows, on real files and every way in which they come badly.
#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod broken;
mod county;
mod interrupted;
mod merging;
mod requested;
mod speed;
mod support;
mod undoing;
