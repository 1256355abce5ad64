//! `GET /v1/registrations/{id}/qr`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_TYPE, VARY};
use axum::response::{IntoResponse as _, Response};
use portal_data::read;
use portal_data::registrations::{self, Seat};
use portal_domain::event::{CheckInWindow, RegistrationStatus};
use portal_domain::ids::RegistrationId;
use portal_domain::listing::Moment;
use portal_http::answer::Answer;
use portal_http::negotiate::{MediaType, negotiate};
use portal_http::query::{NoParameters, Query};
use portal_http::{Call, PathParameters, Problem, ProblemKind};
use serde::Serialize;
use utoipa::ToSchema;

use crate::manage::conflict;
use crate::qr_code;
use crate::show_registration::unseen;
use crate::state::Events;
use crate::ticket::Ticket;

/// A ticket.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TicketBody {
    /// What the QR code holds: a JSON Web Signature, which the keys of `GET /v1/events/ticket-keys` verify.
    token: String,
    /// From when it lets the member in.
    valid_from: Moment,
    /// Until when.
    valid_until: Moment,
}

/// Shows a member's ticket, as a QR code (`Accept: image/png`) or as the token that the code holds.
///
/// It is good once, around the event's time, and no longer than the seat is the member's.
#[utoipa::path(
    get,
    path = "/v1/registrations/{id}/qr",
    operation_id = "show_ticket",
    tag = "registrations",
    params(("id" = RegistrationId, Path, description = "The registration's id.")),
    responses(
        (status = 200, description = "The ticket.", content(
            (TicketBody = "application/json"),
            (qr_code::Picture = "image/png"),
        )),
        (status = 403, description = "It is another member's registration."),
        (status = 409, description = "There is no seat, or it is not paid yet."),
    ),
)]
pub(crate) async fn show_ticket(
    State(state): State<Events>,
    call: Call,
    headers: HeaderMap,
    path: PathParameters,
    _: Query<NoParameters>,
) -> Result<Response, Problem> {
    let media = negotiate(&headers, &[MediaType::Json, MediaType::Png])?;
    let id: RegistrationId = path.read("id")?;
    let seat = read!(state.portal.database(), &call.context, |tx| {
        registrations::find_seat(tx, id).await
    })?;
    let seat = seat.ok_or_else(unseen)?;
    if seat.member != call.member()? {
        return Err(Problem::new(
            ProblemKind::Forbidden,
            "A ticket is shown to its member alone.",
        ));
    }
    admit(&seat)?;
    let window = CheckInWindow::of(seat.starts_at, seat.ends_at);
    let ticket = Ticket {
        iss: state.portal.tokens().settings().issuer.clone(),
        evt: seat.event,
        reg: id,
        sub: seat.member,
        ver: seat.version,
        nbf: 0,
        exp: 0,
    };
    let token = ticket.within(window).sign(&*state.ticket_keys.get().await?)?;
    if media == MediaType::Png {
        let qr_code::Picture(picture) = qr_code::png(&token)?;
        return Ok(([(CONTENT_TYPE, media.content_type()), (VARY, "accept")], picture).into_response());
    }
    let body = TicketBody {
        token,
        valid_from: Moment(window.opens),
        valid_until: Moment(window.closes),
    };
    Ok(Answer::json(&body)?.respond(None))
}

/// There is a ticket for a seat that is the member's.
fn admit(seat: &Seat) -> Result<(), Problem> {
    match seat.status {
        RegistrationStatus::Registered if seat.is_held => Err(conflict("The seat is not paid yet.")),
        RegistrationStatus::Registered => Ok(()),
        status => Err(conflict(format!(
            "A registration that is {status} has no ticket."
        ))),
    }
}
