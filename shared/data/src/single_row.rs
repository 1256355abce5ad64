//! The check of every write that is meant for one row.

use crate::DataError;

/// A write to a single row must touch one.
///
/// # Errors
/// [`DataError::NotFound`] when it touched none, or more.
pub(crate) fn one(rows: u64) -> Result<(), DataError> {
    if rows == 1 {
        Ok(())
    } else {
        Err(DataError::NotFound)
    }
}
