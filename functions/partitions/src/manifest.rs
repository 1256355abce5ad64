//! The object beside an archive that says what it is.

use portal_data::partitions::{Column, Partition, Summary};
use serde::{Deserialize, Serialize};
use time::{Date, OffsetDateTime};

use crate::content::Content;

/// The form of the object and of the archive that it describes.
pub(crate) const FORM: &str = "portal-partition-archive/1";

/// A manifest. It is written when the archive has been read back, so where there is one, there is an archive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Manifest {
    /// [`FORM`].
    pub format: String,
    /// The table.
    pub table: String,
    /// The partition.
    pub partition: String,
    /// The first instant of the partition.
    #[serde(with = "time::serde::rfc3339")]
    pub from: OffsetDateTime,
    /// The first instant behind it.
    #[serde(with = "time::serde::rfc3339")]
    pub until: OffsetDateTime,
    /// How many rows there are.
    pub rows: u64,
    /// The time of the first row.
    #[serde(with = "time::serde::rfc3339::option")]
    pub first_row_at: Option<OffsetDateTime>,
    /// The time of the last row.
    #[serde(with = "time::serde::rfc3339::option")]
    pub last_row_at: Option<OffsetDateTime>,
    /// The columns in their order.
    pub columns: Vec<ManifestColumn>,
    /// How rows are written.
    pub encoding: String,
    /// SHA-256 of the CSV before compression, in hexadecimal.
    pub content_sha256: String,
    /// The size of the CSV before compression.
    pub content_bytes: u64,
    /// The object with the rows.
    pub object_key: String,
    /// SHA-256 of the object as it lies in S3.
    pub object_sha256: String,
    /// Its size.
    pub object_bytes: u64,
    /// The version of the server that wrote the rows.
    pub server_version: String,
    /// The newest migration of its database.
    pub migration: Option<i64>,
    /// Days of the audit that no seal covers, since their rows were dated back to before a day that was sealed already.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unsealed_days: Vec<String>,
    /// When it was written.
    #[serde(with = "time::serde::rfc3339")]
    pub archived_at: OffsetDateTime,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManifestColumn {
    /// Its name.
    pub name: String,
    /// Its type, as PostgreSQL writes it.
    #[serde(rename = "type")]
    pub kind: String,
}

/// An object as it was found when it was read back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) content: Content,
    pub(crate) object_sha256: String,
    pub(crate) object_bytes: u64,
}

impl Manifest {
    pub(crate) fn new(
        partition: &Partition,
        object_key: &str,
        found: &Found,
        columns: Vec<Column>,
        summary: Summary,
        now: OffsetDateTime,
    ) -> Self {
        Self {
            format: FORM.to_owned(),
            table: partition.table.clone(),
            partition: partition.name.clone(),
            from: partition.from,
            until: partition.until,
            rows: found.content.rows,
            first_row_at: summary.first_at,
            last_row_at: summary.last_at,
            columns: columns
                .into_iter()
                .map(|Column { name, kind }| ManifestColumn { name, kind })
                .collect(),
            encoding:
                "CSV as COPY writes it, with a header, in UTF-8; NULL is nothing, an empty text is \"\"; gzip"
                    .to_owned(),
            content_sha256: found.content.hex(),
            content_bytes: found.content.bytes,
            object_key: object_key.to_owned(),
            object_sha256: found.object_sha256.clone(),
            object_bytes: found.object_bytes,
            server_version: summary.server_version,
            migration: summary.migration,
            unsealed_days: Vec::new(),
            archived_at: now,
        }
    }

    /// The same, with a note of days that no seal covers.
    pub(crate) fn with_unsealed(self, days: &[Date]) -> Self {
        Self {
            unsealed_days: days.iter().map(ToString::to_string).collect(),
            ..self
        }
    }

    /// What does not agree with an object that was read; none when all does.
    pub(crate) fn disagrees(&self, found: &Found) -> Option<String> {
        let same = self.format == FORM
            && self.rows == found.content.rows
            && self.content_sha256 == found.content.hex()
            && self.object_sha256 == found.object_sha256
            && self.object_bytes == found.object_bytes;
        (!same).then(|| {
            format!(
                "its manifest says {} rows and {}, and it holds {} rows and {}",
                self.rows, self.object_sha256, found.content.rows, found.object_sha256
            )
        })
    }
}
