//! What staff see and ask for who keep the portal running: the audit, imports, backups, partitions, checks, series, the server.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod audit;
mod audit_pages;
mod backups;
mod constraints;
mod exports;
mod health;
mod imports;
mod plans;
mod server;
mod support;
mod undo;
