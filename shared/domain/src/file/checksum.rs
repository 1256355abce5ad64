//! SHA-256 digests as S3 writes them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// SHA-256 of a file's content, in base64: the form of S3's `x-amz-checksum-sha256`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Checksum(String);

/// A text is no SHA-256 in base64.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("must be the SHA-256 of the content in base64: 44 characters, of which the last is =")]
pub struct NotAChecksum;

impl Checksum {
    /// Of a digest.
    #[must_use]
    pub fn of_digest(digest: &[u8; 32]) -> Self {
        Self(STANDARD.encode(digest))
    }

    /// In base64.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Checksum {
    type Error = NotAChecksum;

    fn try_from(text: String) -> Result<Self, NotAChecksum> {
        // The decoder takes one way of writing a digest only, so that equal digests are equal texts.
        let digest = STANDARD.decode(&text).map_err(|_| NotAChecksum)?;
        <[u8; 32]>::try_from(digest).map_err(|_| NotAChecksum)?;
        Ok(Self(text))
    }
}

impl From<Checksum> for String {
    fn from(checksum: Checksum) -> Self {
        checksum.0
    }
}

impl std::fmt::Display for Checksum {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl utoipa::PartialSchema for Checksum {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::schema::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .pattern(Some("^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$"))
            .description(Some("SHA-256 of the content, in base64."))
            .examples(["47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="])
            .build()
            .into()
    }
}

impl utoipa::ToSchema for Checksum {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_has_one_text() {
        let empty = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
        let checksum = Checksum::try_from(empty.to_owned()).unwrap();
        let digest: [u8; 32] = STANDARD.decode(empty).unwrap().try_into().unwrap();
        assert_eq!(Checksum::of_digest(&digest), checksum);
        for bad in [
            "",
            "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU",
            // The same digest with stray bits behind it.
            "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=",
            "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU=",
            "AAAA",
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        ] {
            assert_eq!(Checksum::try_from(bad.to_owned()), Err(NotAChecksum), "{bad}");
        }
    }
}
