//! Files on their way in and out, whatever they belong to: what is announced, and what is answered.

use portal_domain::file::{Checksum, Declared, DownloadTicket, FileName, FileSize, FileType, UploadTicket};
use portal_domain::ids::FileId;
use serde::Serialize;
use utoipa::ToSchema;

use crate::fields::{FieldReader, FromFields};
use crate::problem::{Fault, Problem, ProblemKind};

/// A file that is about to be uploaded.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "camelCase")]
pub struct NewFile {
    /// Its name.
    pub name: FileName,
    /// Its media type.
    pub media_type: FileType,
    /// Its size.
    pub size_bytes: FileSize,
    /// SHA-256 of its content.
    pub checksum_sha256: Checksum,
}

impl FromFields for NewFile {
    fn read(fields: &mut FieldReader) -> Option<Self> {
        let name = fields.required("name");
        let media_type = fields.required("mediaType");
        let size_bytes = fields.required("sizeBytes");
        let checksum_sha256 = fields.required("checksumSha256");
        Some(Self {
            name: name?,
            media_type: media_type?,
            size_bytes: size_bytes?,
            checksum_sha256: checksum_sha256?,
        })
    }
}

impl NewFile {
    /// What the upload must be.
    #[must_use]
    pub fn declared(&self) -> Declared {
        Declared {
            media_type: self.media_type.to_string(),
            size_bytes: self.size_bytes.bytes(),
            checksum: self.checksum_sha256.clone(),
        }
    }

    /// Refuses a file that is larger than is taken.
    ///
    /// # Errors
    /// A 422 problem.
    pub fn admit(&self, most_bytes: i64) -> Result<(), Problem> {
        if self.size_bytes.bytes() <= most_bytes {
            return Ok(());
        }
        let detail = format!("must be at most {most_bytes}");
        Err(Problem::invalid(vec![Fault::body("/sizeBytes", detail)]))
    }
}

/// A file that was announced, and how its bytes are sent.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AnnouncedFile<F> {
    /// The file.
    #[serde(flatten)]
    pub file: F,
    /// How its bytes are sent.
    pub upload: UploadTicket,
}

/// A file, and where its bytes are.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FileWithDownload<F> {
    /// The file.
    #[serde(flatten)]
    pub file: F,
    /// Where its bytes are; null until they have come.
    #[schema(required)]
    pub download: Option<DownloadTicket>,
}

/// There is no such file, for this caller.
#[must_use]
pub fn no_file() -> Problem {
    Problem::not_found("There is no file by this id that you may see.")
}

/// A retry came when the file that the first request announced was there no longer.
#[must_use]
pub fn gone(id: FileId) -> Problem {
    Problem::new(
        ProblemKind::Conflict,
        format!(
            "The file {id} that this Idempotency-Key has announced is gone: announce it again with a new key."
        ),
    )
}
