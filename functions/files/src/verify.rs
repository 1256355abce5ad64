//! Whether an object is what its row announced.

use portal_data::uploads::UploadRow;
use portal_domain::file::Checksum;
use portal_jobs::{ObjectError, ObjectHead, ObjectKey, ObjectStore};
use sha2::{Digest as _, Sha256};

/// What is wrong with an object, for the log; none where it is what its row announced.
///
/// S3 has compared the content with the checksum that came with it, and tells that checksum. Where it tells none, the content is
/// read and compared here.
///
/// # Errors
/// [`ObjectError`] when the content cannot be read.
pub(crate) async fn fault(
    store: &ObjectStore,
    object: &ObjectKey,
    head: &ObjectHead,
    upload: &UploadRow,
) -> Result<Option<String>, ObjectError> {
    if let Some(fault) = visible_fault(head, upload) {
        return Ok(Some(fault));
    }
    let Some(announced) = &upload.checksum_sha256 else {
        return Ok(None);
    };
    let found = match &head.checksum_sha256 {
        Some(checksum) => checksum.clone(),
        None => checksum_of(store, object, head).await?,
    };
    Ok((found != *announced).then(|| format!("its SHA-256 is {found}, {announced} was announced")))
}

/// What is wrong with the size or the media type.
fn visible_fault(head: &ObjectHead, upload: &UploadRow) -> Option<String> {
    if u64::try_from(upload.size_bytes) != Ok(head.size) {
        return Some(format!(
            "it has {} bytes, {} were announced",
            head.size, upload.size_bytes
        ));
    }
    let found = head.media_type.as_deref().unwrap_or("none");
    (found != upload.media_type).then(|| {
        format!(
            "its media type is {found:?}, {:?} was announced",
            upload.media_type
        )
    })
}

async fn checksum_of(
    store: &ObjectStore,
    object: &ObjectKey,
    head: &ObjectHead,
) -> Result<String, ObjectError> {
    let mut content = store.stream(object.clone(), head, 0);
    let mut digest = Sha256::new();
    while let Some(piece) = content.next().await? {
        digest.update(&piece);
    }
    Ok(Checksum::of_digest(&digest.finalize().into()).into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use portal_domain::file::{FileState, UploadKind};
    use std::collections::HashMap;
    use uuid::Uuid;

    fn upload() -> UploadRow {
        UploadRow {
            kind: UploadKind::ProjectFile,
            id: Uuid::nil(),
            parent: Uuid::nil(),
            object_key: "projects/x".to_owned(),
            name: None,
            media_type: "application/pdf".to_owned(),
            size_bytes: 3,
            checksum_sha256: None,
            uploaded_by: Uuid::nil(),
            state: FileState::Pending,
            created_at: time::OffsetDateTime::UNIX_EPOCH,
        }
    }

    fn head(size: u64, media_type: Option<&str>) -> ObjectHead {
        ObjectHead {
            size,
            etag: String::new(),
            last_modified: None,
            media_type: media_type.map(str::to_owned),
            checksum_sha256: None,
            metadata: HashMap::new(),
        }
    }

    #[test]
    fn size_and_media_type_must_be_those_announced() {
        let fault = |head| visible_fault(&head, &upload());
        assert_eq!(fault(head(3, Some("application/pdf"))), None);
        assert_eq!(
            fault(head(4, Some("application/pdf"))).unwrap(),
            "it has 4 bytes, 3 were announced"
        );
        for media_type in [Some("text/html"), Some("application/pdf; charset=utf-8"), None] {
            assert!(
                fault(head(3, media_type)).unwrap().contains("media type"),
                "{media_type:?}"
            );
        }
    }
}
