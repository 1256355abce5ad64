//! Lists, a page at a time.

use serde::Deserialize;
use time::OffsetDateTime;

use crate::expandable::Identified;
use crate::form::Form;

/// A page of a list, the newest first.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Page<T> {
    /// What it holds.
    pub data: Vec<T>,
    /// Whether there is more.
    pub has_more: bool,
}

impl<T: Identified> Page<T> {
    /// What the next page starts after; None on the last one.
    #[must_use]
    pub fn next(&self) -> Option<&str> {
        let last = self.data.last().filter(|_| self.has_more)?;
        Some(last.id())
    }
}

/// From when to when the things of a list were made, to the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Created {
    /// Not before this moment.
    pub from: OffsetDateTime,
    /// Before this one.
    pub until: OffsetDateTime,
}

impl Created {
    pub(crate) fn add(self, form: Form) -> Form {
        form.with("created[gte]", self.from.unix_timestamp())
            .with("created[lt]", self.until.unix_timestamp())
    }
}
