//! `GET /v1/events/{id}/files/{fileId}`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_data::{events, read};
use portal_domain::file::{EventFile, FileState};
use portal_domain::ids::{EventId, FileId};
use portal_http::answer::Answer;
use portal_http::file::{FileWithDownload, no_file};
use portal_http::negotiate::{MediaType, negotiate};
use portal_http::query::{NoParameters, Query};
use portal_http::{Call, PathParameters, Problem};

use crate::manage;
use crate::state::Events;

/// Shows a file, with an address that gives its bytes for five minutes, as an attachment; to who runs the event and to who
/// has a seat for which nothing is owed.
#[utoipa::path(
    get,
    path = "/v1/events/{id}/files/{fileId}",
    operation_id = "download_event_file",
    tag = "events",
    params(
        ("id" = EventId, Path, description = "The event's id."),
        ("fileId" = FileId, Path, description = "The file's id."),
    ),
    responses(
        (status = 200, description = "The file, and where its bytes are.", body = FileWithDownload<EventFile>,
         headers(("ETag" = String, description = "The entity tag of this representation."))),
        (status = 403, description = "The caller has no seat, or has not paid for it."),
        (status = 406, description = "Only JSON."),
    ),
)]
pub(crate) async fn download_event_file(
    State(state): State<Events>,
    call: Call,
    headers: HeaderMap,
    path: PathParameters,
    _: Query<NoParameters>,
) -> Result<Response, Problem> {
    negotiate(&headers, &[MediaType::Json])?;
    let event: EventId = path.read("id")?;
    let id: FileId = path.read("fileId")?;
    let kept = read!(state.portal.database(), &call.context, |tx| {
        Ok(match manage::open(tx, event).await? {
            Ok(()) => Ok(events::lookup_file(tx, event, id).await?),
            Err(problem) => Err(problem),
        })
    })?;
    let kept = kept?.ok_or_else(no_file)?;
    let file = kept.file;
    let download = if file.state == FileState::Stored {
        let ticket = state
            .files
            .download(&kept.object_key, &file.name, &file.media_type, (state.clock)());
        Some(
            ticket
                .await
                .map_err(|error| Problem::internal(&error.to_string()))?,
        )
    } else {
        None
    };
    // Never 304: the client would be left with an address that works no longer.
    let shown = FileWithDownload { file, download };
    Ok(Answer::resource(shown.file.version, &shown)?.respond(None))
}
