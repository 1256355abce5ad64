//! `POST /v1/events/{id}/registration`

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use portal_data::registrations;
use portal_domain::event::Registration;
use portal_domain::ids::EventId;
use portal_domain::turn::Turn;
use portal_http::answer::Answer;
use portal_http::idempotency::IdempotencyKey;
use portal_http::{Call, PathParameters, Problem, turns};
use ring::digest::{SHA256, digest};

use crate::manage;
use crate::state::Events;

/// Takes a seat at an event.
///
/// A seat that is free of charge is the member's at once (`REGISTERED`). One that costs something is held until `holdExpiresAt` for its
/// payment, at the price of this moment. Where all are taken, the member waits for one (`WAITLISTED`).
#[utoipa::path(
    post,
    path = "/v1/events/{id}/registration",
    operation_id = "register_for_event",
    tag = "registrations",
    params(("id" = EventId, Path, description = "The event's id."), IdempotencyKey),
    responses(
        (status = 201, description = "The registration.", body = Registration, headers(
            ("Location" = String, description = "Where the registration is."),
            ("ETag" = String, description = "The entity tag of this representation."),
        )),
        (status = 409, description = "The event takes no registrations now, all seats are taken and nobody waits, or the caller is \
            registered already, or has let a seat go unpaid that was held a short while ago."),
    ),
)]
pub(crate) async fn register_for_event(
    State(state): State<Events>,
    call: Call,
    path: PathParameters,
    key: IdempotencyKey,
) -> Result<Response, Problem> {
    let id: EventId = path.read("id")?;
    let member = call.member()?;
    let digest = of_request(id);
    let mut tx = state.portal.database().begin(&call.context).await?;
    if let Some(answer) = key.claim(&mut tx, &call, &digest).await? {
        return Ok(answer.respond(None));
    }
    let rates = turns::take(&mut tx, Turn::Seat).await?;
    let event = manage::hold_seats(&state, &mut tx, id).await?;
    let before = registrations::lock_own(&mut tx, id, member).await?;
    let terms = (&state.terms, state.now());
    let registered = registrations::register(&mut tx, &event, member, before.as_ref(), terms).await?;
    let shown = manage::shown_registration(&mut tx, registered).await?;
    let location = format!("/v1/registrations/{registered}");
    let answer = Answer::created(&location, shown.version, &shown)?;
    key.keep(&mut tx, &call, &digest, &answer).await?;
    Ok((rates, answer.respond(tx.commit().await?)).into_response())
}

/// What a repeated request is known by: it has no body, so by the event.
fn of_request(id: EventId) -> [u8; 32] {
    let digest = digest(&SHA256, id.as_uuid().as_bytes());
    digest.as_ref().try_into().unwrap_or_default()
}
