//! Uploads in parts that were begun and not finished: what they have sent is paid for and shows in no list of objects.

use time::OffsetDateTime;

use crate::object::{ObjectError, ObjectKey};
use crate::store::ObjectStore;

/// An upload that nobody has finished.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnfinishedUpload {
    /// The object that it would have become.
    pub object: ObjectKey,
    /// The upload's id.
    pub id: String,
    /// When it was begun.
    pub begun_at: Option<OffsetDateTime>,
}

impl ObjectStore {
    /// The unfinished uploads to keys that begin so.
    ///
    /// # Errors
    /// [`ObjectError`].
    pub async fn unfinished(&self, bucket: &str, prefix: &str) -> Result<Vec<UnfinishedUpload>, ObjectError> {
        let object = |key: &str| ObjectKey {
            bucket: bucket.to_owned(),
            key: key.to_owned(),
            version: None,
        };
        let mut found = Vec::new();
        let (mut key_marker, mut id_marker) = (None, None);
        loop {
            let request = self.client().await.list_multipart_uploads().bucket(bucket);
            let request = request.prefix(prefix).set_key_marker(key_marker);
            let answer = request.set_upload_id_marker(id_marker).send().await;
            let page = answer.map_err(|error| object(prefix).error(&error))?;
            found.extend(page.uploads().iter().filter_map(|upload| {
                let begun = upload.initiated().map(aws_sdk_s3::primitives::DateTime::secs);
                Some(UnfinishedUpload {
                    object: object(upload.key()?),
                    id: upload.upload_id()?.to_owned(),
                    begun_at: begun.and_then(|at| OffsetDateTime::from_unix_timestamp(at).ok()),
                })
            }));
            if page.is_truncated() != Some(true) {
                // Whoever asks may give up what is found: no answer may cost others an upload.
                found.retain(|upload| upload.object.key.starts_with(prefix));
                return Ok(found);
            }
            key_marker = page.next_key_marker;
            id_marker = page.next_upload_id_marker;
        }
    }

    /// Gives an unfinished upload up; one that is gone already is no error.
    ///
    /// # Errors
    /// [`ObjectError`].
    pub async fn abort(&self, object: &ObjectKey, upload: &str) -> Result<(), ObjectError> {
        let request = self.client().await.abort_multipart_upload();
        let request = request.bucket(&object.bucket).key(&object.key).upload_id(upload);
        match request.send().await.map_err(|error| object.error(&error)) {
            Ok(_) | Err(ObjectError::NotFound { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }
}
