//! Why a row was not taken.

/// The reason for which a row of a source file was rejected. The text is what staff read in the list of rejects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RejectReason {
    /// The licence number is empty.
    #[error("no licence number")]
    MissingLicenceNumber,
    /// The licence number is not digits.
    #[error("the licence number is not 1 to 12 digits")]
    InvalidLicenceNumber,
    /// Business name, full business name and second name are all empty.
    #[error("no name: the business name, the full business name and the second name are empty")]
    MissingName,
    /// The record does not have as many fields as the header.
    #[error("wrong number of fields: {found} instead of {expected}")]
    FieldCount {
        /// How many fields the record has.
        found: usize,
        /// How many the header has.
        expected: usize,
    },
    /// A quotation mark opens a field on this line and is not closed on it, and what follows does not belong to it.
    #[error("a quotation mark is not closed: the line swallows the ones after it")]
    UnclosedQuote,
    /// The record is longer than the limit.
    #[error("the record is longer than {limit} bytes")]
    TooLong {
        /// The limit in bytes.
        limit: usize,
    },
}
