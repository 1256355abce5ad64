//! What was wrong with a row that was taken all the same.

use std::collections::BTreeMap;

/// A kind of warning. The row is imported; the value in question is absent, shortened or taken from another column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WarningKind {
    /// The record was not UTF-8 and was read as Windows-1252.
    Windows1252,
    /// A date is not MM/DD/YYYY: stored as absent.
    MalformedDate,
    /// A telephone number has not ten digits: stored as absent.
    MalformedPhone,
    /// An amount of money cannot be read: stored as absent.
    MalformedAmount,
    /// A ZIP code is neither five nor nine digits: stored as absent.
    MalformedZipCode,
    /// An entry of the classifications is none: left out.
    MalformedClassification,
    /// An unknown legal form: stored as absent.
    UnknownBusinessType,
    /// The status is empty: stored as UNKNOWN, not in good standing.
    MissingStatus,
    /// The business name is empty: another name of the row stands in.
    MissingBusinessName,
    /// A California row whose county is none of the 58 and whose ZIP code does not tell it: kept under NORTH.
    UnknownCounty,
    /// Neither state, ZIP code nor county tell where the firm sits: kept under OUT_OF_STATE.
    UnknownState,
    /// A California row whose ZIP code has no centroid: no coordinates, so no radius finds it.
    ZipCodeWithoutCentroid,
    /// A text was longer than the limit and was shortened.
    TextTooLong,
    /// The licence number occurs more than once in the file: the last row wins.
    DuplicateLicence,
    /// The file ends in the middle of a row: nothing that is missing from it is taken as removed.
    CutFile,
}

/// Every kind, in the order of the counters.
const KINDS: [(WarningKind, &str); 15] = [
    (WarningKind::Windows1252, "windows1252"),
    (WarningKind::MalformedDate, "malformedDate"),
    (WarningKind::MalformedPhone, "malformedPhone"),
    (WarningKind::MalformedAmount, "malformedAmount"),
    (WarningKind::MalformedZipCode, "malformedZipCode"),
    (WarningKind::MalformedClassification, "malformedClassification"),
    (WarningKind::UnknownBusinessType, "unknownBusinessType"),
    (WarningKind::MissingStatus, "missingStatus"),
    (WarningKind::MissingBusinessName, "missingBusinessName"),
    (WarningKind::UnknownCounty, "unknownCounty"),
    (WarningKind::UnknownState, "unknownState"),
    (WarningKind::ZipCodeWithoutCentroid, "zipCodeWithoutCentroid"),
    (WarningKind::TextTooLong, "textTooLong"),
    (WarningKind::DuplicateLicence, "duplicateLicence"),
    (WarningKind::CutFile, "cutFile"),
];

/// How often each kind of warning was given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WarningCounts([u64; KINDS.len()]);

impl WarningCounts {
    /// Counts `times` warnings of one kind.
    pub fn add(&mut self, kind: WarningKind, times: u64) {
        let counter = KINDS
            .iter()
            .zip(&mut self.0)
            .find(|((known, _), _)| *known == kind);
        if let Some((_, count)) = counter {
            *count = count.saturating_add(times);
        }
    }

    /// How often one kind was counted.
    #[must_use]
    pub fn count(&self, kind: WarningKind) -> u64 {
        KINDS
            .iter()
            .zip(&self.0)
            .filter(|((known, _), _)| *known == kind)
            .map(|(_, count)| *count)
            .sum()
    }

    /// Adds the counts of another row or part of the file.
    pub fn merge(&mut self, other: &Self) {
        for (count, more) in self.0.iter_mut().zip(&other.0) {
            *count = count.saturating_add(*more);
        }
    }

    /// The kinds that occurred, by name. The names are those of the run record and of the API.
    #[must_use]
    pub fn by_name(&self) -> BTreeMap<String, u64> {
        let counted = KINDS.iter().zip(&self.0).filter(|(_, count)| **count > 0);
        counted
            .map(|((_, name), count)| ((*name).to_owned(), *count))
            .collect()
    }

    /// Reads counts back from a run record; names that this version does not know are left out.
    #[must_use]
    pub fn from_names(names: &BTreeMap<String, u64>) -> Self {
        let mut counts = Self::default();
        for (kind, name) in KINDS {
            counts.add(kind, names.get(name).copied().unwrap_or(0));
        }
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_read_back_from_their_names() {
        let mut counts = WarningCounts::default();
        for (times, (kind, _)) in (1..).zip(KINDS) {
            counts.add(kind, times);
        }
        assert_eq!(WarningCounts::from_names(&counts.by_name()), counts);
        assert_eq!(counts.count(WarningKind::Windows1252), 1);
        assert_eq!(counts.count(WarningKind::CutFile), 15);
    }

    #[test]
    fn only_what_occurred_is_named() {
        let mut counts = WarningCounts::default();
        counts.add(WarningKind::MalformedDate, 2);
        let mut sum = counts.clone();
        sum.merge(&counts);
        assert_eq!(sum.by_name(), BTreeMap::from([("malformedDate".to_owned(), 4)]));
    }
}
