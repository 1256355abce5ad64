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
use portal_http::{Call, PathParameters, Problem, etag};
use serde_json::json;

use crate::event_body::EventBody;
use crate::manage::{self, conflict};
use crate::state::Events;

/// Changes what an event says.
///
/// Whoever is registered or waits is told of another time or place. Seats that are added are offered to the first who wait. What seats
/// cost who has one already stays.
#[utoipa::path(
    patch,
    path = "/v1/events/{id}",
    operation_id = "change_event",
    tag = "events",
    params(("id" = EventId, Path, description = "The event's id.")),
    request_body(content(
        (EventDetails = "application/merge-patch+json"),
        (EventDetails = "application/json"),
    ), description = "A JSON Merge Patch: fields that are left out stay, null clears."),
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
    let EventBody(details) = patch.over(&event.details)?;
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

/// Writes to those who have planned to come.
async fn tell(tx: &mut Tx, event: &LockedEvent, details: &EventDetails) -> Result<(), DataError> {
    if !event.status.is_announced() || !event.details.moves_to(details) {
        return Ok(());
    }
    let payload = json!({
        "place": details.place.as_deref(),
        "address": details.address.as_deref(),
    });
    // The sequence that the change has given it: one mail for each.
    let occasion = format!("{}/{}", event.id, event.calendar_sequence + 1);
    events::notify_registered(tx, event.id, "EVENT_CHANGED", &occasion, &payload).await
}
