//! What a payment does to a seat, in the transaction that records the payment. For jobs.

use portal_domain::event::SeatTerms;
use portal_domain::ids::{EventId, RegistrationId};
use portal_domain::money::Cents;
use serde_json::json;
use time::OffsetDateTime;

use super::due::settle;
use super::seats::notify;
use crate::single_row::one;
use crate::{DataError, Tx};

/// What came of a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Payment {
    /// The seat is the member's.
    Seated,
    /// It was paid before: nothing has changed.
    PaidBefore,
    /// The seat was given back or has gone to somebody else, or the event does not take place: the money goes back.
    SeatGone,
    /// It is not what the seat costs: the money goes back.
    OtherAmount,
}

/// Confirms the payment of a seat. One that comes late, when the hold has run out, still gets a seat while one is free and nobody waits.
///
/// # Errors
/// [`DataError::NotFound`] for an unknown registration, and those of the queries.
pub async fn confirm_payment(
    tx: &mut Tx,
    id: RegistrationId,
    amount: Cents,
    terms: &SeatTerms,
    now: OffsetDateTime,
) -> Result<Payment, DataError> {
    let event = sqlx::query_scalar!(
        "SELECT event_id FROM event_registrations WHERE id = $1",
        id.as_uuid()
    );
    let event: EventId = event.fetch_one(&mut *tx).await?.into();
    // The event's row first, as everybody does; what has run out is gone by then.
    settle(tx, event, terms, now).await?;
    let seat = sqlx::query!(
        r#"SELECT r.status, r.amount_cents, r.paid_at, r.user_id, r.hold_lapsed_at,
            e.status NOT IN ('DRAFT', 'COMPLETED', 'CANCELLED') AND e.starts_at > $2 AND e.deleted_at IS NULL
                AND (e.max_capacity IS NULL OR e.registered_count < e.max_capacity) AS "has_room!"
        FROM event_registrations AS r
        JOIN events AS e ON e.id = r.event_id
        WHERE r.id = $1
        FOR UPDATE OF r"#,
        id.as_uuid(),
        now,
    );
    let seat = seat.fetch_one(&mut *tx).await?;
    let is_seated = matches!(seat.status.as_str(), "REGISTERED" | "ATTENDED" | "NO_SHOW");
    if seat.paid_at.is_some() && is_seated {
        return Ok(Payment::PaidBefore);
    }
    // Who has given a seat back does not get another by it.
    let is_late = seat.status == "CANCELLED" && seat.paid_at.is_none() && seat.hold_lapsed_at.is_some();
    if !(is_seated || is_late && seat.has_room) {
        return Ok(Payment::SeatGone);
    }
    if seat.amount_cents != amount.get() {
        return Ok(Payment::OtherAmount);
    }
    let paid = sqlx::query!(
        "UPDATE event_registrations
        SET status = CASE WHEN status = 'CANCELLED' THEN 'REGISTERED' ELSE status END,
            paid_at = $2, hold_expires_at = NULL, hold_lapsed_at = NULL, cancelled_at = NULL
        WHERE id = $1",
        id.as_uuid(),
        now,
    );
    one(paid.execute(&mut *tx).await?.rows_affected())?;
    notify(tx, event, seat.user_id.into(), "EVENT_REGISTERED", id, &json!({})).await?;
    Ok(Payment::Seated)
}

/// Takes a seat back whose money went back, if it is still the one that was paid and the event has not begun; it goes to the first who
/// waits. Who has been there, has been there.
///
/// # Errors
/// [`DataError`] of the queries.
pub async fn revoke_payment(
    tx: &mut Tx,
    id: RegistrationId,
    seat_version: i32,
    terms: &SeatTerms,
    now: OffsetDateTime,
) -> Result<(), DataError> {
    let event = sqlx::query_scalar!(
        "SELECT event_id FROM event_registrations WHERE id = $1",
        id.as_uuid()
    );
    let event: EventId = event.fetch_one(&mut *tx).await?.into();
    settle(tx, event, terms, now).await?;
    let taken = sqlx::query_scalar!(
        "UPDATE event_registrations AS r
        SET status = 'CANCELLED', paid_at = NULL, cancelled_at = $3, hold_expires_at = NULL, hold_lapsed_at = NULL
        FROM events AS e
        WHERE r.id = $1 AND r.seat_version = $2 AND r.status = 'REGISTERED' AND e.id = r.event_id AND e.starts_at > $3
        RETURNING r.user_id",
        id.as_uuid(),
        seat_version,
        now,
    );
    if taken.fetch_optional(&mut *tx).await?.is_some() {
        settle(tx, event, terms, now).await?;
    }
    Ok(())
}
