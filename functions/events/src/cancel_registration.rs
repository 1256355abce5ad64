//! `DELETE /v1/events/{id}/registration`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use portal_data::registrations;
use portal_domain::ids::EventId;
use portal_domain::turn::Turn;
use portal_http::answer::Answer;
use portal_http::{Call, PathParameters, Problem, etag, turns};

use crate::manage;
use crate::state::Events;

/// Gives the caller's seat, or place in line, back. The seat is offered to the first who waits.
///
/// Until `registrationDeadline`, or the start where there is none, what was paid for the seat goes back too.
#[utoipa::path(
    delete,
    path = "/v1/events/{id}/registration",
    operation_id = "cancel_registration",
    tag = "registrations",
    params(("id" = EventId, Path, description = "The event's id.")),
    responses(
        (status = 204, description = "It is given back."),
        (status = 409, description = "There is nothing to give back, or the event has begun."),
        (status = 412, description = "The registration has changed since `If-Match` was read."),
    ),
)]
pub(crate) async fn cancel_registration(
    State(state): State<Events>,
    call: Call,
    headers: HeaderMap,
    path: PathParameters,
) -> Result<Response, Problem> {
    let id: EventId = path.read("id")?;
    let member = call.member()?;
    let mut tx = state.portal.database().begin(&call.context).await?;
    let rates = turns::take(&mut tx, Turn::Seat).await?;
    let event = manage::hold_seats(&state, &mut tx, id).await?;
    let own = registrations::lock_own(&mut tx, id, member).await?;
    let own = own.ok_or_else(|| Problem::not_found("You are not registered for this event."))?;
    etag::guard(&headers, own.version)?;
    registrations::cancel(&mut tx, &event, &own, (&state.terms, state.now())).await?;
    let done = Answer::nothing().respond(tx.commit().await?);
    Ok((rates, done).into_response())
}
