//! `POST /v1/events/{id}/cancel`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_domain::event::EventAction;
use portal_domain::ids::EventId;
use portal_domain::listing::EventListing;
use portal_http::{Call, PathParameters, Problem};

use crate::act::act;
use crate::state::Events;

/// Calls an event off.
///
/// Everybody who is registered or waits is told, no seat is kept for anybody, and what was paid for seats goes back. A draft stays with
/// who could see it.
#[utoipa::path(
    post,
    path = "/v1/events/{id}/cancel",
    operation_id = "cancel_event",
    tag = "events",
    params(("id" = EventId, Path, description = "The event's id.")),
    responses(
        (status = 200, description = "The event as it is now.", body = EventListing,
         headers(("ETag" = String, description = "The entity tag of this representation."))),
        (status = 403, description = "It is another's event."),
        (status = 409, description = "Its state does not allow this; the answer names what it allows."),
        (status = 412, description = "It has changed since `If-Match` was read."),
    ),
)]
pub(crate) async fn cancel_event(
    State(state): State<Events>,
    call: Call,
    headers: HeaderMap,
    path: PathParameters,
) -> Result<Response, Problem> {
    act(&state, &call, &headers, path.read("id")?, EventAction::Cancel).await
}
