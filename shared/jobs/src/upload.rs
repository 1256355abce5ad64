//! Writing an object in constant memory.

use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{CompletedMultipartUpload, CompletedPart};
use bytes::{Bytes, BytesMut};
use tokio::task::JoinSet;

use crate::object::{ObjectError, ObjectKey};
use crate::store::ObjectStore;

/// The size of the parts of a large object unless another is set; S3 wants at least 5 MiB, and takes 10,000 parts.
const PART_BYTES: usize = 8 << 20;

/// An object in the making. It appears when [`Upload::finish`] returns, whole, and not before. Dropped without it, what has been sent
/// stays an unfinished upload: [`ObjectStore::unfinished`] finds it.
#[derive(Debug)]
pub struct Upload {
    store: ObjectStore,
    object: ObjectKey,
    media_type: &'static str,
    part_bytes: usize,
    at_once: usize,
    buffer: BytesMut,
    multipart: Option<Multipart>,
}

/// A large object that has outgrown one request.
#[derive(Debug)]
struct Multipart {
    id: String,
    /// How many parts have been begun.
    begun: i32,
    sending: JoinSet<Result<CompletedPart, ObjectError>>,
    sent: Vec<CompletedPart>,
}

impl Upload {
    pub(crate) fn new(store: ObjectStore, object: ObjectKey, media_type: &'static str) -> Self {
        Self {
            store,
            object,
            media_type,
            part_bytes: PART_BYTES,
            at_once: 1,
            buffer: BytesMut::new(),
            multipart: None,
        }
    }

    /// Sends parts of this many bytes, and up to so many at once while the next is being filled: of one at a time the writer waits
    /// for each. In memory are as many parts and one more.
    #[must_use]
    pub fn in_parts(mut self, bytes: usize, at_once: usize) -> Self {
        self.part_bytes = bytes;
        self.at_once = at_once.max(1);
        self
    }

    /// Appends bytes.
    ///
    /// # Errors
    /// [`ObjectError`] when a part could not be sent; the parts before it have been given up then.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), ObjectError> {
        self.buffer.extend_from_slice(bytes);
        while self.buffer.len() >= self.part_bytes {
            let part = self.buffer.split_to(self.part_bytes).freeze();
            let sent = self.send_part(part).await;
            if sent.is_err() {
                self.abandon().await;
                return sent;
            }
        }
        Ok(())
    }

    /// Makes the object appear.
    ///
    /// # Errors
    /// [`ObjectError`] when it could not be written; nothing is left of it then.
    pub async fn finish(mut self) -> Result<(), ObjectError> {
        if self.multipart.is_none() {
            let (encryption, kms_key) = self.store.encryption();
            let request = self
                .store
                .client()
                .await
                .put_object()
                .bucket(&self.object.bucket)
                .key(&self.object.key)
                .set_server_side_encryption(encryption)
                .set_ssekms_key_id(kms_key);
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

    /// Gives up: nothing of the object appears, and nothing of it stays.
    pub async fn give_up(mut self) {
        self.abandon().await;
    }

    /// Begins to send a part, and waits until there is room for another.
    async fn send_part(&mut self, part: Bytes) -> Result<(), ObjectError> {
        let client = self.store.client().await.clone();
        if self.multipart.is_none() {
            self.multipart = Some(self.begin(&client).await?);
        }
        let Some(multipart) = self.multipart.as_mut() else {
            return Ok(());
        };
        multipart.begun += 1;
        let number = multipart.begun;
        let request = client
            .upload_part()
            .bucket(&self.object.bucket)
            .key(&self.object.key)
            .upload_id(&multipart.id)
            .part_number(number)
            .body(ByteStream::from(part));
        let object = self.object.clone();
        multipart.sending.spawn(async move {
            let answer = request.send().await.map_err(|error| object.error(&error))?;
            Ok(CompletedPart::builder()
                .part_number(number)
                .set_e_tag(answer.e_tag)
                .build())
        });
        multipart.wait_for_fewer_than(self.at_once, &self.object).await
    }

    async fn begin(&self, client: &aws_sdk_s3::Client) -> Result<Multipart, ObjectError> {
        let (encryption, kms_key) = self.store.encryption();
        let request = client
            .create_multipart_upload()
            .bucket(&self.object.bucket)
            .key(&self.object.key)
            .set_server_side_encryption(encryption)
            .set_ssekms_key_id(kms_key);
        let answer = request
            .content_type(self.media_type)
            .send()
            .await
            .map_err(|error| self.object.error(&error))?;
        Ok(Multipart {
            id: answer.upload_id().unwrap_or_default().to_owned(),
            begun: 0,
            sending: JoinSet::new(),
            sent: Vec::new(),
        })
    }

    async fn complete(&mut self) -> Result<(), ObjectError> {
        if !self.buffer.is_empty() {
            let rest = self.buffer.split().freeze();
            self.send_part(rest).await?;
        }
        let Some(multipart) = self.multipart.as_mut() else {
            return Ok(());
        };
        multipart.wait_for_fewer_than(1, &self.object).await?;
        // They end in any order, and S3 wants them in their own.
        multipart.sent.sort_by_key(CompletedPart::part_number);
        let parts = CompletedMultipartUpload::builder()
            .set_parts(Some(multipart.sent.clone()))
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
        let Some(mut multipart) = self.multipart.take() else {
            return;
        };
        // A part that arrives after the upload was given up would stay.
        multipart.sending.shutdown().await;
        if let Err(error) = self.store.abort(&self.object, &multipart.id).await {
            tracing::warn!(%error, "the parts of an unfinished upload remain");
        }
    }
}

impl Multipart {
    /// Waits until fewer parts than these are on their way.
    async fn wait_for_fewer_than(&mut self, count: usize, object: &ObjectKey) -> Result<(), ObjectError> {
        while self.sending.len() >= count {
            match self.sending.join_next().await {
                Some(Ok(part)) => self.sent.push(part?),
                Some(Err(error)) => return Err(object.unavailable(error)),
                None => break,
            }
        }
        Ok(())
    }
}
