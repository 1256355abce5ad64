//! Backups that are proven: dumps of the database in S3, and drills that restore them.
//!
//! A backup is `pg_dump` streamed into an object, and a manifest beside it that says what was in the database in the moment which the
//! dump is of. It is complete once the manifest is there, and proven once a drill has restored it and found the same. A run that dies
//! is cleaned up after by the next.

mod action;
mod checks;
mod compare;
mod drill;
mod dump;
mod error;
mod handler;
mod manifest;
mod objects;
mod program;
mod repair;
mod restore;
mod settings;
mod take;
mod tidy;

pub use action::{Action, Task};
pub use error::{BackupError, Fault};
pub use handler::{Answer, Backups};
pub use manifest::Manifest;
pub use settings::{Drill, Settings};
