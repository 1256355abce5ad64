//! What is sent to begin an import, and to take one back.

use portal_domain::file::{Checksum, Declared, FileSize, UploadTicket};
use portal_domain::text::Line;
use portal_http::Problem;
use portal_http::fields::{FieldReader, FromFields};
use portal_http::problem::Fault;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The largest licence file: a dozen times the state's.
const MOST_BYTES: i64 = 1 << 30;

/// A licence file that is about to be uploaded.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NewImport {
    /// Its size.
    pub(crate) size_bytes: FileSize,
    /// SHA-256 of its content.
    pub(crate) checksum_sha256: Checksum,
    /// Whether only to report what would change.
    #[schema(required = false)]
    pub(crate) dry_run: bool,
    /// Why it is imported.
    #[schema(value_type = String, min_length = 1, max_length = 500)]
    pub(crate) reason: Line<500>,
}

impl FromFields for NewImport {
    fn read(fields: &mut FieldReader) -> Option<Self> {
        let size_bytes = fields.required("sizeBytes");
        let checksum_sha256 = fields.required("checksumSha256");
        let dry_run = fields.optional("dryRun");
        let reason = fields.required("reason");
        Some(Self {
            size_bytes: size_bytes?,
            checksum_sha256: checksum_sha256?,
            dry_run: dry_run.unwrap_or_default(),
            reason: reason?,
        })
    }
}

impl NewImport {
    /// What the upload must be.
    ///
    /// # Errors
    /// A 422 problem for a file that is larger than is taken.
    pub(crate) fn declared(&self) -> Result<Declared, Problem> {
        if self.size_bytes.bytes() > MOST_BYTES {
            let detail = format!("must be at most {MOST_BYTES}");
            return Err(Problem::invalid(vec![Fault::body("/sizeBytes", detail)]));
        }
        Ok(Declared {
            media_type: "text/csv".to_owned(),
            size_bytes: self.size_bytes.bytes(),
            checksum: self.checksum_sha256.clone(),
        })
    }
}

/// Where a licence file goes.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ImportPlace {
    /// The key of the file in the imports bucket: the import will have it.
    pub(crate) object_key: String,
    /// Whether it will only report what would change.
    pub(crate) dry_run: bool,
}

/// Where a licence file goes, and how it is sent.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AnnouncedImport {
    /// Where it goes.
    #[serde(flatten)]
    pub(crate) place: ImportPlace,
    /// How it is sent.
    pub(crate) upload: UploadTicket,
}

/// Why something is done.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Because {
    /// Why.
    #[schema(value_type = String, min_length = 1, max_length = 500)]
    pub(crate) reason: Line<500>,
}

impl FromFields for Because {
    fn read(fields: &mut FieldReader) -> Option<Self> {
        let reason = fields.required("reason");
        Some(Self { reason: reason? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_as_documented() {
        let properties = |schema| portal_http::openapi::properties(&crate::openapi(), schema);
        assert_eq!(portal_http::fields::names::<NewImport>(), properties("NewImport"));
        assert_eq!(portal_http::fields::names::<Because>(), properties("Because"));
    }
}
