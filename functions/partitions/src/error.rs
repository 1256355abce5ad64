//! Why a table is not as it should be.

use std::collections::BTreeMap;

use portal_data::{ConfigError, DataError};
use portal_jobs::{ObjectError, TriggerError};
use time::{Date, OffsetDateTime};

/// What went wrong.
#[derive(Debug, thiserror::Error)]
pub enum PartitionsError {
    /// The event cannot be understood.
    #[error(transparent)]
    Event(#[from] TriggerError),
    /// The function's environment is not complete.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The database refused or is away.
    #[error(transparent)]
    Data(#[from] DataError),
    /// S3 refused or is away.
    #[error(transparent)]
    Object(#[from] ObjectError),
    /// An object does not hold what was written to it, or what its manifest says.
    #[error("the object {key} cannot be trusted, and the partition stays: {reason}")]
    Archive {
        /// The object's address.
        key: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Rows came or went between two looks.
    #[error("{partition} was written to while it was being archived: the next run archives it anew")]
    Changed {
        /// The partition.
        partition: String,
    },
    /// The audit must be sealed before it goes.
    #[error(
        "{partition} holds days that are not sealed yet, {first} the first of {count}: run the step audit-seal of maintenance"
    )]
    Unsealed {
        /// The partition.
        partition: String,
        /// The first such day.
        first: Date,
        /// How many there are.
        count: usize,
    },
    /// Some pieces of a table's work failed; the others are done.
    #[error("{}", .0.join("; "))]
    Pieces(Vec<String>),
    /// The event names a time that is too far ahead to be meant.
    #[error("the event is for {at}, which is more than {days} days ahead: nothing is prepared for that")]
    TooFar {
        /// The event's time.
        at: OffsetDateTime,
        /// How far ahead it may be.
        days: i64,
    },
    /// Some tables failed; the others are done.
    #[error("{}", failures(.0))]
    Tables(BTreeMap<String, String>),
}

fn failures(tables: &BTreeMap<String, String>) -> String {
    let said: Vec<_> = tables
        .iter()
        .map(|(table, reason)| format!("{table}: {reason}"))
        .collect();
    said.join("; ")
}
