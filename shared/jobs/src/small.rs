//! Objects that fit into memory many times over: written once, read whole, listed.

use aws_sdk_s3::primitives::ByteStream;

use crate::object::{ObjectError, ObjectKey};
use crate::store::ObjectStore;

/// More than any small object holds. What is larger is not what was written, and must not fill the memory.
const MAX_BYTES: u64 = 1 << 20;

impl ObjectStore {
    /// Writes an object unless there is one of this name; whether it was written. Two writers at once are told apart by S3.
    ///
    /// # Errors
    /// [`ObjectError`], and [`ObjectError::Unavailable`] also when another writer is at it in this moment.
    pub async fn create(
        &self,
        object: &ObjectKey,
        media_type: &str,
        content: Vec<u8>,
    ) -> Result<bool, ObjectError> {
        let (encryption, kms_key) = self.encryption();
        let request = self
            .client()
            .await
            .put_object()
            .bucket(&object.bucket)
            .key(&object.key)
            .set_server_side_encryption(encryption)
            .set_ssekms_key_id(kms_key)
            .if_none_match("*")
            .content_type(media_type)
            .body(ByteStream::from(content));
        match request.send().await.map_err(|error| object.error(&error)) {
            Ok(_) => Ok(true),
            Err(ObjectError::Changed { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// The whole content of a small object.
    ///
    /// # Errors
    /// [`ObjectError`]; an object of more than 1 MiB is [`ObjectError::Unavailable`].
    pub async fn read(&self, object: &ObjectKey) -> Result<Vec<u8>, ObjectError> {
        let head = self.head(object).await?;
        if head.size > MAX_BYTES {
            return Err(object.unavailable(format!("{} bytes are more than it can hold", head.size)));
        }
        let mut stream = self.stream(object.clone(), &head, 0);
        let mut content = Vec::new();
        while let Some(piece) = stream.next().await? {
            content.extend_from_slice(&piece);
        }
        Ok(content)
    }

    /// The keys that begin so, in S3's order.
    ///
    /// # Errors
    /// [`ObjectError`].
    pub async fn list(&self, bucket: &str, prefix: &str) -> Result<Vec<String>, ObjectError> {
        let place = ObjectKey {
            bucket: bucket.to_owned(),
            key: prefix.to_owned(),
            version: None,
        };
        let request = self
            .client()
            .await
            .list_objects_v2()
            .bucket(bucket)
            .prefix(prefix);
        let mut pages = request.into_paginator().send();
        let mut keys = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| place.error(&error))?;
            keys.extend(
                page.contents
                    .unwrap_or_default()
                    .into_iter()
                    .filter_map(|object| object.key),
            );
        }
        Ok(keys)
    }
}
