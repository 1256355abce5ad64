//! One partition from the database into S3.
//!
//! The object's key holds the digest of the rows, so the same rows always have the same object, and other rows another. That makes the
//! steps repeatable: the object is written unless it is there, read back, described by a manifest that is written only then, and the
//! partition is dropped in a transaction that reads its rows once more and finds the very same.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::{GzDecoder, GzEncoder};
use futures_util::StreamExt as _;
use futures_util::stream::BoxStream;
use portal_data::DataError;
use portal_data::partitions::{self, Archive, Partition};
use portal_data::upkeep::UpkeepConnection;
use portal_jobs::{ObjectError, ObjectKey, ObjectStore};
use sha2::{Digest as _, Sha256};
use time::{Date, OffsetDateTime};

use crate::content::{Content, Counter, hex};
use crate::error::PartitionsError;
use crate::manifest::{Found, Manifest};
use crate::report::Archived;
use crate::settings::Settings;

/// How many characters of the digest stand in a key: 64 bits, for the few contents that one partition ever has.
const DIGEST_IN_KEY: usize = 16;
const GZIP: &str = "application/gzip";

/// What archiving works with.
#[derive(Clone, Copy)]
pub(crate) struct Archivist<'a> {
    pub(crate) store: &'a ObjectStore,
    pub(crate) settings: &'a Settings,
    pub(crate) now: OffsetDateTime,
}

impl Archivist<'_> {
    /// Archives a partition and drops it; none when it had no rows and was dropped without.
    pub(crate) async fn put_away(
        &self,
        connection: &mut UpkeepConnection,
        partition: &Partition,
    ) -> Result<Option<Archived>, PartitionsError> {
        let late = late_days(connection, partition).await?;
        let content = digest(partitions::rows(connection, &partition.name).await?).await?;
        let manifest = match content.rows {
            0 => None,
            _ => Some(self.keep(connection, partition, content, &late).await?),
        };
        let mut frozen = partitions::freeze(connection, partition).await?;
        if digest(frozen.rows().await?).await? != content {
            frozen.leave().await?;
            return Err(changed(partition));
        }
        let Some(manifest) = manifest else {
            frozen.let_go(None).await?;
            return Ok(None);
        };
        let rows = i64::try_from(content.rows).unwrap_or(i64::MAX);
        let archive = Archive {
            object_key: &manifest.object_key,
            manifest_key: &manifest_key(&manifest.object_key),
            row_count: rows,
            content_sha256: &content.sha256,
            size_bytes: i64::try_from(manifest.object_bytes).unwrap_or(i64::MAX),
            archived_at: manifest.archived_at,
        };
        frozen.let_go(Some(archive)).await?;
        tracing::info!(
            partition = partition.name,
            rows,
            key = manifest.object_key,
            "a partition was archived and dropped"
        );
        Ok(Some(Archived {
            partition: partition.name.clone(),
            rows,
            object_key: Some(manifest.object_key),
        }))
    }

    /// Makes sure that S3 holds this content of a partition, and that it can be read.
    async fn keep(
        &self,
        connection: &mut UpkeepConnection,
        partition: &Partition,
        content: Content,
        unsealed: &[Date],
    ) -> Result<Manifest, PartitionsError> {
        let stem = format!("{}{}/{}-", self.settings.prefix, partition.table, partition.name);
        let digest: String = content.hex().chars().take(DIGEST_IN_KEY).collect();
        let object = self.object(format!("{stem}{digest}.csv.gz"));
        if let Some(manifest) = self.read_manifest(&object).await? {
            let found = self.read_back(&object, content).await?;
            return match manifest.disagrees(&found) {
                None => Ok(manifest),
                Some(reason) => Err(untrusted(&object, reason)),
            };
        }
        // Runs work one at a time, so nobody else is at it.
        for upload in self.store.unfinished(&self.settings.bucket, &stem).await? {
            tracing::info!(
                key = upload.object.key,
                "an upload that was cut short is given up"
            );
            self.store.abort(&upload.object, &upload.id).await?;
        }
        let found = match self.read_back(&object, content).await {
            Ok(found) => found,
            // Not there yet; or whoever wrote it did not come to its manifest, and it is no good.
            Err(PartitionsError::Object(ObjectError::NotFound { .. }) | PartitionsError::Archive { .. }) => {
                self.upload(connection, partition, &object, content).await?;
                self.read_back(&object, content).await?
            }
            Err(error) => return Err(error),
        };
        let columns = partitions::columns(connection, &partition.name).await?;
        let summary = partitions::summarize(connection, partition).await?;
        let manifest = Manifest::new(partition, &object.key, &found, columns, summary, self.now);
        let manifest = manifest.with_unsealed(unsealed);
        let text = serde_json::to_vec_pretty(&manifest).map_err(|error| untrusted(&object, error))?;
        let place = self.object(manifest_key(&object.key));
        if self.store.create(&place, "application/json", text).await? {
            return Ok(manifest);
        }
        // Somebody else was faster, which a lock should prevent; theirs counts if it says the same.
        let there = self.read_manifest(&object).await?;
        there
            .filter(|there| there.disagrees(&found).is_none())
            .ok_or_else(|| untrusted(&object, "another manifest was written for it"))
    }

    /// Writes the rows, compressed, in constant memory.
    async fn upload(
        &self,
        connection: &mut UpkeepConnection,
        partition: &Partition,
        object: &ObjectKey,
        content: Content,
    ) -> Result<(), PartitionsError> {
        let mut upload = self.store.upload(object.clone(), GZIP);
        let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
        let mut counter = Counter::default();
        let mut rows = partitions::rows(connection, &partition.name).await?;
        while let Some(row) = rows.next().await {
            let row = row?;
            counter.add(&row);
            gzip.write_all(&row).map_err(|error| untrusted(object, error))?;
            let compressed = std::mem::take(gzip.get_mut());
            if !compressed.is_empty() {
                upload.write(&compressed).await?;
            }
        }
        let rest = gzip.finish().map_err(|error| untrusted(object, error))?;
        upload.write(&rest).await?;
        if counter.finish() != content {
            return Err(changed(partition));
        }
        Ok(upload.finish().await?)
    }

    /// Reads an object from its first to its last byte, which must give this content.
    async fn read_back(&self, object: &ObjectKey, expected: Content) -> Result<Found, PartitionsError> {
        let head = self.store.head(object).await?;
        let mut stream = self.store.stream(object.clone(), &head, 0);
        let mut gzip = GzDecoder::new(Counter::default());
        let mut sha256 = Sha256::new();
        while let Some(piece) = stream.next().await? {
            sha256.update(&piece);
            gzip.write_all(&piece).map_err(|error| untrusted(object, error))?;
        }
        let content = gzip.finish().map_err(|error| untrusted(object, error))?.finish();
        if content != expected {
            return Err(untrusted(
                object,
                format!(
                    "it holds {} rows with the digest {}, and {} rows with {} are expected",
                    content.rows,
                    content.hex(),
                    expected.rows,
                    expected.hex()
                ),
            ));
        }
        Ok(Found {
            content,
            object_sha256: hex(&sha256.finalize()),
            object_bytes: head.size,
        })
    }

    async fn read_manifest(&self, object: &ObjectKey) -> Result<Option<Manifest>, PartitionsError> {
        let place = self.object(manifest_key(&object.key));
        match self.store.read(&place).await {
            Ok(text) => serde_json::from_slice(&text)
                .map(Some)
                .map_err(|error| untrusted(&place, error)),
            Err(ObjectError::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    fn object(&self, key: String) -> ObjectKey {
        ObjectKey {
            bucket: self.settings.bucket.clone(),
            key,
            version: None,
        }
    }
}

/// The days of a partition of the audit that no seal will ever cover; an error while there are some that one will.
async fn late_days(
    connection: &mut UpkeepConnection,
    partition: &Partition,
) -> Result<Vec<Date>, PartitionsError> {
    let unsealed = partitions::unsealed_days(connection, &partition.name).await?;
    if let Some(first) = unsealed.waiting.first() {
        return Err(PartitionsError::Unsealed {
            partition: partition.name.clone(),
            first: *first,
            count: unsealed.waiting.len(),
        });
    }
    if !unsealed.late.is_empty() {
        tracing::warn!(partition = partition.name, days = ?unsealed.late, "days are archived that no seal covers");
    }
    Ok(unsealed.late)
}

/// Where the manifest of an object lies.
fn manifest_key(object_key: &str) -> String {
    format!("{object_key}.manifest.json")
}

async fn digest(mut rows: BoxStream<'_, Result<bytes::Bytes, DataError>>) -> Result<Content, DataError> {
    let mut counter = Counter::default();
    while let Some(row) = rows.next().await {
        counter.add(&row?);
    }
    Ok(counter.finish())
}

fn untrusted(object: &ObjectKey, reason: impl std::fmt::Display) -> PartitionsError {
    PartitionsError::Archive {
        key: format!("s3://{}/{}", object.bucket, object.key),
        reason: reason.to_string(),
    }
}

fn changed(partition: &Partition) -> PartitionsError {
    PartitionsError::Changed {
        partition: partition.name.clone(),
    }
}
