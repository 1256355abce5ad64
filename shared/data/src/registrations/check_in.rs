//! Letting members in.

use portal_domain::event::{RegistrationStatus, SeatTerms};
use portal_domain::ids::{EventId, RegistrationId, UserId};
use time::OffsetDateTime;

use super::hold::HeldEvent;
use super::seats::refused;
use crate::events::word;
use crate::single_row::one;
use crate::{DataError, Tx};

/// The seat that a ticket is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seat {
    /// The event.
    pub event: EventId,
    /// The member.
    pub member: UserId,
    /// Grows whenever the member gets a seat anew.
    pub version: i32,
    /// Where the registration stands.
    pub status: RegistrationStatus,
    /// Whether the seat waits for its payment.
    pub is_held: bool,
    /// When the event begins.
    pub starts_at: OffsetDateTime,
    /// When it ends.
    pub ends_at: OffsetDateTime,
}

/// The seat of a registration that the caller may see.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn find_seat(tx: &mut Tx, id: RegistrationId) -> Result<Option<Seat>, DataError> {
    let row = sqlx::query!(
        r#"SELECT r.event_id, r.user_id, r.seat_version, r.status, r.hold_expires_at IS NOT NULL AS "is_held!",
            e.starts_at AS "starts_at!", e.ends_at AS "ends_at!"
        FROM event_registrations AS r
        JOIN event_summaries AS e ON e.id = r.event_id
        WHERE r.id = $1"#,
        id.as_uuid(),
    );
    let Some(row) = row.fetch_optional(&mut *tx).await? else {
        return Ok(None);
    };
    Ok(Some(Seat {
        event: row.event_id.into(),
        member: row.user_id.into(),
        version: row.seat_version,
        status: word(&row.status)?,
        is_held: row.is_held,
        starts_at: row.starts_at,
        ends_at: row.ends_at,
    }))
}

/// Lets a member in, once. A ticket's seat version must be the registration's.
///
/// Somebody from the waitlist is let in when a seat is free, or, some time after the start, in place of who has not come: the last who
/// registered of those is a no-show then.
///
/// # Errors
/// [`DataError::NotFound`] when the event has no such registration, [`DataError::Refused`] when the member is in already or has no
/// seat, and those of the queries.
pub async fn check_in(
    tx: &mut Tx,
    event: &HeldEvent,
    id: RegistrationId,
    seat_version: Option<i32>,
    staff: UserId,
    (terms, now): (&SeatTerms, OffsetDateTime),
) -> Result<(), DataError> {
    let row = sqlx::query!(
        r#"SELECT status, seat_version, paid_at, amount_cents, hold_expires_at, checked_in_at,
            app.holds_seat(status, offer_expires_at) AS "has_seat!"
        FROM event_registrations
        WHERE id = $1 AND event_id = $2
        FOR UPDATE"#,
        id.as_uuid(),
        event.id.as_uuid(),
    );
    let row = row.fetch_optional(&mut *tx).await?.ok_or(DataError::NotFound)?;
    if let Some(at) = row.checked_in_at {
        let at = at.replace_nanosecond(0).unwrap_or(at);
        let at = at
            .format(&time::format_description::well_known::Rfc3339)
            .unwrap_or_default();
        return Err(refused(format!("This member was let in already, at {at}.")));
    }
    if seat_version.is_some_and(|version| version != row.seat_version) {
        return Err(refused(
            "This ticket is of a seat that was given back.".to_owned(),
        ));
    }
    match word(&row.status)? {
        RegistrationStatus::Registered if row.hold_expires_at.is_some() && row.paid_at.is_none() => {
            return Err(refused("This seat is not paid yet.".to_owned()));
        }
        RegistrationStatus::Registered | RegistrationStatus::NoShow => {}
        // What is paid before is not paid at the door: there is no till there.
        RegistrationStatus::Waitlisted if row.amount_cents == 0 => {}
        status => {
            return Err(refused(format!(
                "There is no seat for this member: the registration is {status}."
            )));
        }
    }
    if !row.has_seat && !event.has_room() {
        if now < terms.released_at(event.starts_at) {
            return Err(refused("All seats are taken.".to_owned()));
        }
        release_one(tx, event.id).await?;
    }
    let done = sqlx::query!(
        "UPDATE event_registrations
        SET status = 'ATTENDED', checked_in_at = $2, checked_in_by = $3, offer_expires_at = NULL, hold_expires_at = NULL
        WHERE id = $1",
        id.as_uuid(),
        now,
        staff.as_uuid(),
    );
    one(done.execute(&mut *tx).await?.rows_affected())
}

/// Frees the seat of the last who registered of those who have not come.
async fn release_one(tx: &mut Tx, event: EventId) -> Result<(), DataError> {
    let released = sqlx::query!(
        "UPDATE event_registrations SET status = 'NO_SHOW', hold_expires_at = NULL
        WHERE id = (
            SELECT id FROM event_registrations
            WHERE event_id = $1 AND status = 'REGISTERED'
            ORDER BY registered_at DESC, id DESC
            LIMIT 1)",
        event.as_uuid(),
    );
    if released.execute(&mut *tx).await?.rows_affected() == 0 {
        return Err(refused("All seats are taken, and everybody has come.".to_owned()));
    }
    Ok(())
}
