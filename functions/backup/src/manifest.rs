//! What stands beside a dump: what the database held in the moment that it is of.

use std::collections::BTreeMap;

use portal_data::backups::{Backup, Locale, TableDigest};
use portal_domain::ids::BackupId;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::error::Fault;

/// The form of the object.
const FORM: &str = "portal-backup/1";

/// A manifest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Manifest {
    format: String,
    /// The backup.
    pub id: BackupId,
    /// The database.
    pub database: String,
    /// The dump's key.
    pub object_key: String,
    /// How large it is.
    pub size_bytes: u64,
    /// Its SHA-256 in hexadecimal.
    pub sha256: String,
    /// The moment that it is of, by the server's clock.
    #[serde(with = "time::serde::rfc3339")]
    pub taken_at: OffsetDateTime,
    /// How long it took to write, in seconds.
    pub duration_seconds: f64,
    /// The server's version.
    pub server_version: String,
    /// The extensions and their versions, which a server has to have before the dump can be restored.
    pub extensions: BTreeMap<String, String>,
    /// How the database writes text, which a server has to do alike; older manifests do not say.
    #[serde(default)]
    pub locale: Option<Locale>,
    /// The newest migration.
    pub migration: i64,
    /// Where the WAL stood: whatever is in the dump was written before. None where the server does not tell.
    pub wal_position: Option<String>,
    /// Every table's rows.
    pub tables: Vec<TableDigest>,
}

/// What a manifest is made of beside the form.
pub(crate) struct Parts<'a> {
    pub(crate) id: BackupId,
    pub(crate) database: &'a str,
    pub(crate) object_key: &'a str,
    pub(crate) size_bytes: u64,
    pub(crate) sha256: &'a [u8],
    pub(crate) duration: std::time::Duration,
    pub(crate) tables: Vec<TableDigest>,
}

impl Manifest {
    pub(crate) fn new(parts: Parts<'_>, snapshot: &portal_data::backups::Snapshot) -> Self {
        Self {
            format: FORM.to_owned(),
            id: parts.id,
            database: parts.database.to_owned(),
            object_key: parts.object_key.to_owned(),
            size_bytes: parts.size_bytes,
            sha256: hex(parts.sha256),
            taken_at: snapshot.taken_at,
            duration_seconds: parts.duration.as_secs_f64(),
            server_version: snapshot.server_version.clone(),
            extensions: snapshot.extensions.clone(),
            locale: Some(snapshot.locale.clone()),
            migration: snapshot.migration,
            wal_position: snapshot.wal_position.clone(),
            tables: parts.tables,
        }
    }

    /// Reads a manifest, which must be that of the dump with this key.
    ///
    /// # Errors
    /// [`Fault::NoManifest`] and [`Fault::OtherManifest`].
    pub fn read(text: &[u8], object_key: &str) -> Result<Self, Fault> {
        let manifest: Self =
            serde_json::from_slice(text).map_err(|error| Fault::NoManifest(error.to_string()))?;
        same("format", FORM, &manifest.format)?;
        same("objectKey", object_key, &manifest.object_key)?;
        if manifest.digest().is_none() {
            return Err(Fault::NoManifest("its sha256 is none".to_owned()));
        }
        Ok(manifest)
    }

    /// Whether it is that of a backup, as the record has it.
    pub(crate) fn is_of(&self, backup: &Backup) -> Result<(), Fault> {
        same("id", &backup.id.to_string(), &self.id.to_string())?;
        if let Some(sha256) = &backup.sha256 {
            same("sha256", &hex(sha256), &self.sha256)?;
        }
        Ok(())
    }

    /// How many rows all tables have.
    #[must_use]
    pub fn rows(&self) -> i64 {
        self.tables.iter().map(|table| table.rows).sum()
    }

    /// The SHA-256 as bytes; none where the text is not one.
    pub(crate) fn digest(&self) -> Option<Vec<u8>> {
        let text = self.sha256.as_bytes();
        let (pairs, rest) = text.as_chunks::<2>();
        if pairs.len() != 32 || !rest.is_empty() {
            return None;
        }
        let byte = |pair: &[u8; 2]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
        pairs.iter().map(byte).collect()
    }
}

fn same(what: &'static str, expected: &str, found: &str) -> Result<(), Fault> {
    if expected == found {
        return Ok(());
    }
    Err(Fault::OtherManifest {
        what,
        expected: expected.to_owned(),
        found: found.to_owned(),
    })
}

/// Bytes in hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use portal_domain::backup::BackupState;
    use time::macros::datetime;

    fn manifest() -> Manifest {
        Manifest {
            format: FORM.to_owned(),
            id: "0198a7c0-0000-7000-8000-000000000001".parse().unwrap(),
            database: "portal".to_owned(),
            object_key: "backups/2026-08-24/a.dump".to_owned(),
            size_bytes: 7,
            sha256: hex(&[0xab; 32]),
            taken_at: datetime!(2026-08-24 03:00 UTC),
            duration_seconds: 1.5,
            server_version: "15.1".to_owned(),
            extensions: BTreeMap::from([("postgis".to_owned(), "3.3.2".to_owned())]),
            locale: Some(Locale {
                encoding: "UTF8".to_owned(),
                collation: "C.UTF-8".to_owned(),
                ctype: "C.UTF-8".to_owned(),
            }),
            migration: 47,
            wal_position: Some("0/16B3748".to_owned()),
            tables: vec![TableDigest {
                name: "public.users".to_owned(),
                rows: 2,
                checksum: "-17".to_owned(),
            }],
        }
    }

    fn read(manifest: &Manifest, key: &str) -> Result<Manifest, Fault> {
        Manifest::read(&serde_json::to_vec(manifest).unwrap(), key)
    }

    #[test]
    fn a_manifest_reads_back_what_it_says() {
        let manifest = manifest();
        assert_eq!(read(&manifest, &manifest.object_key), Ok(manifest.clone()));
        assert_eq!(manifest.digest(), Some(vec![0xab; 32]));
        assert_eq!(manifest.rows(), 2);
    }

    /// Those of releases before this one are good for a year.
    #[test]
    fn a_manifest_without_a_locale_is_one() {
        let mut text = serde_json::to_value(manifest()).unwrap();
        text.as_object_mut().unwrap().remove("locale").unwrap();
        let read = Manifest::read(text.to_string().as_bytes(), &manifest().object_key).unwrap();
        assert_eq!(read.locale, None);
    }

    #[test]
    fn a_manifest_of_another_dump_is_none_of_this() {
        let manifest = manifest();
        let fault = read(&manifest, "backups/2026-08-24/b.dump").unwrap_err();
        assert!(fault.to_string().contains("that of another dump"), "{fault}");
        let mut backup = Backup {
            id: manifest.id,
            object_key: manifest.object_key.clone(),
            manifest_key: None,
            size_bytes: Some(7),
            sha256: Some(vec![0xab; 32]),
            state: BackupState::Stored,
            started_at: manifest.taken_at,
            lost_at: None,
        };
        assert_eq!(manifest.is_of(&backup), Ok(()));
        backup.sha256 = Some(vec![0xac; 32]);
        assert!(manifest.is_of(&backup).is_err());
        backup.sha256 = None;
        backup.id = "0198a7c0-0000-7000-8000-000000000002".parse().unwrap();
        assert!(manifest.is_of(&backup).is_err());
    }

    #[test]
    fn what_is_no_manifest_is_refused() {
        for text in ["", "{}", "{\"format\": \"portal-backup/1\"}"] {
            assert!(matches!(
                Manifest::read(text.as_bytes(), "k"),
                Err(Fault::NoManifest(_))
            ));
        }
        for sha256 in ["", "ab", &"zz".repeat(32), &"ab".repeat(33)] {
            let broken = Manifest {
                sha256: sha256.to_owned(),
                ..manifest()
            };
            assert!(matches!(
                read(&broken, &broken.object_key),
                Err(Fault::NoManifest(_))
            ));
        }
    }
}
