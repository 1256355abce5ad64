//! Taking objects away, and finding those that nobody knows.

use time::OffsetDateTime;

use crate::object::{ObjectError, ObjectKey};
use crate::store::ObjectStore;

/// An object as a list of its bucket has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedObject {
    /// Its key.
    pub key: String,
    /// When its newest version was written.
    pub last_modified: Option<OffsetDateTime>,
}

impl ObjectStore {
    /// Takes an object away for good: the version that is named, or every one of it. What is not there is no error.
    ///
    /// # Errors
    /// [`ObjectError`].
    pub async fn erase(&self, object: &ObjectKey) -> Result<(), ObjectError> {
        let versions = match &object.version {
            Some(version) => vec![version.clone()],
            None => self.versions(object).await?,
        };
        for version in versions {
            let request = self
                .client()
                .await
                .delete_object()
                .bucket(&object.bucket)
                .key(&object.key);
            let deleted = request.version_id(version).send().await;
            match deleted.map_err(|error| object.error(&error)) {
                Ok(_) | Err(ObjectError::NotFound { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// The versions of one object, marks of deletion among them; a bucket without versions has one, called `null`.
    async fn versions(&self, object: &ObjectKey) -> Result<Vec<String>, ObjectError> {
        let mut versions = Vec::new();
        let (mut key_marker, mut version_marker) = (None, None);
        loop {
            let request = self.client().await.list_object_versions().bucket(&object.bucket);
            let request = request.prefix(&object.key).set_key_marker(key_marker);
            let answer = request.set_version_id_marker(version_marker).send().await;
            let page = answer.map_err(|error| object.error(&error))?;
            let kept = page
                .versions()
                .iter()
                .map(|version| (version.key(), version.version_id()));
            let marks = page
                .delete_markers()
                .iter()
                .map(|mark| (mark.key(), mark.version_id()));
            versions.extend(
                kept.chain(marks)
                    .filter(|(key, _)| *key == Some(object.key.as_str()))
                    .map(|(_, version)| version.unwrap_or("null").to_owned()),
            );
            if page.is_truncated() != Some(true) {
                return Ok(versions);
            }
            key_marker = page.next_key_marker;
            version_marker = page.next_version_id_marker;
        }
    }

    /// A page of a bucket in the order of the keys: those that begin so, after a key, at most `limit`, of which S3 gives 1,000.
    ///
    /// # Errors
    /// [`ObjectError`].
    pub async fn list_after(
        &self,
        bucket: &str,
        prefix: &str,
        after: Option<&str>,
        limit: i32,
    ) -> Result<Vec<ListedObject>, ObjectError> {
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
        let request = request.max_keys(limit).set_start_after(after.map(str::to_owned));
        let page = request.send().await.map_err(|error| place.error(&error))?;
        let listed = page
            .contents
            .unwrap_or_default()
            .into_iter()
            .filter_map(|object| {
                let seconds = object.last_modified().map(aws_sdk_s3::primitives::DateTime::secs);
                Some(ListedObject {
                    last_modified: seconds.and_then(|at| OffsetDateTime::from_unix_timestamp(at).ok()),
                    key: object.key?,
                })
            });
        Ok(listed.collect())
    }
}
