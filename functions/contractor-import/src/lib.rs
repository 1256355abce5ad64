//! The import of the state's contractor files: S3 event, stream, records, staging, one merge.
//!
//! The way of a file: [`Importer`] queues a run for each written object and works on whatever is queued, one run at a time;
//! [`Source`] opens the object and reads its header; [`Splitter`] cuts it into records; [`Part`] gathers normalised rows; the data
//! crate stages each part in one transaction with the checkpoint behind it, and merges the whole in another. Killed at any
//! moment, delivered twice or out of order, the contractors end as if the file had been imported once.

mod action;
mod decode;
mod error;
mod handler;
mod import;
mod load;
mod part;
mod raw_fields;
mod report;
mod settings;
mod source;
mod split;
mod splitter;
mod undo;

pub use action::Action;
pub use error::ImportError;
pub use handler::{Answer, Importer};
pub use part::{Part, Totals};
pub use raw_fields::RawFields;
pub use report::REJECTS_SUFFIX;
pub use settings::Settings;
pub use source::{Source, SourceError};
pub use split::{Record, Split};
pub use splitter::{KEPT_BYTES, MAX_RECORD_BYTES, Splitter};
