//! Imports of contractor files: their run records, staging, the merge, and taking an import back.
//!
//! These functions work on a connection of their own straight to the primary ([`connect`]): an import holds a session lock and
//! copies whole files, which a transaction-mode pooler forbids. What staff see and ask for ([`browse()`], [`request_undo`]) works in the
//! transaction of a request.

mod browse;
mod chunk;
mod connection;
mod merge;
mod outcome;
mod progress;
mod rejects;
mod run;
mod undo;

pub use browse::{
    ImportFilters, ImportPosition, browse, browse_rejects, count, count_rejects, request_undo, show,
};
pub use chunk::{Chunk, Reject, stage};
pub use connection::{ImportConnection, close, connect, release, try_lock};
pub use merge::{Merge, RemovalRule, merge};
pub use outcome::{Superseding, fail, find_superseding};
pub use progress::{
    Checkpoint, Resumption, Source, begin_merging, count_invocation, describe, note, resume, start,
};
pub use rejects::rejects_after;
pub use run::{ImportRun, NewRun, RowCounts, lookup, next_unfinished, register};
pub use undo::{UndoOutcome, next_requested_undo, refuse_requested_undo, undo};
