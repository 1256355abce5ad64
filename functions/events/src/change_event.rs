//! `PATCH /v1/events/{id}`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_data::events::{self, LockedEvent};
use portal_data::{DataError, Tx};
use portal_domain::event::EventDetails;
use portal_domain::ids::EventId;
use portal_domain::listing::EventListing;
use portal_http::answer::Answer;
use portal_http::fields::MergePatch;
use portal_http::problem::Fault;
use portal_http::{Call, PathParameters, Problem, etag};
use time::OffsetDateTime;

use crate::event_body::ChangedEvent;
use crate::manage::{self, conflict};
use crate::state::Events;

/// Changes what an event says.
///
/// Whoever is registered or waits is told of another time or place; of several changes, while the mail has not gone out, once. What is
/// announced is not moved into the past. Who was let in before the doors of a later time open is as before. Seats that are added are
/// offered to the first who wait. What seats cost who has one already stays.
#[utoipa::path(
    patch,
    path = "/v1/events/{id}",
    operation_id = "change_event",
    tag = "events",
    params(("id" = EventId, Path, description = "The event's id.")),
    request_body(content(
        (EventDetails = "application/merge-patch+json"),
        (EventDetails = "application/json"),
    ), description = "A JSON Merge Patch: fields that are left out stay, null clears. Null is refused \
        where it would open the event: for visibility, timeZone, waitlistEnabled and priceCents."),
    responses(
        (status = 200, description = "The event as it is now.", body = EventListing,
         headers(("ETag" = String, description = "The entity tag of this representation."))),
        (status = 403, description = "It is another's event."),
        (status = 409, description = "It is over or called off, and stays as it is; or more seats are taken than it would have."),
        (status = 412, description = "It has changed since `If-Match` was read."),
    ),
)]
pub(crate) async fn change_event(
    State(state): State<Events>,
    call: Call,
    headers: HeaderMap,
    path: PathParameters,
    patch: MergePatch,
) -> Result<Response, Problem> {
    let id: EventId = path.read("id")?;
    let mut tx = state.portal.database().begin(&call.context).await?;
    let event = manage::hold(&mut tx, id).await?;
    etag::guard(&headers, event.version)?;
    if !event.status.is_editable() {
        return Err(conflict(format!(
            "An event that is {} stays as it is.",
            event.status
        )));
    }
    let ChangedEvent(details) = patch.over(&event.details)?;
    if event.status.is_announced() {
        require_ahead(&event, &details, state.now())?;
    }
    let taken = event.registered_count;
    if details.max_capacity.is_some_and(|seats| seats < taken) {
        return Err(conflict(format!(
            "{taken} seats are taken, held or offered: maxCapacity cannot be less."
        )));
    }
    if details != event.details {
        events::change(&mut tx, &event, &details).await?;
        tell(&mut tx, &event, &details).await?;
        manage::hold_seats(&state, &mut tx, id).await?;
    }
    let shown = manage::shown(&mut tx, id).await?;
    let answer = Answer::resource(shown.version, &shown)?;
    Ok(answer.respond(tx.commit().await?))
}

/// People have planned by what is announced: it is not moved to where they can no longer come.
fn require_ahead(event: &LockedEvent, details: &EventDetails, now: OffsetDateTime) -> Result<(), Problem> {
    let faults = event.details.faults_of_move(details, now);
    if faults.is_empty() {
        return Ok(());
    }
    let faults = faults
        .into_iter()
        .map(|(field, detail)| Fault::body(&format!("/{field}"), detail));
    Err(Problem::invalid(faults.collect()))
}

/// Writes to those who have planned to come.
async fn tell(tx: &mut Tx, event: &LockedEvent, details: &EventDetails) -> Result<(), DataError> {
    if !event.status.is_announced() || !event.details.moves_to(details) {
        return Ok(());
    }
    let before = event.details.starts_at;
    // The sequence that the change has given it tells one from the next.
    let occasion = format!("{}/{}", event.id, event.calendar_sequence + 1);
    let previous = (before != details.starts_at).then_some(before);
    events::tell_of_change(tx, event.id, &occasion, previous).await
}
