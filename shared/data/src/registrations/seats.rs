//! Taking a seat, waiting for one, accepting an offer, and giving a seat back.

use portal_domain::event::{EventStatus, Price, RegistrationStatus, SeatTerms};
use portal_domain::ids::{EventId, RegistrationId, UserId};
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use uuid::Uuid;

use super::hold::{HeldEvent, LockedRegistration, settle_seats};
use crate::single_row::one;
use crate::{DataError, Tx, memberships};

/// What a member gets who asks for a seat.
struct Granted {
    status: RegistrationStatus,
    price: Price,
    hold_expires_at: Option<OffsetDateTime>,
}

/// Gives the caller a seat of a held event: at once where it is free of charge, held for the payment where it is not. Where all are
/// taken, the caller waits for one. The price is that of this moment. One who has given a seat back before keeps the old id.
///
/// # Errors
/// [`DataError::Refused`] when registrations are not taken, when all seats are taken and nobody waits, and when the member is
/// registered already; and those of the queries.
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
    if event.status != EventStatus::RegistrationOpen {
        return Err(refused(format!(
            "An event that is {} takes no registrations.",
            event.status
        )));
    }
    let price = event
        .prices
        .price(memberships::is_in_force(tx, member, now).await?, now);
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
    let granted = Granted {
        status,
        price,
        hold_expires_at: is_held.then(|| terms.hold_until(now)),
    };
    let id = match before {
        None => add(tx, event, member, &granted).await?,
        Some(before) => add_again(tx, event, before.id, &granted).await?,
    };
    tell(tx, event, member, id, &granted).await?;
    Ok(id)
}

// The times are those of the statement, not of the transaction's beginning: who waited for the event's row came later than who had it.
async fn add(
    tx: &mut Tx,
    event: &HeldEvent,
    member: UserId,
    granted: &Granted,
) -> Result<RegistrationId, DataError> {
    let id = Uuid::now_v7();
    let added = sqlx::query!(
        "INSERT INTO event_registrations (
            id, event_id, user_id, status, amount_cents, price_kind, currency, hold_expires_at, waitlisted_at, registered_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, CASE WHEN $4 = 'WAITLISTED' THEN clock_timestamp() END, clock_timestamp())",
        id,
        event.id.as_uuid(),
        member.as_uuid(),
        granted.status.as_str(),
        granted.price.amount.get(),
        granted.price.kind.as_str(),
        event.currency,
        granted.hold_expires_at,
    );
    one(added.execute(&mut *tx).await?.rows_affected())?;
    Ok(id.into())
}

/// Not ON CONFLICT: the trigger that counts seats would see an insertion first, and the update after it.
async fn add_again(
    tx: &mut Tx,
    event: &HeldEvent,
    id: RegistrationId,
    granted: &Granted,
) -> Result<RegistrationId, DataError> {
    let again = sqlx::query!(
        "UPDATE event_registrations
        SET status = $2, amount_cents = $3, price_kind = $4, currency = $5, hold_expires_at = $6, hold_lapsed_at = NULL,
            paid_at = NULL,
            waitlisted_at = CASE WHEN $2 = 'WAITLISTED' THEN clock_timestamp() END, registered_at = clock_timestamp(),
            cancelled_at = NULL
        WHERE id = $1",
        id.as_uuid(),
        granted.status.as_str(),
        granted.price.amount.get(),
        granted.price.kind.as_str(),
        event.currency,
        granted.hold_expires_at,
    );
    one(again.execute(&mut *tx).await?.rows_affected())?;
    Ok(id)
}

async fn tell(
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
    let accepted = sqlx::query!(
        "UPDATE event_registrations
        SET status = 'REGISTERED', offer_expires_at = NULL, hold_expires_at = $2
        WHERE id = $1 AND status = 'WAITLISTED' AND offer_expires_at IS NOT NULL",
        waiting.id.as_uuid(),
        until,
    );
    one(accepted.execute(&mut *tx).await?.rows_affected())?;
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

/// Gives a seat, or the place in line, back. The seat goes to the first who waits, in this transaction.
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
    let cancelled = sqlx::query!(
        "UPDATE event_registrations
        SET status = 'CANCELLED', cancelled_at = clock_timestamp(), hold_expires_at = NULL, offer_expires_at = NULL
        WHERE id = $1",
        locked.id.as_uuid(),
    );
    one(cancelled.execute(&mut *tx).await?.rows_affected())?;
    settle_seats(tx, event.id, terms.offer_until(now, event.starts_at)).await?;
    Ok(())
}

pub(super) fn refused(reason: String) -> DataError {
    DataError::Refused { reason }
}
