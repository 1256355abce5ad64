//! Taking a seat, waiting for one, accepting an offer, and giving a seat back.

use portal_domain::event::{EventStatus, Price, RegistrationStatus, SeatTerms};
use portal_domain::ids::{EventId, RegistrationId, UserId};
use serde_json::{Value, json};
use time::format_description::well_known::Rfc3339;
use time::{OffsetDateTime, UtcOffset};

use super::hold::{HeldEvent, LockedRegistration, settle_seats};
use crate::single_row::one;
use crate::{DataError, Tx, memberships};

/// What a member gets who asks for a seat.
pub(super) struct Granted {
    pub(super) status: RegistrationStatus,
    pub(super) price: Price,
    pub(super) hold_expires_at: Option<OffsetDateTime>,
}

/// Gives the caller a seat of a held event: at once where it is free of charge, held for the payment where it is not. Where all are
/// taken, the caller waits for one. The price is that of this moment. One who has given a seat back before keeps the old id.
///
/// # Errors
/// [`DataError::Refused`] when registrations are not taken, when all seats are taken and nobody waits, when the member is registered
/// already, or has let a held seat go unpaid a short while ago; and those of the queries.
pub async fn register(
    tx: &mut Tx,
    event: &HeldEvent,
    member: UserId,
    before: Option<&LockedRegistration>,
    (terms, now): (&SeatTerms, OffsetDateTime),
) -> Result<RegistrationId, DataError> {
    if let Some(before) = before.filter(|before| before.status != RegistrationStatus::Cancelled) {
        return Err(refused(format!(
            "You are registered for this event already: your registration is {}.",
            before.status
        )));
    }
    admit(event)?;
    let in_force = memberships::is_in_force(tx, member, now).await?;
    let price = event.prices.price(in_force, now);
    let status = match (event.has_room(), event.waitlist_enabled) {
        (true, _) => RegistrationStatus::Registered,
        (false, true) => RegistrationStatus::Waitlisted,
        (false, false) => {
            return Err(refused(
                "All seats are taken, and this event has no waitlist.".to_owned(),
            ));
        }
    };
    let is_held = status == RegistrationStatus::Registered && !price.is_free();
    if let Some(before) = before.filter(|_| is_held) {
        pause(before, terms, now)?;
    }
    let granted = Granted {
        status,
        price,
        hold_expires_at: is_held.then(|| terms.hold_until(now)),
    };
    let id = take(tx, event.id, member, &granted).await?;
    tell(tx, event, member, id, &granted).await?;
    Ok(id)
}

/// An event takes registrations, or says since or from when.
fn admit(event: &HeldEvent) -> Result<(), DataError> {
    let from = match (event.status, event.registration_opens_at) {
        (EventStatus::RegistrationOpen, _) => return Ok(()),
        (EventStatus::Published, Some(opens)) => format!(" before {}", written(opens)),
        _ => String::new(),
    };
    Err(refused(format!(
        "An event that is {} takes no registrations{from}.",
        event.status
    )))
}

/// A seat is not held over and over for who does not pay.
fn pause(before: &LockedRegistration, terms: &SeatTerms, now: OffsetDateTime) -> Result<(), DataError> {
    let Some(ended) = before.cancelled_at else {
        return Ok(());
    };
    let again = terms.held_again_at(before.unpaid_holds, ended);
    if now < again {
        return Err(refused(format!(
            "A seat at this event was held for you and not paid: one can be held for you again from {} on.",
            written(again)
        )));
    }
    Ok(())
}

/// A moment as JSON has it, to the second.
pub(super) fn written(at: OffsetDateTime) -> String {
    let at = at.replace_nanosecond(0).unwrap_or(at);
    at.to_offset(UtcOffset::UTC).format(&Rfc3339).unwrap_or_default()
}

/// A seat or a place in line, as the database gives it: at a price that it finds to be the member's.
pub(super) async fn take(
    tx: &mut Tx,
    event: EventId,
    member: UserId,
    granted: &Granted,
) -> Result<RegistrationId, DataError> {
    let id = sqlx::query_scalar!(
        r#"SELECT app.take_seat($1, $2, $3, $4, $5) AS "id!""#,
        event.as_uuid(),
        member.as_uuid(),
        granted.status.as_str(),
        granted.price.kind.as_str(),
        granted.hold_expires_at,
    );
    Ok(id.fetch_one(&mut *tx).await?.into())
}

pub(super) async fn tell(
    tx: &mut Tx,
    event: &HeldEvent,
    member: UserId,
    id: RegistrationId,
    granted: &Granted,
) -> Result<(), DataError> {
    match (granted.status, granted.hold_expires_at) {
        (RegistrationStatus::Waitlisted, _) => {
            notify(tx, event.id, member, "EVENT_WAITLISTED", id, &json!({})).await
        }
        (_, Some(until)) => {
            let payload = json!({
                "until": until.format(&Rfc3339).ok(),
                "amountCents": granted.price.amount,
                "currency": event.currency,
            });
            notify(tx, event.id, member, "EVENT_HELD", id, &payload).await
        }
        _ => notify(tx, event.id, member, "EVENT_REGISTERED", id, &json!({})).await,
    }
}

/// One mail about a registration as it is now: its version tells one occasion from the next.
pub(super) async fn notify(
    tx: &mut Tx,
    event: EventId,
    member: UserId,
    kind: &str,
    registration: RegistrationId,
    payload: &Value,
) -> Result<(), DataError> {
    sqlx::query!(
        r#"SELECT app.notify_about_event($1, $2, $3, concat_ws('/', r.id, r.version), $5)::text AS "nothing"
        FROM event_registrations AS r
        WHERE r.id = $4"#,
        event.as_uuid(),
        member.as_uuid(),
        kind,
        registration.as_uuid(),
        payload,
    )
    .fetch_one(&mut *tx)
    .await?;
    Ok(())
}

/// Takes the seat that is offered to a locked registration; what costs something is held for the payment.
///
/// # Errors
/// [`DataError::Refused`] when none is offered, and those of the queries.
pub async fn accept(
    tx: &mut Tx,
    event: &HeldEvent,
    member: UserId,
    waiting: &LockedRegistration,
    (terms, now): (&SeatTerms, OffsetDateTime),
) -> Result<(), DataError> {
    if waiting.status != RegistrationStatus::Waitlisted || waiting.offer_expires_at.is_none() {
        return Err(refused(format!(
            "No seat is offered to you now: your registration is {}.",
            waiting.status
        )));
    }
    let until = (waiting.amount_cents > 0).then(|| terms.hold_until(now));
    let accepted = sqlx::query_scalar!(
        r#"SELECT app.accept_seat($1, $2) AS "accepted!""#,
        waiting.id.as_uuid(),
        until,
    );
    one(u64::from(accepted.fetch_one(&mut *tx).await?))?;
    match until {
        None => notify(tx, event.id, member, "EVENT_REGISTERED", waiting.id, &json!({})).await,
        Some(until) => {
            let payload = json!({
                "until": until.format(&Rfc3339).ok(),
                "amountCents": waiting.amount_cents,
                "currency": event.currency,
            });
            notify(tx, event.id, member, "EVENT_HELD", waiting.id, &payload).await
        }
    }
}

/// Gives a seat, or the place in line, back. The seat goes to the first who waits, in this transaction; while registrations are taken, what
/// was paid for it goes back too.
///
/// # Errors
/// [`DataError::Refused`] when there is nothing to give back, or the event has begun, and those of the queries.
pub async fn cancel(
    tx: &mut Tx,
    event: &HeldEvent,
    locked: &LockedRegistration,
    (terms, now): (&SeatTerms, OffsetDateTime),
) -> Result<(), DataError> {
    let has_some = matches!(
        locked.status,
        RegistrationStatus::Registered | RegistrationStatus::Waitlisted
    );
    if !has_some {
        return Err(refused(format!(
            "There is nothing to give back: your registration is {}.",
            locked.status
        )));
    }
    if !event.status.is_ahead() {
        return Err(refused(format!(
            "Seats of an event that is {} are not given back any more.",
            event.status
        )));
    }
    let given = sqlx::query_scalar!(
        r#"SELECT app.give_seat_back($1) AS "given!""#,
        locked.id.as_uuid()
    );
    one(u64::from(given.fetch_one(&mut *tx).await?))?;
    settle_seats(tx, event.id, terms.offer_until(now, event.starts_at)).await?;
    Ok(())
}

pub(super) fn refused(reason: String) -> DataError {
    DataError::Refused { reason }
}
