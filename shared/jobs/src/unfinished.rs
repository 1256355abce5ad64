//! Uploads in parts that nobody will end.

use crate::object::{ObjectError, ObjectKey};
use crate::store::ObjectStore;

impl ObjectStore {
    /// Gives up every upload in parts to keys that begin so, and says how many there were. For whoever knows that none is under way:
    /// what a function leaves that was killed is paid for, and shows in no list of objects.
    ///
    /// # Errors
    /// [`ObjectError`].
    pub async fn abandon_uploads(&self, bucket: &str, prefix: &str) -> Result<usize, ObjectError> {
        let place = ObjectKey {
            bucket: bucket.to_owned(),
            key: prefix.to_owned(),
            version: None,
        };
        let mut abandoned = 0;
        let (mut key_marker, mut upload_marker) = (None, None);
        loop {
            let request = self.client().await.list_multipart_uploads().bucket(bucket);
            let request = request.prefix(prefix).set_key_marker(key_marker);
            let answer = request.set_upload_id_marker(upload_marker).send().await;
            let page = answer.map_err(|error| place.error(&error))?;
            for upload in page.uploads() {
                // The prefix is looked at again: to give up somebody else's upload would lose it.
                let (Some(key), Some(id)) = (upload.key(), upload.upload_id()) else {
                    continue;
                };
                if !key.starts_with(prefix) {
                    continue;
                }
                let request = self.client().await.abort_multipart_upload().bucket(bucket);
                let aborted = request.key(key).upload_id(id).send().await;
                match aborted.map_err(|error| place.error(&error)) {
                    Ok(_) => abandoned += 1,
                    Err(ObjectError::NotFound { .. }) => {}
                    Err(error) => return Err(error),
                }
            }
            if page.is_truncated() != Some(true) {
                return Ok(abandoned);
            }
            key_marker = page.next_key_marker;
            upload_marker = page.next_upload_id_marker;
        }
    }
}
