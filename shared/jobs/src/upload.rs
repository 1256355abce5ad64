//! Writing an object in constant memory.

use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{CompletedMultipartUpload, CompletedPart};
use bytes::BytesMut;

use crate::object::{ObjectError, ObjectKey};
use crate::store::ObjectStore;

/// The size of the parts of a large object; S3 wants at least 5 MiB.
const PART_BYTES: usize = 8 << 20;

/// An object in the making. It appears when [`Upload::finish`] returns, whole, and not before.
#[derive(Debug)]
pub struct Upload {
    store: ObjectStore,
    object: ObjectKey,
    media_type: &'static str,
    buffer: BytesMut,
    multipart: Option<Multipart>,
}

/// A large object that has outgrown one request.
#[derive(Debug)]
struct Multipart {
    id: String,
    parts: Vec<CompletedPart>,
}

impl Upload {
    pub(crate) fn new(store: ObjectStore, object: ObjectKey, media_type: &'static str) -> Self {
        Self {
            store,
            object,
            media_type,
            buffer: BytesMut::new(),
            multipart: None,
        }
    }

    /// Appends bytes.
    ///
    /// # Errors
    /// [`ObjectError`] when a part could not be sent; the parts before it have been given up then.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), ObjectError> {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() < PART_BYTES {
            return Ok(());
        }
        let sent = self.send_part().await;
        if sent.is_err() {
            self.abandon().await;
        }
        sent
    }

    /// Makes the object appear.
    ///
    /// # Errors
    /// [`ObjectError`] when it could not be written; nothing is left of it then.
    pub async fn finish(mut self) -> Result<(), ObjectError> {
        if self.multipart.is_none() {
            let request = self
                .store
                .client()
                .await
                .put_object()
                .bucket(&self.object.bucket)
                .key(&self.object.key);
            let body = ByteStream::from(self.buffer.split().freeze());
            let sent = request.content_type(self.media_type).body(body).send().await;
            return sent.map(drop).map_err(|error| self.object.error(&error));
        }
        let completed = self.complete().await;
        if completed.is_err() {
            self.abandon().await;
        }
        completed
    }

    async fn send_part(&mut self) -> Result<(), ObjectError> {
        let client = self.store.client().await.clone();
        if self.multipart.is_none() {
            let request = client
                .create_multipart_upload()
                .bucket(&self.object.bucket)
                .key(&self.object.key);
            let answer = request
                .content_type(self.media_type)
                .send()
                .await
                .map_err(|error| self.object.error(&error))?;
            let id = answer.upload_id().unwrap_or_default().to_owned();
            self.multipart = Some(Multipart {
                id,
                parts: Vec::new(),
            });
        }
        let Some(multipart) = self.multipart.as_mut() else {
            return Ok(());
        };
        let number = i32::try_from(multipart.parts.len() + 1).unwrap_or(i32::MAX);
        let answer = client
            .upload_part()
            .bucket(&self.object.bucket)
            .key(&self.object.key)
            .upload_id(&multipart.id)
            .part_number(number)
            .body(ByteStream::from(self.buffer.split().freeze()))
            .send()
            .await
            .map_err(|error| self.object.error(&error))?;
        multipart.parts.push(
            CompletedPart::builder()
                .part_number(number)
                .set_e_tag(answer.e_tag)
                .build(),
        );
        Ok(())
    }

    async fn complete(&mut self) -> Result<(), ObjectError> {
        if !self.buffer.is_empty() {
            self.send_part().await?;
        }
        let Some(multipart) = &self.multipart else {
            return Ok(());
        };
        let parts = CompletedMultipartUpload::builder()
            .set_parts(Some(multipart.parts.clone()))
            .build();
        let client = self.store.client().await;
        let request = client
            .complete_multipart_upload()
            .bucket(&self.object.bucket)
            .key(&self.object.key);
        let sent = request
            .upload_id(&multipart.id)
            .multipart_upload(parts)
            .send()
            .await;
        sent.map(drop).map_err(|error| self.object.error(&error))
    }

    /// Gives up the parts that were sent, so that they are not paid for. A failure here is left to the bucket's lifecycle rule.
    async fn abandon(&mut self) {
        let Some(multipart) = self.multipart.take() else {
            return;
        };
        let request = self.store.client().await.abort_multipart_upload();
        let request = request
            .bucket(&self.object.bucket)
            .key(&self.object.key)
            .upload_id(multipart.id);
        if let Err(error) = request.send().await {
            tracing::warn!(error = %self.object.error(&error), "the parts of an unfinished upload remain");
        }
    }
}
