//! Imports of contractor files as staff follow them.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::{Day, Moment};
use crate::contractor::{ImportState, SourceFormat};
use crate::ids::{ImportId, UserId};

/// One import.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ImportListing {
    /// Its id.
    pub id: ImportId,
    /// The bucket that its file is in.
    pub bucket: String,
    /// The file's key there.
    pub object_key: String,
    /// How far it has come.
    pub state: ImportState,
    /// Whether it only reports what would change.
    pub dry_run: bool,
    /// The layout of the file, once its header is read.
    #[schema(required)]
    pub format: Option<SourceFormat>,
    /// The day that the file speaks of.
    #[schema(required)]
    pub as_of: Option<Day>,
    /// When S3 told of the file.
    pub created_at: Moment,
    /// When work on it began.
    #[schema(required)]
    pub started_at: Option<Moment>,
    /// When it last got on.
    #[schema(required)]
    pub heartbeat_at: Option<Moment>,
    /// When it ended.
    #[schema(required)]
    pub finished_at: Option<Moment>,
    /// From its start to its end, in milliseconds.
    #[schema(required)]
    pub duration_ms: Option<i64>,
    /// How many invocations worked on it.
    pub invocations: i32,
    /// How much of the file is read.
    pub progress: ImportProgress,
    /// What became of its rows.
    pub rows: ImportRows,
    /// Malformed values that were left out, by kind.
    pub warnings: BTreeMap<String, u64>,
    /// What staff should know.
    pub notes: Vec<String>,
    /// Why it failed.
    #[schema(required)]
    pub error: Option<String>,
    /// Whether it can be taken back.
    pub undo: ImportUndo,
}

/// How much of a file is read.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ImportProgress {
    /// Bytes that are read and safe.
    pub bytes_read: i64,
    /// Bytes of the file, once it was looked at.
    #[schema(required)]
    pub bytes_total: Option<i64>,
    /// The share of the bytes, in hundredths.
    #[schema(required)]
    pub percent: Option<f64>,
    /// Records that are read and safe.
    pub rows_read: i64,
    /// How many of them in a second, while the file is being read.
    #[schema(required)]
    pub rows_per_second: Option<f64>,
    /// How long the rest will take at that rate.
    #[schema(required)]
    pub seconds_left: Option<f64>,
}

/// What became of the rows of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ImportRows {
    /// Records after the header.
    pub read: i64,
    /// New licences.
    pub inserted: i64,
    /// Licences with a changed value.
    pub updated: i64,
    /// Licences that stay as they are.
    pub unchanged: i64,
    /// Records that could not be taken.
    pub rejected: i64,
    /// Licences marked as removed from the source.
    pub removed: i64,
    /// Licences that had been removed and are in the file again.
    pub restored: i64,
    /// Licences that are missing from the file but were not marked, because the file looks cut.
    pub removals_refused: i64,
}

/// Whether an import can be taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ImportUndo {
    /// Whether it can be asked for.
    pub can_undo: bool,
    /// Why not.
    #[schema(required)]
    pub why: Option<String>,
    /// Since when it is to be taken back, or was.
    #[schema(required)]
    pub requested_at: Option<Moment>,
    /// Who asked for it.
    #[schema(required)]
    pub requested_by: Option<UserId>,
}

impl ImportProgress {
    /// How much is read of a file: bytes and records, and for how many seconds that took until now.
    #[must_use]
    pub fn of(
        state: ImportState,
        (bytes_read, bytes_total): (i64, Option<i64>),
        rows_read: i64,
        seconds: Option<f64>,
    ) -> Self {
        // Sizes of files are far below 2^53.
        #[allow(clippy::cast_precision_loss)]
        let number = |count: i64| count as f64;
        let is_read = !matches!(
            state,
            ImportState::Queued | ImportState::Loading | ImportState::Failed
        );
        let bytes_read = if is_read {
            bytes_total.unwrap_or(bytes_read)
        } else {
            bytes_read
        };
        let percent = bytes_total
            .filter(|total| *total > 0)
            .map(|total| (100.0 * number(bytes_read) / number(total)).min(100.0));
        let seconds = seconds.filter(|seconds| state == ImportState::Loading && *seconds > 0.0);
        let left = bytes_total.map(|total| number((total - bytes_read).max(0)));
        Self {
            bytes_read,
            bytes_total,
            percent,
            rows_read,
            rows_per_second: seconds.map(|seconds| number(rows_read) / seconds),
            seconds_left: seconds
                .filter(|_| bytes_read > 0)
                .zip(left)
                .map(|(seconds, left)| left * seconds / number(bytes_read)),
        }
    }
}

impl ImportUndo {
    /// Whether an import in this state can be taken back; `later` is a completed one that came after it.
    #[must_use]
    pub fn of(
        state: ImportState,
        dry_run: bool,
        later: Option<ImportId>,
        (requested_at, requested_by): (Option<Moment>, Option<UserId>),
    ) -> Self {
        let why = if state != ImportState::Completed {
            Some(format!(
                "it is {state}, and only a completed import can be undone"
            ))
        } else if dry_run {
            Some("it was a dry run and changed nothing".to_owned())
        } else {
            later.map(|later| format!("import {later} was completed after it: undo that one first"))
        };
        Self {
            can_undo: why.is_none(),
            why,
            requested_at,
            requested_by,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_is_by_bytes_and_the_rate_by_what_is_done() {
        let progress = ImportProgress::of(ImportState::Loading, (250, Some(1000)), 50, Some(5.0));
        assert_eq!(progress.percent, Some(25.0));
        assert_eq!(progress.rows_per_second, Some(10.0));
        assert_eq!(progress.seconds_left, Some(15.0));
    }

    #[test]
    fn nothing_is_promised_of_what_has_not_begun_or_has_ended() {
        let queued = ImportProgress::of(ImportState::Queued, (0, None), 0, None);
        assert_eq!((queued.percent, queued.seconds_left), (None, None));
        let begun = ImportProgress::of(ImportState::Loading, (0, Some(1000)), 0, Some(1.0));
        assert_eq!((begun.percent, begun.seconds_left), (Some(0.0), None));
        let merging = ImportProgress::of(ImportState::Merging, (900, Some(1000)), 50, Some(5.0));
        assert_eq!((merging.percent, merging.rows_per_second), (Some(100.0), None));
        let failed = ImportProgress::of(ImportState::Failed, (10, Some(1000)), 5, Some(5.0));
        assert_eq!(failed.percent, Some(1.0));
        let empty = ImportProgress::of(ImportState::Completed, (0, Some(0)), 0, None);
        assert_eq!(empty.percent, None);
    }

    #[test]
    fn only_the_newest_completed_import_can_be_undone() {
        let later: ImportId = "0198a7c0-0000-7000-8000-000000000001".parse().unwrap();
        let undo = |state, dry_run, later| ImportUndo::of(state, dry_run, later, (None, None));
        assert!(undo(ImportState::Completed, false, None).can_undo);
        for (undo, reason) in [
            (undo(ImportState::Completed, true, None), "dry run"),
            (
                undo(ImportState::Completed, false, Some(later)),
                "undo that one first",
            ),
            (undo(ImportState::Loading, false, None), "LOADING"),
            (undo(ImportState::Undone, false, None), "UNDONE"),
        ] {
            assert!(!undo.can_undo);
            assert!(undo.why.as_deref().unwrap().contains(reason), "{undo:?}");
        }
    }
}
