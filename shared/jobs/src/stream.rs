//! Reading an object in constant memory.

use std::time::Duration;

use aws_sdk_s3::primitives::ByteStream;
use bytes::Bytes;

use crate::object::{ObjectError, ObjectKey};
use crate::store::ObjectStore;

/// How often a broken connection is opened anew before any further byte has come.
const ATTEMPTS: u32 = 4;

/// The bytes of an object in order. A connection that breaks is opened again where it broke, so the reader sees no seam.
#[derive(Debug)]
pub struct ObjectStream {
    store: ObjectStore,
    object: ObjectKey,
    etag: String,
    /// The position of the next byte.
    offset: u64,
    size: u64,
    body: Option<ByteStream>,
    failures: u32,
}

impl ObjectStream {
    pub(crate) fn new(store: ObjectStore, object: ObjectKey, etag: String, offset: u64, size: u64) -> Self {
        Self {
            store,
            object,
            etag,
            offset,
            size,
            body: None,
            failures: 0,
        }
    }

    /// The next piece, in whatever size the network gives; none behind the last byte.
    ///
    /// # Errors
    /// [`ObjectError::Changed`] when the object was replaced meanwhile, [`ObjectError::NotFound`] when it was deleted, and
    /// [`ObjectError::Unavailable`] when several attempts in a row gave nothing.
    pub async fn next(&mut self) -> Result<Option<Bytes>, ObjectError> {
        while self.offset < self.size {
            match self.attempt().await {
                Ok(bytes) => {
                    self.failures = 0;
                    self.offset += u64::try_from(bytes.len()).unwrap_or(u64::MAX);
                    return Ok(Some(bytes));
                }
                Err(ObjectError::Unavailable { message, .. }) if self.failures + 1 < ATTEMPTS => {
                    self.failures += 1;
                    tracing::warn!(
                        offset = self.offset,
                        attempt = self.failures,
                        message,
                        "reading the object again from here"
                    );
                    tokio::time::sleep(Duration::from_millis(200) * 2_u32.pow(self.failures)).await;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }

    /// The next piece of the present connection, or the first of a new one. After an error the connection is gone.
    async fn attempt(&mut self) -> Result<Bytes, ObjectError> {
        let mut body = match self.body.take() {
            Some(body) => body,
            None => self.open().await?,
        };
        match body.next().await {
            Some(Ok(bytes)) => {
                self.body = Some(body);
                Ok(bytes)
            }
            Some(Err(error)) => Err(self.object.unavailable(error)),
            None => Err(self
                .object
                .unavailable(format!("the body ended at byte {} of {}", self.offset, self.size))),
        }
    }

    async fn open(&self) -> Result<ByteStream, ObjectError> {
        let request = self
            .store
            .client()
            .await
            .get_object()
            .bucket(&self.object.bucket)
            .key(&self.object.key);
        let answer = request
            .set_version_id(self.object.version.clone())
            .if_match(&self.etag)
            .range(format!("bytes={}-", self.offset))
            .send()
            .await
            .map_err(|error| self.object.error(&error))?;
        Ok(answer.body)
    }
}
