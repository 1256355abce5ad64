//! The bucket of members' files: addresses by which clients send and fetch one object, without its bytes going through a function.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use aws_sdk_s3::presigning::{PresignedRequest, PresigningConfig};
use portal_data::{ConfigError, Environment};
use portal_domain::file::{Declared, DownloadTicket, UploadTicket, attachment};
use portal_domain::listing::Moment;
use time::OffsetDateTime;

use crate::object::{ObjectError, ObjectKey};
use crate::store::ObjectStore;

/// How long the address for an upload works.
pub const UPLOAD_LIFETIME: Duration = Duration::from_secs(15 * 60);

/// How long the address for a download works.
pub const DOWNLOAD_LIFETIME: Duration = Duration::from_secs(5 * 60);

/// The largest file unless another limit is set: 100 MiB.
const MAX_FILE_BYTES: i64 = 100 << 20;

/// The largest limit that can be set: what S3 takes in one request.
const LARGEST_LIMIT: i64 = 5 << 30;

/// How many bytes the largest file has that is taken: `PORTAL_FILES_MAX_BYTES`, or 100 MiB.
///
/// # Errors
/// [`ConfigError`] when it is no number of bytes that S3 takes.
pub fn largest_file(environment: Environment<'_>) -> Result<i64, ConfigError> {
    environment.whole("PORTAL_FILES_MAX_BYTES", 1..=LARGEST_LIMIT, MAX_FILE_BYTES)
}

/// The bucket with what members upload.
#[derive(Clone, Debug)]
pub struct FileBucket {
    store: ObjectStore,
    name: String,
}

impl FileBucket {
    /// Reads `PORTAL_FILES_BUCKET`; connects to nothing yet.
    ///
    /// # Errors
    /// [`ConfigError`] when it is not set.
    pub fn from_env() -> Result<Self, ConfigError> {
        let name = Environment::process()
            .required("PORTAL_FILES_BUCKET", "the name of the bucket for members' files")?;
        Ok(Self::new(ObjectStore::new(), name))
    }

    /// A bucket of this store.
    #[must_use]
    pub const fn new(store: ObjectStore, name: String) -> Self {
        Self { store, name }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The store that it is in.
    #[must_use]
    pub const fn store(&self) -> &ObjectStore {
        &self.store
    }

    /// An object of it, in its newest version.
    #[must_use]
    pub fn object(&self, key: &str) -> ObjectKey {
        ObjectKey {
            bucket: self.name.clone(),
            key: key.to_owned(),
            version: None,
        }
    }

    /// Lets a client put one object. Size, media type and checksum are part of the signature, so that S3 takes nothing else.
    ///
    /// # Errors
    /// [`ObjectError::Unavailable`] when there are no credentials to sign with.
    pub async fn upload(
        &self,
        key: &str,
        declared: &Declared,
        now: OffsetDateTime,
    ) -> Result<UploadTicket, ObjectError> {
        self.upload_noted(key, declared, &[], now).await
    }

    /// The same with what is noted on the object, by names and values, which is part of the signature too.
    ///
    /// # Errors
    /// As [`FileBucket::upload`].
    pub async fn upload_noted(
        &self,
        key: &str,
        declared: &Declared,
        notes: &[(&str, &str)],
        now: OffsetDateTime,
    ) -> Result<UploadTicket, ObjectError> {
        let object = self.object(key);
        let config = lasting(&object, UPLOAD_LIFETIME, now)?;
        let request = self.store.client().await.put_object();
        let request = request
            .bucket(&object.bucket)
            .key(&object.key)
            .content_length(declared.size_bytes)
            .content_type(&declared.media_type)
            .checksum_sha256(declared.checksum.as_str());
        let request = notes
            .iter()
            .fold(request, |request, (name, value)| request.metadata(*name, *value));
        let presigned = request.presigned(config).await;
        let presigned = presigned.map_err(|error| object.error(&error))?;
        Ok(UploadTicket {
            method: presigned.method().to_owned(),
            url: presigned.uri().to_owned(),
            headers: own_headers(&presigned),
            expires_at: Moment(now + UPLOAD_LIFETIME),
        })
    }

    /// Lets a client fetch one object, as an attachment of this name and media type whatever the object says of itself.
    ///
    /// # Errors
    /// [`ObjectError::Unavailable`] when there are no credentials to sign with.
    pub async fn download(
        &self,
        key: &str,
        name: &str,
        media_type: &str,
        now: OffsetDateTime,
    ) -> Result<DownloadTicket, ObjectError> {
        let object = self.object(key);
        let config = lasting(&object, DOWNLOAD_LIFETIME, now)?;
        let request = self.store.client().await.get_object();
        let request = request
            .bucket(&object.bucket)
            .key(&object.key)
            .response_content_disposition(attachment(name))
            .response_content_type(media_type)
            .response_cache_control("private, no-store");
        let presigned = request.presigned(config).await;
        let presigned = presigned.map_err(|error| object.error(&error))?;
        Ok(DownloadTicket {
            url: presigned.uri().to_owned(),
            expires_at: Moment(now + DOWNLOAD_LIFETIME),
        })
    }
}

fn lasting(
    object: &ObjectKey,
    lifetime: Duration,
    now: OffsetDateTime,
) -> Result<PresigningConfig, ObjectError> {
    let config = PresigningConfig::builder()
        .start_time(SystemTime::from(now))
        .expires_in(lifetime);
    config.build().map_err(|error| object.unavailable(error))
}

/// The headers that a client sets itself. The host and the size are signed too, but follow from the address and the body; what else the
/// SDK would send, such as the id of a trace, is its own affair.
fn own_headers(presigned: &PresignedRequest) -> BTreeMap<String, String> {
    presigned
        .headers()
        .filter(|(name, _)| {
            ["content-type", "x-amz-checksum-sha256"].contains(name) || name.starts_with("x-amz-meta-")
        })
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_s3::config::{BehaviorVersion, Credentials, Region};
    use portal_domain::file::Checksum;
    use time::macros::datetime;

    const NOW: OffsetDateTime = datetime!(2026-08-24 10:00 UTC);

    fn bucket() -> FileBucket {
        let config = aws_sdk_s3::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("us-west-2"))
            .credentials_provider(Credentials::new("id", "secret", None, None, "test"))
            .build();
        let store = ObjectStore::with_client(aws_sdk_s3::Client::from_conf(config));
        FileBucket::new(store, "files".to_owned())
    }

    fn query(url: &str, name: &str) -> String {
        let (_, query) = url.split_once('?').unwrap();
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let (_, value) = pairs.find(|(given, _)| *given == name).unwrap();
        percent_encoding::percent_decode_str(value)
            .decode_utf8()
            .unwrap()
            .into_owned()
    }

    #[tokio::test]
    async fn an_upload_is_bound_to_its_size_type_and_checksum() {
        let checksum = Checksum::of_digest(&[7; 32]);
        let declared = Declared {
            media_type: "application/pdf".to_owned(),
            size_bytes: 1234,
            checksum: checksum.clone(),
        };
        let ticket = bucket().upload("projects/x", &declared, NOW).await.unwrap();
        assert_eq!(ticket.method, "PUT");
        assert_eq!(
            query(&ticket.url, "X-Amz-SignedHeaders"),
            "content-length;content-type;host;x-amz-checksum-sha256"
        );
        assert_eq!(query(&ticket.url, "X-Amz-Expires"), "900");
        assert_eq!(ticket.expires_at, Moment(datetime!(2026-08-24 10:15 UTC)));
        let headers: Vec<_> = ticket
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        assert_eq!(
            headers,
            [
                ("content-type", "application/pdf"),
                ("x-amz-checksum-sha256", checksum.as_str())
            ]
        );
    }

    #[tokio::test]
    async fn what_is_noted_on_an_upload_is_signed() {
        let declared = Declared {
            media_type: "text/csv".to_owned(),
            size_bytes: 1,
            checksum: Checksum::of_digest(&[7; 32]),
        };
        let notes = [("dry-run", "true")];
        let ticket = bucket().upload_noted("x", &declared, &notes, NOW).await.unwrap();
        assert!(query(&ticket.url, "X-Amz-SignedHeaders").contains("x-amz-meta-dry-run"));
        assert_eq!(ticket.headers["x-amz-meta-dry-run"], "true");
    }

    #[tokio::test]
    async fn a_download_is_an_attachment_for_five_minutes() {
        let ticket = bucket()
            .download("projects/x", "Plan ü.pdf", "application/pdf", NOW)
            .await
            .unwrap();
        assert_eq!(query(&ticket.url, "X-Amz-Expires"), "300");
        assert_eq!(query(&ticket.url, "response-content-type"), "application/pdf");
        assert_eq!(
            query(&ticket.url, "response-content-disposition"),
            attachment("Plan ü.pdf")
        );
    }
}
