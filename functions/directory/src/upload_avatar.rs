//! `POST /v1/members/me/avatar`

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use portal_data::{Tx, avatars};
use portal_domain::file::{Checksum, Declared, FileSize, FileState, ImageType, UploadKind, UploadTicket};
use portal_domain::ids::{FileId, UserId};
use portal_domain::turn::Turn;
use portal_http::answer::Answer;
use portal_http::fields::{FieldReader, Fields, FromFields};
use portal_http::idempotency::IdempotencyKey;
use portal_http::rate_limit::RateLimits;
use portal_http::{Call, Problem, ProblemKind, turns};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::state::Directory;

/// The largest picture: 5 MiB.
const MAX_BYTES: i64 = 5 << 20;

/// Where a client sees what has become of it.
const LOCATION: &str = "/v1/members/me";

/// A picture that is about to be uploaded.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "camelCase")]
pub(crate) struct NewAvatar {
    /// Its media type.
    media_type: ImageType,
    /// Its size in bytes, at most 5 MiB.
    #[schema(value_type = i64, minimum = 1, maximum = 5_242_880)]
    size_bytes: FileSize,
    /// SHA-256 of its content.
    checksum_sha256: Checksum,
}

impl FromFields for NewAvatar {
    fn read(fields: &mut FieldReader) -> Option<Self> {
        let media_type = fields.required("mediaType");
        let size_bytes: Option<FileSize> = fields.required("sizeBytes");
        let checksum_sha256 = fields.required("checksumSha256");
        if size_bytes.is_some_and(|size| size.bytes() > MAX_BYTES) {
            fields.fault("sizeBytes", format!("must be at most {MAX_BYTES}"));
        }
        Some(Self {
            media_type: media_type?,
            size_bytes: size_bytes?,
            checksum_sha256: checksum_sha256?,
        })
    }
}

impl NewAvatar {
    fn declared(&self) -> Declared {
        Declared {
            media_type: self.media_type.to_string(),
            size_bytes: self.size_bytes.bytes(),
            checksum: self.checksum_sha256.clone(),
        }
    }
}

/// A picture that was announced.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AnnouncedAvatar {
    /// The upload's id.
    id: FileId,
    /// Its media type.
    media_type: ImageType,
    /// Its size in bytes.
    size_bytes: i64,
    /// SHA-256 of its content, in base64.
    checksum_sha256: String,
    /// Whether its bytes were there when it was announced: they were not.
    state: FileState,
}

/// A picture that was announced, and how its bytes are sent.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AvatarUpload {
    #[serde(flatten)]
    avatar: AnnouncedAvatar,
    /// How its bytes are sent.
    upload: UploadTicket,
}

/// Announces a new picture of the caller, and answers where its bytes go.
///
/// The address takes one PUT of just this size, media type and checksum for 15 minutes. The picture takes the place of the one before
/// once its bytes are there. A retry with the same `Idempotency-Key` answers the same upload with a new address.
#[utoipa::path(
    post,
    path = "/v1/members/me/avatar",
    operation_id = "upload_avatar",
    tag = "members",
    params(IdempotencyKey),
    request_body = NewAvatar,
    responses(
        (status = 201, description = "How the bytes of the picture are sent.", body = AvatarUpload,
         headers(("Location" = String, description = "The profile that will show it."))),
        (status = 409, description = "A request with the same `Idempotency-Key` is still running."),
    ),
)]
pub(crate) async fn upload_avatar(
    State(state): State<Directory>,
    call: Call,
    key: IdempotencyKey,
    Fields { value: new, digest }: Fields<NewAvatar>,
) -> Result<Response, Problem> {
    let user_id = call.member()?;
    let mut tx = state.portal.database().begin(&call.context).await?;
    let (avatar, object_key, rates) = match key.claim(&mut tx, &call, &digest).await? {
        Some(answer) => {
            let avatar: AnnouncedAvatar = answer.read()?;
            let object_key = avatars::lookup_key(&mut tx, avatar.id).await?.ok_or_else(gone)?;
            (avatar, object_key, RateLimits::default())
        }
        None => {
            let rates = turns::take(&mut tx, Turn::Upload).await?;
            let (avatar, object_key) = announce(&mut tx, user_id, &new).await?;
            // Without the address: it is a secret, and would be stale.
            key.keep(&mut tx, &call, &digest, &Answer::created(LOCATION, 1, &avatar)?)
                .await?;
            (avatar, object_key, rates)
        }
    };
    let declared = new.declared();
    let upload = state.files.upload(&object_key, &declared, (state.clock)());
    let upload = upload
        .await
        .map_err(|error| Problem::internal(&error.to_string()))?;
    let answer = Answer::created(LOCATION, 1, &AvatarUpload { avatar, upload })?;
    Ok((rates, answer.respond(tx.commit().await?)).into_response())
}

async fn announce(tx: &mut Tx, user: UserId, new: &NewAvatar) -> Result<(AnnouncedAvatar, String), Problem> {
    let id = FileId::from(Uuid::now_v7());
    let object_key = UploadKind::Avatar.key(Uuid::new_v4());
    avatars::add(tx, id, user, &object_key, &new.declared()).await?;
    let avatar = AnnouncedAvatar {
        id,
        media_type: new.media_type,
        size_bytes: new.size_bytes.bytes(),
        checksum_sha256: new.checksum_sha256.to_string(),
        state: FileState::Pending,
    };
    Ok((avatar, object_key))
}

fn gone() -> Problem {
    Problem::new(
        ProblemKind::Conflict,
        "The upload that this Idempotency-Key has announced is gone: announce it again with a new key.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_as_documented() {
        let documented = portal_http::openapi::properties(&crate::openapi(), "NewAvatar");
        assert_eq!(portal_http::fields::names::<NewAvatar>(), documented);
    }
}
