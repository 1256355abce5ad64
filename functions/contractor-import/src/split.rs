//! What a file falls into.

use portal_domain::contractor::RejectReason;

use crate::raw_fields::RawFields;

/// One step through the file. After a record or a reject the splitter stands at the beginning of the next one.
#[derive(Debug)]
pub enum Split<'a> {
    /// More bytes are needed, or the word that there are none.
    NeedInput,
    /// A record.
    Record(Record<'a>),
    /// A line that is no record.
    Rejected {
        /// Why.
        reason: RejectReason,
        /// Its beginning, at most [`crate::KEPT_BYTES`], and the fields of that beginning as far as they go.
        record: Record<'a>,
    },
    /// The file is read whole.
    End,
}

/// A record, or a line that should have been one.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    /// The line that it begins on, counted from 1.
    pub line: u64,
    /// As it stands in the file.
    pub raw: &'a [u8],
    /// Its fields.
    pub fields: RawFields<'a>,
    /// Whether it ends with a line end, as the last one of a whole file may and of a cut one does not.
    pub terminated: bool,
}
