//! Objects of S3, and what can go wrong with them.

use std::collections::HashMap;

use aws_sdk_s3::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};
use aws_sdk_s3::operation::RequestId;
use time::OffsetDateTime;

/// The name of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectKey {
    /// The bucket.
    pub bucket: String,
    /// The key.
    pub key: String,
    /// The version; none means the newest.
    pub version: Option<String>,
}

/// What S3 knows of an object without reading it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectHead {
    /// Its size in bytes.
    pub size: u64,
    /// The tag of this content, as S3 writes it, quotes included.
    pub etag: String,
    /// When it was written.
    pub last_modified: Option<OffsetDateTime>,
    /// Its media type, as the uploader gave it.
    pub media_type: Option<String>,
    /// SHA-256 of the whole content in base64, where S3 has checked and kept one.
    pub checksum_sha256: Option<String>,
    /// What the uploader noted on it; names in lower case.
    pub metadata: HashMap<String, String>,
}

/// Why an object could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum ObjectError {
    /// There is no such object, version or bucket.
    #[error("s3://{bucket}/{key} does not exist")]
    NotFound {
        /// The bucket.
        bucket: String,
        /// The key.
        key: String,
    },
    /// This function may not read or write it, or it does not exist and this function may not know that.
    #[error(
        "access to s3://{bucket}/{key} is denied: check that it exists, and the permissions of this function"
    )]
    Denied {
        /// The bucket.
        bucket: String,
        /// The key.
        key: String,
    },
    /// The object is no longer the one that was asked for.
    #[error("s3://{bucket}/{key} was replaced while it was being read")]
    Changed {
        /// The bucket.
        bucket: String,
        /// The key.
        key: String,
    },
    /// S3 refused, failed or could not be reached: worth another try.
    #[error("s3://{bucket}/{key}: {message}")]
    Unavailable {
        /// The bucket.
        bucket: String,
        /// The key.
        key: String,
        /// What S3 or the connection said.
        message: String,
    },
}

impl ObjectKey {
    /// Tells the errors of the SDK apart. A HEAD request's answer has no body, so its status alone must do.
    pub(crate) fn error<E>(&self, error: &SdkError<E>) -> ObjectError
    where
        E: std::error::Error + ProvideErrorMetadata + RequestId + 'static,
    {
        let (bucket, key) = (self.bucket.clone(), self.key.clone());
        match error.raw_response().map(|response| response.status().as_u16()) {
            Some(403) => ObjectError::Denied { bucket, key },
            Some(404) => ObjectError::NotFound { bucket, key },
            Some(412) => ObjectError::Changed { bucket, key },
            _ => ObjectError::Unavailable {
                bucket,
                key,
                message: DisplayErrorContext(error).to_string(),
            },
        }
    }

    pub(crate) fn unavailable(&self, message: impl std::fmt::Display) -> ObjectError {
        ObjectError::Unavailable {
            bucket: self.bucket.clone(),
            key: self.key.clone(),
            message: message.to_string(),
        }
    }
}
