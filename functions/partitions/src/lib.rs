//! Keeps the tables that are partitioned by time: periods are prepared in advance, rows that found no partition are moved to where they
//! belong, and what is past its retention is written to S3, read back, and only then dropped.
//!
//! Each table is seen to by itself, so that one that fails does not stop the others; the run fails in the end, and says which did.
//! Every step leaves a state from which the next run goes on: a table that is being filled is no partition until it is whole, an object is
//! named after what is in it, and its manifest is written when it has been read back.

mod archive;
mod content;
mod error;
mod handler;
mod manifest;
mod report;
mod settings;
mod table;
mod wish;

pub use content::{Content, Counter};
pub use error::PartitionsError;
pub use handler::{Answer, Partitions};
pub use manifest::Manifest;
pub use report::{Archived, TableReport};
pub use settings::Settings;
pub use wish::Wish;
