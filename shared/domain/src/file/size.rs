//! Sizes of files.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The largest object that S3 takes in one request, in bytes: 5 GiB.
const LARGEST: i64 = 5 << 30;

/// The size of a file that has content, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct FileSize(i64);

/// A number is no size that a file can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("must be a whole number of bytes from 1 to {LARGEST}")]
pub struct NotASize;

impl FileSize {
    /// In bytes.
    #[must_use]
    pub const fn bytes(self) -> i64 {
        self.0
    }
}

impl TryFrom<i64> for FileSize {
    type Error = NotASize;

    fn try_from(bytes: i64) -> Result<Self, NotASize> {
        if (1..=LARGEST).contains(&bytes) {
            Ok(Self(bytes))
        } else {
            Err(NotASize)
        }
    }
}

impl From<FileSize> for i64 {
    fn from(size: FileSize) -> Self {
        size.0
    }
}

impl utoipa::PartialSchema for FileSize {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::schema::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::Integer)
            .minimum(Some(1))
            .maximum(Some(LARGEST))
            .description(Some(
                "The size in bytes. What is taken is less, and set by whoever runs the service.",
            ))
            .build()
            .into()
    }
}

impl utoipa::ToSchema for FileSize {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_content_and_fits_into_one_request() {
        assert_eq!(FileSize::try_from(1).map(FileSize::bytes), Ok(1));
        for bad in [0, -1, LARGEST + 1] {
            assert_eq!(FileSize::try_from(bad), Err(NotASize), "{bad}");
        }
    }
}
