//! S3, streamed.

use std::sync::Arc;

use aws_sdk_s3::Client;
use aws_sdk_s3::types::{ChecksumMode, ServerSideEncryption};
use time::OffsetDateTime;
use tokio::sync::OnceCell;

use crate::object::{ObjectError, ObjectHead, ObjectKey};
use crate::stream::ObjectStream;
use crate::upload::Upload;

/// Access to S3. The client is built when it is first needed, since that takes 9 ms; clones share it.
#[derive(Clone, Debug, Default)]
pub struct ObjectStore {
    client: Arc<OnceCell<Client>>,
    kms_key: Option<String>,
}

impl ObjectStore {
    /// Access by the SDK's own environment variables; `PORTAL_S3_PATH_STYLE=true` puts the bucket into the path, which servers other
    /// than S3 itself want.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Access by a client that is there already.
    #[must_use]
    pub fn with_client(client: Client) -> Self {
        Self {
            client: Arc::new(OnceCell::new_with(Some(client))),
            kms_key: None,
        }
    }

    /// Has S3 encrypt whatever this store writes with a key of KMS (SSE-KMS); without one the bucket's own rule holds.
    #[must_use]
    pub fn encrypted_by(mut self, kms_key: Option<String>) -> Self {
        self.kms_key = kms_key;
        self
    }

    /// How S3 is asked to encrypt, and with which key.
    pub(crate) fn encryption(&self) -> (Option<ServerSideEncryption>, Option<String>) {
        let encryption = self.kms_key.is_some().then_some(ServerSideEncryption::AwsKms);
        (encryption, self.kms_key.clone())
    }

    pub(crate) async fn client(&self) -> &Client {
        self.client
            .get_or_init(|| async {
                let path_style = std::env::var("PORTAL_S3_PATH_STYLE").is_ok_and(|value| value == "true");
                let config = portal_data::aws::sdk_config().await;
                Client::from_conf(
                    aws_sdk_s3::config::Builder::from(&config)
                        .force_path_style(path_style)
                        .build(),
                )
            })
            .await
    }

    /// What S3 knows of an object.
    ///
    /// # Errors
    /// [`ObjectError::NotFound`] and [`ObjectError::Unavailable`].
    pub async fn head(&self, object: &ObjectKey) -> Result<ObjectHead, ObjectError> {
        let request = self
            .client()
            .await
            .head_object()
            .bucket(&object.bucket)
            .key(&object.key);
        let answer = request
            .set_version_id(object.version.clone())
            .checksum_mode(ChecksumMode::Enabled)
            .send()
            .await
            .map_err(|error| object.error(&error))?;
        let size = answer
            .content_length()
            .and_then(|length| u64::try_from(length).ok());
        Ok(ObjectHead {
            size: size.ok_or_else(|| object.unavailable("the answer names no size"))?,
            etag: answer.e_tag().unwrap_or_default().to_owned(),
            last_modified: answer
                .last_modified()
                .and_then(|at| OffsetDateTime::from_unix_timestamp(at.secs()).ok()),
            media_type: answer.content_type().map(str::to_owned),
            // That of an upload in parts is a checksum of checksums, with their number behind a dash.
            checksum_sha256: answer
                .checksum_sha256()
                .filter(|checksum| !checksum.contains('-'))
                .map(str::to_owned),
            metadata: answer.metadata().cloned().unwrap_or_default(),
        })
    }

    /// Streams an object from a byte on, as long as it is still the one with this entity tag.
    #[must_use]
    pub fn stream(&self, object: ObjectKey, head: &ObjectHead, offset: u64) -> ObjectStream {
        ObjectStream::new(self.clone(), object, head.etag.clone(), offset, head.size)
    }

    /// Begins to write an object piece by piece.
    #[must_use]
    pub fn upload(&self, object: ObjectKey, media_type: &'static str) -> Upload {
        Upload::new(self.clone(), object, media_type)
    }
}
