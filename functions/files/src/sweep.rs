//! The sweep: uploads whose event never came or whose object never came, files that were taken away long ago, and objects that
//! nothing points to.
//!
//! Each part stops at a number of rows or objects and at the deadline, and the next sweep goes on: rows that are done with are gone,
//! and the walk through the bucket leaves the key that it came to in its run's record.

use portal_data::{job_runs, uploads};
use portal_domain::file::UploadKind;
use portal_jobs::{Deadline, ListedObject};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::error::FilesError;
use crate::settings::Settings;
use crate::settle::{Outcome, Work};

/// The name by which its runs are recorded.
pub(crate) const JOB: &str = "files-sweep";

/// How many rows are read at once.
const ROWS_AT_ONCE: i64 = 100;

/// How many objects S3 lists at once, at most.
const OBJECTS_AT_ONCE: usize = 1_000;

/// What one sweep did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Swept {
    /// Uploads that were there though their event had not come.
    pub stored: u64,
    /// Uploads that were not what was announced.
    pub refused: u64,
    /// Rows whose object never came.
    pub never_came: u64,
    /// Files that had been taken away, and are gone for good now.
    pub deleted: u64,
    /// Objects that nothing pointed to.
    pub orphans: u64,
    /// Where the next sweep goes on in the bucket; from its beginning where there is none.
    pub cursor: Option<String>,
}

/// One sweep.
pub(crate) struct Sweep<'a> {
    pub(crate) work: Work<'a>,
    pub(crate) settings: &'a Settings,
    pub(crate) now: OffsetDateTime,
    pub(crate) deadline: Deadline,
}

impl Sweep<'_> {
    pub(crate) async fn run(&self) -> Result<Swept, FilesError> {
        let mut tx = self.work.begin().await?;
        let last = job_runs::last_details(&mut tx, JOB).await?;
        tx.commit().await?;
        let last: Option<Swept> = last.and_then(|details| serde_json::from_value(details).ok());
        let mut swept = Swept::default();
        self.pending(&mut swept).await?;
        self.deleted(&mut swept).await?;
        swept.cursor = self
            .orphans(last.and_then(|last| last.cursor), &mut swept.orphans)
            .await?;
        Ok(swept)
    }

    async fn pending(&self, swept: &mut Swept) -> Result<(), FilesError> {
        let before = self.now - self.settings.overdue_after;
        let mut seen = 0;
        let mut last = None;
        while seen < self.settings.sweep_rows && !self.deadline.has_come() {
            let limit = ROWS_AT_ONCE.min(self.settings.sweep_rows - seen);
            let mut tx = self.work.begin().await?;
            let rows = uploads::list_pending(&mut tx, before, last.as_ref(), limit).await?;
            tx.commit().await?;
            if rows.is_empty() {
                break;
            }
            for row in rows {
                seen += 1;
                let object = self.work.bucket.object(&row.object_key);
                match self.work.settle_upload(&object, &row).await? {
                    Outcome::Stored => swept.stored += 1,
                    Outcome::Refused => swept.refused += 1,
                    Outcome::Gone if row.created_at < self.now - self.settings.orphaned_after => {
                        swept.never_came += u64::from(self.remove(&row).await?);
                    }
                    Outcome::Gone | Outcome::StoredBefore | Outcome::Unannounced => {}
                }
                last = Some(row);
            }
        }
        Ok(())
    }

    async fn deleted(&self, swept: &mut Swept) -> Result<(), FilesError> {
        let before = self.now - self.settings.deleted_kept;
        let mut seen = 0;
        while seen < self.settings.sweep_rows && !self.deadline.has_come() {
            let limit = ROWS_AT_ONCE.min(self.settings.sweep_rows - seen);
            let mut tx = self.work.begin().await?;
            let rows = uploads::list_deleted(&mut tx, before, limit).await?;
            tx.commit().await?;
            if rows.is_empty() {
                break;
            }
            for row in rows {
                seen += 1;
                swept.deleted += u64::from(self.remove(&row).await?);
            }
        }
        Ok(())
    }

    /// Erases an object, if it is there, and then its row: what is cut short in between is found again.
    async fn remove(&self, row: &uploads::UploadRow) -> Result<bool, FilesError> {
        let bucket = self.work.bucket;
        bucket.store().erase(&bucket.object(&row.object_key)).await?;
        let mut tx = self.work.begin().await?;
        let removed = uploads::remove(&mut tx, row).await?;
        tx.commit().await?;
        Ok(removed)
    }

    /// Walks through the bucket from a key on, and gives the key that it came to; none at the end.
    async fn orphans(&self, from: Option<String>, erased: &mut u64) -> Result<Option<String>, FilesError> {
        let bucket = self.work.bucket;
        let mut room = self.settings.sweep_objects;
        for prefix in prefixes(from.as_deref()) {
            let mut after = from.clone().filter(|key| key.starts_with(prefix));
            loop {
                if room == 0 || self.deadline.has_come() {
                    // The prefix itself comes before every key that begins with it.
                    return Ok(Some(after.unwrap_or_else(|| prefix.to_owned())));
                }
                let limit = i32::try_from(room.min(OBJECTS_AT_ONCE)).unwrap_or(i32::MAX);
                let listing = bucket
                    .store()
                    .list_after(bucket.name(), prefix, after.as_deref(), limit);
                let page = listing.await?;
                let Some(last) = page.last() else { break };
                after = Some(last.key.clone());
                room = room.saturating_sub(page.len());
                *erased += self.erase_unknown(page).await?;
            }
        }
        Ok(None)
    }

    /// Erases those that no row knows and that have lain there long enough for a row to have come.
    async fn erase_unknown(&self, page: Vec<ListedObject>) -> Result<u64, FilesError> {
        let before = self.now - self.settings.orphaned_after;
        let old = page
            .into_iter()
            .filter(|object| object.last_modified.is_some_and(|at| at < before));
        let keys: Vec<String> = old.map(|object| object.key).collect();
        let mut tx = self.work.begin().await?;
        let known = uploads::known_keys(&mut tx, &keys).await?;
        tx.commit().await?;
        let mut erased = 0;
        let bucket = self.work.bucket;
        for key in keys.iter().filter(|key| !known.contains(*key)) {
            tracing::warn!(key, "an object that no row announces is erased");
            bucket.store().erase(&bucket.object(key)).await?;
            erased += 1;
        }
        Ok(erased)
    }
}

/// What our keys begin with, in S3's order, from a key on. Whatever else is in the bucket is not ours to judge.
fn prefixes(from: Option<&str>) -> Vec<&'static str> {
    let mut prefixes: Vec<_> = UploadKind::ALL.iter().map(|kind| kind.prefix()).collect();
    prefixes.sort_unstable();
    prefixes.retain(|prefix| from.is_none_or(|key| key < *prefix || key.starts_with(prefix)));
    prefixes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_walk_goes_on_where_it_stopped() {
        assert_eq!(prefixes(None), ["avatars/", "events/", "projects/"]);
        assert_eq!(prefixes(Some("avatars/7")), ["avatars/", "events/", "projects/"]);
        assert_eq!(prefixes(Some("events/")), ["events/", "projects/"]);
        assert_eq!(prefixes(Some("projects/7")), ["projects/"]);
        assert_eq!(prefixes(Some("zebras/7")), Vec::<&str>::new());
    }
}
