//! `POST /v1/events/{id}/files`

use axum::extract::State;
use axum::response::Response;
use portal_data::Tx;
use portal_data::events::{self, KeptEventFile, LockedEvent};
use portal_domain::event::EventStatus;
use portal_domain::file::{EventFile, UploadKind};
use portal_domain::ids::{EventId, FileId};
use portal_http::answer::Answer;
use portal_http::fields::Fields;
use portal_http::file::{AnnouncedFile, NewFile, gone};
use portal_http::idempotency::IdempotencyKey;
use portal_http::{Call, PathParameters, Problem};
use uuid::Uuid;

use crate::event_file::location;
use crate::manage::{self, conflict};
use crate::state::Events;

/// Announces a file, and answers where its bytes go.
///
/// The address takes one PUT of just this size, media type and checksum for 15 minutes. The file is shown to others once its bytes
/// are there. A retry with the same `Idempotency-Key` answers the same file with a new address.
#[utoipa::path(
    post,
    path = "/v1/events/{id}/files",
    operation_id = "add_event_file",
    tag = "events",
    params(("id" = EventId, Path, description = "The event's id."), IdempotencyKey),
    request_body = NewFile,
    responses(
        (status = 201, description = "The file, and how its bytes are sent.", body = AnnouncedFile<EventFile>, headers(
            ("Location" = String, description = "Where the file is."),
            ("ETag" = String, description = "The entity tag of this representation."),
        )),
        (status = 403, description = "It is another's event."),
        (status = 409, description = "The event was called off; or a request with the same `Idempotency-Key` is still running."),
    ),
)]
pub(crate) async fn add_event_file(
    State(state): State<Events>,
    call: Call,
    path: PathParameters,
    key: IdempotencyKey,
    Fields { value: new, digest }: Fields<NewFile>,
) -> Result<Response, Problem> {
    let id: EventId = path.read("id")?;
    new.admit(state.max_file_bytes)?;
    let mut tx = state.portal.database().begin(&call.context).await?;
    let before = key.claim(&mut tx, &call, &digest).await?;
    let event = manage::hold(&mut tx, id).await?;
    let kept = match before {
        Some(answer) => {
            let announced: EventFile = answer.read()?;
            events::lookup_file(&mut tx, id, announced.id)
                .await?
                .ok_or_else(|| gone(announced.id))?
        }
        None => {
            let kept = announce(&mut tx, &call, &event, &new).await?;
            // Without the address: it is a secret, and would be stale.
            let answer = Answer::created(&location(&kept.file), kept.file.version, &kept.file)?;
            key.keep(&mut tx, &call, &digest, &answer).await?;
            kept
        }
    };
    let declared = new.declared();
    let upload = state.files.upload(&kept.object_key, &declared, (state.clock)());
    let upload = upload
        .await
        .map_err(|error| Problem::internal(&error.to_string()))?;
    let announced = AnnouncedFile {
        file: kept.file,
        upload,
    };
    let answer = Answer::created(&location(&announced.file), announced.file.version, &announced)?;
    Ok(answer.respond(tx.commit().await?))
}

async fn announce(
    tx: &mut Tx,
    call: &Call,
    event: &LockedEvent,
    new: &NewFile,
) -> Result<KeptEventFile, Problem> {
    if event.status == EventStatus::Cancelled {
        return Err(conflict("An event that was called off takes no more files."));
    }
    let file = events::NewEventFile {
        id: FileId::from(Uuid::now_v7()),
        event: event.id,
        object_key: &UploadKind::EventFile.key(Uuid::new_v4()),
        name: &new.name,
        declared: &new.declared(),
        uploaded_by: call.member()?,
    };
    events::add_file(tx, &file).await?;
    let kept = events::lookup_file(tx, event.id, file.id).await?;
    kept.ok_or_else(|| Problem::internal("a file that was just announced is not there"))
}
