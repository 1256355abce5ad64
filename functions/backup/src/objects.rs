//! The objects of the backups: `<prefix><day>/<id>.dump`, and its manifest `<prefix><day>/<id>.json`.

use std::collections::BTreeMap;

use portal_domain::ids::BackupId;
use portal_jobs::{ObjectError, ObjectKey, ObjectStore};
use time::{OffsetDateTime, UtcOffset};

use crate::error::{BackupError, Fault};
use crate::manifest::Manifest;
use crate::settings::Settings;

const DUMP: &str = ".dump";
const MANIFEST: &str = ".json";

/// How many keys are asked for at once.
const PAGE: i32 = 1000;

/// The backups of one bucket.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Objects<'a> {
    pub(crate) store: &'a ObjectStore,
    pub(crate) settings: &'a Settings,
}

/// What there is of one backup.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Found {
    /// When its dump was written.
    pub(crate) dump: Option<OffsetDateTime>,
    /// When its manifest was written.
    pub(crate) manifest: Option<OffsetDateTime>,
}

impl Found {
    /// Whether it is complete.
    pub(crate) const fn is_complete(&self) -> bool {
        self.dump.is_some() && self.manifest.is_some()
    }

    /// When the last of it was written.
    pub(crate) fn newest(&self) -> Option<OffsetDateTime> {
        self.dump.max(self.manifest)
    }
}

impl Objects<'_> {
    /// The key of a new dump.
    pub(crate) fn key(&self, id: BackupId, taken_at: OffsetDateTime) -> String {
        let day = taken_at.to_offset(UtcOffset::UTC).date();
        format!("{}{day}/{id}{DUMP}", self.settings.prefix)
    }

    /// An object by its key.
    pub(crate) fn object(&self, key: &str) -> ObjectKey {
        ObjectKey {
            bucket: self.settings.bucket.clone(),
            key: key.to_owned(),
            version: None,
        }
    }

    /// Reads the manifest of a dump; none where there is none, or one that is not that dump's.
    pub(crate) async fn manifest(&self, dump: &str) -> Result<Result<Manifest, Fault>, ObjectError> {
        let key = manifest_key(dump);
        match self.store.read(&self.object(&key)).await {
            Ok(text) => Ok(Manifest::read(&text, dump)),
            Err(ObjectError::NotFound { .. }) => Ok(Err(Fault::Gone(key))),
            Err(error) => Err(error),
        }
    }

    /// Writes the manifest of a dump, with which the backup is complete.
    pub(crate) async fn complete(&self, manifest: &Manifest) -> Result<(), BackupError> {
        let text = serde_json::to_vec_pretty(manifest).map_err(BackupError::Manifest)?;
        let object = self.object(&manifest_key(&manifest.object_key));
        self.store.create(&object, "application/json", text).await?;
        Ok(())
    }

    /// Takes away all that there is of a backup: what was sent of it, its manifest, and then its dump, so that what is left in between
    /// is no backup any more.
    pub(crate) async fn discard(&self, dump: &str) -> Result<(), ObjectError> {
        for upload in self.store.unfinished(&self.settings.bucket, dump).await? {
            self.store.abort(&upload.object, &upload.id).await?;
        }
        self.store.erase(&self.object(&manifest_key(dump))).await?;
        self.store.erase(&self.object(dump)).await
    }

    /// All that there is, by the key of the dump; other objects are left out.
    pub(crate) async fn find(&self) -> Result<BTreeMap<String, Found>, ObjectError> {
        let mut found: BTreeMap<String, Found> = BTreeMap::new();
        let mut after: Option<String> = None;
        loop {
            let (bucket, prefix) = (&self.settings.bucket, &self.settings.prefix);
            let page = self
                .store
                .list_after(bucket, prefix, after.as_deref(), PAGE)
                .await?;
            let Some(last) = page.last() else {
                return Ok(found);
            };
            after = Some(last.key.clone());
            for object in page {
                let written = object.last_modified;
                if let Some(stem) = object.key.strip_suffix(MANIFEST) {
                    found.entry(format!("{stem}{DUMP}")).or_default().manifest = written;
                } else if object.key.ends_with(DUMP) {
                    found.entry(object.key).or_default().dump = written;
                }
            }
        }
    }
}

/// Where the manifest of a dump lies.
pub(crate) fn manifest_key(dump: &str) -> String {
    format!("{}{MANIFEST}", dump.strip_suffix(DUMP).unwrap_or(dump))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_lies_beside_its_dump() {
        assert_eq!(
            manifest_key("backups/2026-08-24/a.dump"),
            "backups/2026-08-24/a.json"
        );
    }
}
