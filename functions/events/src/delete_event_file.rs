//! `DELETE /v1/events/{id}/files/{fileId}`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_data::events;
use portal_domain::ids::{EventId, FileId};
use portal_http::answer::Answer;
use portal_http::file::no_file;
use portal_http::{Call, PathParameters, Portal, Problem, etag};

use crate::manage;

/// Takes a file away.
#[utoipa::path(
    delete,
    path = "/v1/events/{id}/files/{fileId}",
    operation_id = "delete_event_file",
    tag = "events",
    params(
        ("id" = EventId, Path, description = "The event's id."),
        ("fileId" = FileId, Path, description = "The file's id."),
    ),
    responses(
        (status = 204, description = "It is gone."),
        (status = 403, description = "It is another's event."),
        (status = 412, description = "It has changed since `If-Match` was read."),
    ),
)]
pub(crate) async fn delete_event_file(
    State(portal): State<Portal>,
    call: Call,
    headers: HeaderMap,
    path: PathParameters,
) -> Result<Response, Problem> {
    let event: EventId = path.read("id")?;
    let id: FileId = path.read("fileId")?;
    let mut tx = portal.database().begin(&call.context).await?;
    let event = manage::hold(&mut tx, event).await?;
    let kept = events::lookup_file(&mut tx, event.id, id).await?;
    let file = kept.ok_or_else(no_file)?.file;
    etag::guard(&headers, file.version)?;
    events::remove_file(&mut tx, id).await?;
    Ok(Answer::nothing().respond(tx.commit().await?))
}
