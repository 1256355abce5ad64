//! A file of a project, on its way in and out.

use portal_domain::file::{
    Checksum, Declared, DownloadTicket, FileName, FileSize, FileType, ProjectFile, UploadTicket,
};
use portal_domain::ids::FileId;
use portal_http::fields::{FieldReader, FromFields};
use portal_http::{Problem, ProblemKind};
use serde::Serialize;
use utoipa::ToSchema;

/// A file that is about to be uploaded.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "camelCase")]
pub(crate) struct NewProjectFile {
    /// Its name.
    pub(crate) name: FileName,
    /// Its media type.
    pub(crate) media_type: FileType,
    /// Its size.
    pub(crate) size_bytes: FileSize,
    /// SHA-256 of its content.
    pub(crate) checksum_sha256: Checksum,
}

impl FromFields for NewProjectFile {
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

impl NewProjectFile {
    /// What the upload must be.
    pub(crate) fn declared(&self) -> Declared {
        Declared {
            media_type: self.media_type.to_string(),
            size_bytes: self.size_bytes.bytes(),
            checksum: self.checksum_sha256.clone(),
        }
    }
}

/// A file that was announced, and how its bytes are sent.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AnnouncedFile {
    #[serde(flatten)]
    pub(crate) file: ProjectFile,
    /// How its bytes are sent.
    pub(crate) upload: UploadTicket,
}

/// A file, and where its bytes are.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FileWithDownload {
    #[serde(flatten)]
    pub(crate) file: ProjectFile,
    /// Where its bytes are; null until they have come.
    #[schema(required)]
    pub(crate) download: Option<DownloadTicket>,
}

/// Where a file is.
pub(crate) fn location(file: &ProjectFile) -> String {
    format!("/v1/projects/{}/files/{}", file.project_id, file.id)
}

/// There is no such file, for this caller.
pub(crate) fn no_file() -> Problem {
    Problem::not_found("There is no file by this id that you may see.")
}

/// A retry came when the file that the first request announced was there no longer.
pub(crate) fn gone(id: FileId) -> Problem {
    Problem::new(
        ProblemKind::Conflict,
        format!(
            "The file {id} that this Idempotency-Key has announced is gone: announce it again with a new key."
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_as_documented() {
        let documented = portal_http::openapi::properties(&crate::openapi(), "NewProjectFile");
        assert_eq!(portal_http::fields::names::<NewProjectFile>(), documented);
    }
}
