//! `POST /v1/events/{id}/check-in`

use axum::extract::State;
use axum::response::Response;
use portal_data::registrations;
use portal_data::{DataError, Tx, permissions};
use portal_domain::event::{CheckInWindow, EventStatus, Registration};
use portal_domain::ids::{EventId, RegistrationId};
use portal_domain::text::Line;
use portal_http::answer::Answer;
use portal_http::fields::{FieldReader, Fields, FromFields};
use portal_http::problem::Fault;
use portal_http::{Call, PathParameters, Problem, ProblemKind};
use utoipa::ToSchema;

use crate::manage::{self, conflict};
use crate::state::Events;
use crate::ticket::{Ticket, key_id};

/// Who is at the door: by a ticket, or by a registration on the list.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "camelCase")]
pub(crate) struct Arrival {
    /// What the QR code of the ticket holds.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 1_000)]
    token: Option<Line<1_000>>,
    /// The registration, where there is no ticket at hand.
    registration_id: Option<RegistrationId>,
}

impl FromFields for Arrival {
    fn read(fields: &mut FieldReader) -> Option<Self> {
        let arrival = Self {
            token: fields.optional("token"),
            registration_id: fields.optional("registrationId"),
        };
        let both = arrival.token.is_some() == arrival.registration_id.is_some();
        if both && !fields.has_fault(&["token", "registrationId"]) {
            fields.fault("token", "name one: token or registrationId");
        }
        Some(arrival)
    }
}

/// Lets a member in, once, from three hours before the start until a day after the end.
///
/// Somebody from the waitlist is let in when a seat is free, or, once the event has begun and a while has passed, in place of somebody
/// who has not come.
#[utoipa::path(
    post,
    path = "/v1/events/{id}/check-in",
    operation_id = "check_in",
    tag = "registrations",
    params(("id" = EventId, Path, description = "The event's id.")),
    request_body(content = Arrival, example = json!({ "registrationId": "0198a7c0-0000-7000-8000-000000000001" })),
    responses(
        (status = 200, description = "The registration as it is now.", body = Registration,
         headers(("ETag" = String, description = "The entity tag of this representation."))),
        (status = 403, description = "It is another's event."),
        (status = 409, description = "The member was let in already, which says when; there is no seat, or it is not paid; or it is not \
            the event's time."),
    ),
)]
pub(crate) async fn check_in(
    State(state): State<Events>,
    call: Call,
    path: PathParameters,
    Fields { value: arrival, .. }: Fields<Arrival>,
) -> Result<Response, Problem> {
    let id: EventId = path.read("id")?;
    let staff = call.member()?;
    let ticket = match &arrival.token {
        Some(token) => Some(verified(&state, token).await?),
        None => None,
    };
    let mut tx = state.portal.database().begin(&call.context).await?;
    let event = manage::hold_seats(&state, &mut tx, id).await?;
    require_runner(&mut tx, id).await?;
    let now = state.now();
    if matches!(event.status, EventStatus::Draft | EventStatus::Cancelled) {
        return Err(conflict(format!(
            "Nobody is let in to an event that is {}.",
            event.status
        )));
    }
    if !CheckInWindow::of(event.starts_at, event.ends_at).contains(now) {
        return Err(conflict(
            "Members are let in from three hours before the event until a day after its end.",
        ));
    }
    let (registration, version) = match (ticket, arrival.registration_id) {
        (Some(ticket), _) if ticket.evt != id => {
            return Err(conflict("This ticket is for another event."));
        }
        (Some(ticket), _) => (ticket.reg, Some(ticket.ver)),
        (None, Some(registration)) => (registration, None),
        (None, None) => return Err(Problem::internal("an arrival without a ticket or a registration")),
    };
    let terms = (&state.terms, now);
    registrations::check_in(&mut tx, &event, registration, version, staff, terms)
        .await
        .map_err(|error| match error {
            DataError::NotFound => Problem::not_found("This event has no such registration."),
            other => other.into(),
        })?;
    let shown = manage::shown_registration(&mut tx, registration).await?;
    let answer = Answer::resource(shown.version, &shown)?;
    Ok(answer.respond(tx.commit().await?))
}

async fn verified(state: &Events, token: &str) -> Result<Ticket, Problem> {
    let forged = || {
        Problem::invalid(vec![Fault::body(
            "/token",
            "is no ticket of this service: read the QR code again",
        )])
    };
    let id = key_id(token).ok_or_else(forged)?;
    let keys = state.ticket_keys.suiting(|keys| keys.get(&id).is_some()).await?;
    Ticket::verify(token, &keys).ok_or_else(forged)
}

/// Only who runs the event lets people in.
async fn require_runner(tx: &mut Tx, id: EventId) -> Result<(), Problem> {
    if permissions::runs_event(tx, id).await? {
        return Ok(());
    }
    Err(Problem::new(
        ProblemKind::Forbidden,
        "Only the organizer of an event and staff may do this.",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_as_documented() {
        let documented = portal_http::openapi::properties(&crate::openapi(), "Arrival");
        assert_eq!(portal_http::fields::names::<Arrival>(), documented);
    }
}
