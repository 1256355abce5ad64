//! `POST /v1/events/{id}/check-in`

use axum::extract::State;
use axum::response::Response;
use portal_data::DataError;
use portal_data::registrations::{self, Admitted, Arrival as Arrived, HeldEvent};
use portal_domain::event::{CheckInWindow, EventStatus, Registration};
use portal_domain::ids::{EventId, RegistrationId, UserId};
use portal_domain::text::Line;
use portal_http::answer::Answer;
use portal_http::fields::{FieldReader, Fields, FromFields};
use portal_http::problem::Fault;
use portal_http::{Call, PathParameters, Problem};
use time::OffsetDateTime;
use utoipa::ToSchema;

use crate::manage::{self, conflict};
use crate::state::Events;
use crate::ticket::{Ticket, key_id};

/// Who is at the door: by a ticket, by a registration on the list, or by the account.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "camelCase")]
pub(crate) struct Arrival {
    /// What the QR code of the ticket holds.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 1_000)]
    token: Option<Line<1_000>>,
    /// The registration, where there is no ticket at hand.
    registration_id: Option<RegistrationId>,
    /// The member, who may have no registration.
    member_id: Option<UserId>,
}

impl FromFields for Arrival {
    fn read(fields: &mut FieldReader) -> Option<Self> {
        let arrival = Self {
            token: fields.optional("token"),
            registration_id: fields.optional("registrationId"),
            member_id: fields.optional("memberId"),
        };
        let named = [
            arrival.token.is_some(),
            arrival.registration_id.is_some(),
            arrival.member_id.is_some(),
        ];
        let one = named.into_iter().filter(|is_named| *is_named).count() == 1;
        if !one && !fields.has_fault(&["token", "registrationId", "memberId"]) {
            fields.fault("token", "name one: token, registrationId or memberId");
        }
        Some(arrival)
    }
}

/// Lets a member in, once, from three hours before the start until a day after the end.
///
/// While a seat is free whoever is at the door gets it: somebody from the waitlist, who has let an offer run out, and a member who comes
/// without a registration. Once the event has begun and a while has passed, somebody from the waitlist gets it also in place of somebody
/// who has not come. Where a seat costs something it is held (202): the member pays, then is let in. After the end only who had a seat is
/// checked in.
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
        (status = 202, description = "The member was not let in: `amountCents` is owed. The seat is held until `holdExpiresAt` for it.",
         body = Registration, headers(("ETag" = String, description = "The entity tag of this representation."))),
        (status = 403, description = "It is another's event."),
        (status = 409, description = "The member was let in already, which says when; there is no seat, or it is not paid; the account is \
            suspended or deleted; or it is not the event's time."),
    ),
)]
pub(crate) async fn check_in(
    State(state): State<Events>,
    call: Call,
    path: PathParameters,
    Fields { value: arrival, .. }: Fields<Arrival>,
) -> Result<Response, Problem> {
    let id: EventId = path.read("id")?;
    let ticket = match &arrival.token {
        Some(token) => Some(verified(&state, token).await?),
        None => None,
    };
    let mut tx = state.portal.database().begin(&call.context).await?;
    let event = manage::hold_seats(&state, &mut tx, id).await?;
    manage::require_runner(&mut tx, id).await?;
    let now = state.now();
    admit(&event, now)?;
    let arrived = named(id, &arrival, ticket)?;
    let admitted = registrations::check_in(&mut tx, &event, arrived, (&state.terms, now))
        .await
        .map_err(|error| unknown(error, arrived))?;
    let (Admitted::In(registration) | Admitted::Held(registration)) = admitted;
    let shown = manage::shown_registration(&mut tx, registration).await?;
    let answer = match admitted {
        Admitted::In(_) => Answer::resource(shown.version, &shown)?,
        Admitted::Held(_) => Answer::accepted(shown.version, &shown)?,
    };
    Ok(answer.respond(tx.commit().await?))
}

/// People are let in to what takes place, around its time.
pub(crate) fn admit(event: &HeldEvent, now: OffsetDateTime) -> Result<(), Problem> {
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
    Ok(())
}

fn named(id: EventId, arrival: &Arrival, ticket: Option<Ticket>) -> Result<Arrived, Problem> {
    match (ticket, arrival.registration_id, arrival.member_id) {
        (Some(ticket), ..) if ticket.evt != id => Err(conflict("This ticket is for another event.")),
        (Some(ticket), ..) => Ok(Arrived::Ticket(ticket.reg, ticket.ver)),
        (None, Some(registration), _) => Ok(Arrived::Registration(registration)),
        (None, None, Some(member)) => Ok(Arrived::Member(member)),
        (None, None, None) => Err(Problem::internal("an arrival of nobody")),
    }
}

fn unknown(error: DataError, arrived: Arrived) -> Problem {
    match (error, arrived) {
        (DataError::NotFound, Arrived::Member(_)) => Problem::not_found("There is no such member."),
        (DataError::NotFound, _) => Problem::not_found("This event has no such registration."),
        (other, _) => other.into(),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_as_documented() {
        let documented = portal_http::openapi::properties(&crate::openapi(), "Arrival");
        assert_eq!(portal_http::fields::names::<Arrival>(), documented);
    }
}
