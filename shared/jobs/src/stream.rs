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
    body: Option<Body>,
    failures: u32,
}

/// An open connection.
#[derive(Debug)]
struct Body {
    stream: ByteStream,
    /// What is still to come of the bytes before the stream's position.
    excess: u64,
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
        loop {
            match body.stream.next().await {
                Some(Ok(mut bytes)) => {
                    let wanted = drop_excess(&mut bytes, &mut body.excess);
                    if wanted {
                        self.body = Some(body);
                        return Ok(bytes);
                    }
                }
                Some(Err(error)) => return Err(self.object.unavailable(error)),
                None => {
                    let message = format!("the body ended at byte {} of {}", self.offset, self.size);
                    return Err(self.object.unavailable(message));
                }
            }
        }
    }

    /// Asks for the bytes from the position on. S3 gives just those, but a server may answer such a request with the whole object
    /// (RFC 9110, section 14.2), and to take its first bytes for those at the position would tear the object apart in silence.
    async fn open(&self) -> Result<Body, ObjectError> {
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
        let first = match answer.content_range() {
            None => Some(0),
            Some(range) => first_byte(range),
        };
        match first.and_then(|first| self.offset.checked_sub(first)) {
            Some(excess) => Ok(Body {
                stream: answer.body,
                excess,
            }),
            None => Err(self.object.unavailable(format!(
                "asked for the bytes from {} on, the server sends {}",
                self.offset,
                answer.content_range().unwrap_or_default()
            ))),
        }
    }
}

/// Takes off what lies before the position, and says whether anything is left.
fn drop_excess(bytes: &mut Bytes, excess: &mut u64) -> bool {
    let dropped = usize::try_from(*excess).map_or(bytes.len(), |excess| excess.min(bytes.len()));
    *excess -= u64::try_from(dropped).unwrap_or(*excess);
    *bytes = bytes.slice(dropped..);
    !bytes.is_empty()
}

/// The first byte that a `Content-Range` such as `bytes 42-1233/1234` names.
fn first_byte(range: &str) -> Option<u64> {
    let (first, _) = range.trim().strip_prefix("bytes ")?.split_once('-')?;
    first.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_byte_of_a_range_is_read() {
        assert_eq!(first_byte("bytes 42-1233/1234"), Some(42));
        assert_eq!(first_byte("bytes 0-0/*"), Some(0));
        assert_eq!(first_byte("bytes */1234"), None);
        assert_eq!(first_byte("lines 1-2/3"), None);
    }

    #[test]
    fn what_lies_before_the_position_is_dropped_across_pieces() {
        let mut excess = 5;
        let mut whole = Vec::new();
        for piece in ["abc", "defg", "", "hi"] {
            let mut bytes = Bytes::from(piece);
            if drop_excess(&mut bytes, &mut excess) {
                whole.extend_from_slice(&bytes);
            }
        }
        assert_eq!((whole.as_slice(), excess), (b"fghi".as_slice(), 0));
    }
}
