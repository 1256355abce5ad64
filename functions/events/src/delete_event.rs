//! `DELETE /v1/events/{id}`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_data::events;
use portal_domain::ids::EventId;
use portal_http::answer::Answer;
use portal_http::{Call, PathParameters, Portal, Problem, etag};

use crate::manage::{self, conflict};

/// Takes an event away: a draft, or one that was called off.
#[utoipa::path(
    delete,
    path = "/v1/events/{id}",
    operation_id = "delete_event",
    tag = "events",
    params(("id" = EventId, Path, description = "The event's id.")),
    responses(
        (status = 204, description = "It is gone."),
        (status = 403, description = "It is another's event."),
        (status = 409, description = "It was announced and not called off."),
        (status = 412, description = "It has changed since `If-Match` was read."),
    ),
)]
pub(crate) async fn delete_event(
    State(portal): State<Portal>,
    call: Call,
    headers: HeaderMap,
    path: PathParameters,
) -> Result<Response, Problem> {
    let id: EventId = path.read("id")?;
    let mut tx = portal.database().begin(&call.context).await?;
    let event = manage::hold(&mut tx, id).await?;
    etag::guard(&headers, event.version)?;
    if !event.status.is_deletable() {
        return Err(conflict(format!(
            "An event that is {} cannot be deleted{}",
            event.status,
            if event.status.is_announced() {
                ": cancel it first."
            } else {
                "."
            }
        )));
    }
    events::remove(&mut tx, id).await?;
    Ok(Answer::nothing().respond(tx.commit().await?))
}
