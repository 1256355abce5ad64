//! `DELETE /v1/events/{id}/check-in/{registrationId}`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_data::{DataError, registrations};
use portal_domain::event::Registration;
use portal_domain::ids::{EventId, RegistrationId};
use portal_http::answer::Answer;
use portal_http::{Call, PathParameters, Problem, etag};

use crate::manage;
use crate::state::Events;

/// Takes a check-in back that was a mistake.
///
/// The registration stands as it did before, and its ticket is good again; a seat of an event that is over was not used then.
#[utoipa::path(
    delete,
    path = "/v1/events/{id}/check-in/{registrationId}",
    operation_id = "undo_check_in",
    tag = "registrations",
    params(
        ("id" = EventId, Path, description = "The event's id."),
        ("registrationId" = RegistrationId, Path, description = "The registration's id."),
    ),
    responses(
        (status = 200, description = "The registration as it is now.", body = Registration,
         headers(("ETag" = String, description = "The entity tag of this representation."))),
        (status = 403, description = "It is another's event."),
        (status = 409, description = "The member was not let in, or it is not the event's time."),
        (status = 412, description = "The registration has changed since `If-Match` was read."),
    ),
)]
pub(crate) async fn undo_check_in(
    State(state): State<Events>,
    call: Call,
    headers: HeaderMap,
    path: PathParameters,
) -> Result<Response, Problem> {
    let id: EventId = path.read("id")?;
    let registration: RegistrationId = path.read("registrationId")?;
    let mut tx = state.portal.database().begin(&call.context).await?;
    let event = manage::hold_seats(&state, &mut tx, id).await?;
    manage::require_runner(&mut tx, id).await?;
    crate::check_in::admit(&event, state.now())?;
    let unknown = || Problem::not_found("This event has no such registration.");
    let before = registrations::lookup(&mut tx, registration).await?;
    let before = before
        .filter(|before| before.event_id == id)
        .ok_or_else(unknown)?;
    etag::guard(&headers, before.version)?;
    registrations::undo_check_in(&mut tx, &event, registration)
        .await
        .map_err(|error| match error {
            DataError::NotFound => unknown(),
            other => other.into(),
        })?;
    let shown = manage::shown_registration(&mut tx, registration).await?;
    let answer = Answer::resource(shown.version, &shown)?;
    Ok(answer.respond(tx.commit().await?))
}
