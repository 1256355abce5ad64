//! `POST /v1/events/{id}/registration/accept`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_data::registrations;
use portal_domain::event::Registration;
use portal_domain::ids::EventId;
use portal_http::answer::Answer;
use portal_http::{Call, PathParameters, Problem, etag};

use crate::manage;
use crate::state::Events;

/// Takes the seat that is offered to the caller from the waitlist.
///
/// What costs something is held for its payment, at the price of the moment in which the member asked for a seat.
#[utoipa::path(
    post,
    path = "/v1/events/{id}/registration/accept",
    operation_id = "accept_seat",
    tag = "registrations",
    params(("id" = EventId, Path, description = "The event's id.")),
    responses(
        (status = 200, description = "The registration as it is now.", body = Registration,
         headers(("ETag" = String, description = "The entity tag of this representation."))),
        (status = 409, description = "No seat is offered to the caller now."),
        (status = 412, description = "The registration has changed since `If-Match` was read."),
    ),
)]
pub(crate) async fn accept_seat(
    State(state): State<Events>,
    call: Call,
    headers: HeaderMap,
    path: PathParameters,
) -> Result<Response, Problem> {
    let id: EventId = path.read("id")?;
    let member = call.member()?;
    let mut tx = state.portal.database().begin(&call.context).await?;
    let event = manage::hold_seats(&state, &mut tx, id).await?;
    let own = registrations::lock_own(&mut tx, id, member).await?;
    let own = own.ok_or_else(|| Problem::not_found("You are not registered for this event."))?;
    etag::guard(&headers, own.version)?;
    let terms = (&state.terms, state.now());
    registrations::accept(&mut tx, &event, member, &own, terms).await?;
    let shown = manage::shown_registration(&mut tx, own.id).await?;
    let answer = Answer::resource(shown.version, &shown)?;
    Ok(answer.respond(tx.commit().await?))
}
