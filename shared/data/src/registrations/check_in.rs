//! Letting members in.

use portal_domain::event::{Price, RegistrationStatus, SeatTerms};
use portal_domain::ids::{EventId, RegistrationId, UserId};
use time::OffsetDateTime;

use super::arrival::{Arrived, find, require_account};
use super::hold::HeldEvent;
use super::seats::{Granted, refused, take, tell, written};
use crate::{DataError, Tx};

/// Who is at the door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// Somebody with a registration.
    Registration(RegistrationId),
    /// Somebody with a ticket for a seat: of this registration, and of this version.
    Ticket(RegistrationId, i32),
    /// A member, who may have no registration.
    Member(UserId),
}

/// What came of an arrival.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admitted {
    /// The member is in.
    In(RegistrationId),
    /// A seat is held for the member, who pays first and comes again.
    Held(RegistrationId),
}

/// Lets a member in, once, who owes nothing.
///
/// While a seat is free, whoever is at the door gets it: who waits, who has let an offer or a hold run out, and who comes without having
/// registered. Some time after the start somebody who waits gets it also in place of who has not come: the last who registered of those
/// loses it then. When the event is over, only who had a seat is written down as having been there.
///
/// # Errors
/// [`DataError::NotFound`] when the event has no such registration or there is no such member, [`DataError::Refused`] when the member is
/// in already, owes something, is suspended or gets no seat, and those of the queries.
pub async fn check_in(
    tx: &mut Tx,
    event: &HeldEvent,
    arrival: Arrival,
    (terms, now): (&SeatTerms, OffsetDateTime),
) -> Result<Admitted, DataError> {
    let arrived = find(tx, event.id, arrival).await?;
    if let Some(at) = arrived.checked_in_at {
        return Err(refused(format!(
            "This member was let in already, at {}.",
            written(at)
        )));
    }
    if let (Arrival::Ticket(_, version), Some(seat)) = (arrival, &arrived.seat)
        && version != seat.version
    {
        return Err(refused(
            "This ticket is of a seat that was given back.".to_owned(),
        ));
    }
    let in_force = require_account(tx, event.id, arrived.member, now).await?;
    let Some(seat) = arrived.seat.as_ref() else {
        return at_the_door(tx, event, &arrived, in_force, (terms, now)).await;
    };
    match seat.status {
        RegistrationStatus::Registered | RegistrationStatus::NoShow => {
            seat.require_paid()?;
            if !seat.is_taken {
                require_room(event)?;
            }
            let_in(tx, seat.id, seat.status, now).await
        }
        // A ticket is for a seat, and none of these is one.
        status if matches!(arrival, Arrival::Ticket(..)) => Err(refused(format!(
            "There is no seat for this member: the registration is {status}."
        ))),
        RegistrationStatus::Waitlisted => {
            require_ahead(event, now)?;
            if !seat.is_taken && !event.has_room() {
                if now < terms.released_at(event.starts_at) {
                    return Err(refused("All seats are taken.".to_owned()));
                }
                release_one(tx, event.id).await?;
            }
            if seat.amount.is_zero() {
                return let_in(tx, seat.id, seat.status, now).await;
            }
            hold(tx, event, arrived.member, seat.price(), (terms, now)).await
        }
        RegistrationStatus::Cancelled => at_the_door(tx, event, &arrived, in_force, (terms, now)).await,
        status @ RegistrationStatus::Attended => Err(refused(format!(
            "There is no seat for this member: the registration is {status}."
        ))),
    }
}

/// Somebody who has no seat and does not wait for one gets one that is free, at the price of this moment.
async fn at_the_door(
    tx: &mut Tx,
    event: &HeldEvent,
    arrived: &Arrived,
    in_force: bool,
    (terms, now): (&SeatTerms, OffsetDateTime),
) -> Result<Admitted, DataError> {
    require_ahead(event, now)?;
    require_room(event)?;
    let price = event.prices.price(in_force, now);
    if !price.is_free() {
        return hold(tx, event, arrived.member, price, (terms, now)).await;
    }
    let granted = Granted {
        status: RegistrationStatus::Registered,
        price,
        hold_expires_at: None,
    };
    let id = take(tx, event.id, arrived.member, &granted).await?;
    let_in(tx, id, RegistrationStatus::Cancelled, now).await
}

/// There is no till at the door: the seat is held, and the member is told how to pay for it.
async fn hold(
    tx: &mut Tx,
    event: &HeldEvent,
    member: UserId,
    price: Price,
    (terms, now): (&SeatTerms, OffsetDateTime),
) -> Result<Admitted, DataError> {
    let granted = Granted {
        status: RegistrationStatus::Registered,
        price,
        hold_expires_at: Some(terms.hold_until(now)),
    };
    let id = take(tx, event.id, member, &granted).await?;
    tell(tx, event, member, id, &granted).await?;
    Ok(Admitted::Held(id))
}

async fn let_in(
    tx: &mut Tx,
    id: RegistrationId,
    stood: RegistrationStatus,
    now: OffsetDateTime,
) -> Result<Admitted, DataError> {
    sqlx::query!(
        r#"SELECT app.let_in($1, $2, $3)::text AS "nothing""#,
        id.as_uuid(),
        stood.as_str(),
        now
    )
    .fetch_one(&mut *tx)
    .await?;
    Ok(Admitted::In(id))
}

/// Frees the seat of the last who registered of those who have not come.
async fn release_one(tx: &mut Tx, event: EventId) -> Result<(), DataError> {
    let released = sqlx::query_scalar!(r#"SELECT app.release_seat($1) AS "released!""#, event.as_uuid());
    if !released.fetch_one(&mut *tx).await? {
        return Err(refused("All seats are taken, and everybody has come.".to_owned()));
    }
    Ok(())
}

fn require_room(event: &HeldEvent) -> Result<(), DataError> {
    if event.has_room() {
        return Ok(());
    }
    Err(refused("All seats are taken.".to_owned()))
}

/// What was over without a seat is not attended any more.
fn require_ahead(event: &HeldEvent, now: OffsetDateTime) -> Result<(), DataError> {
    if now < event.ends_at {
        return Ok(());
    }
    Err(refused(
        "The event is over: only who had a seat is checked in now.".to_owned(),
    ))
}

/// Takes a check-in back: the registration stands as it did before; a seat of an event that is over was not used then.
///
/// # Errors
/// [`DataError::NotFound`] when the event has no such registration, [`DataError::Refused`] when the member was not let in, and those of
/// the queries.
pub async fn undo_check_in(tx: &mut Tx, event: &HeldEvent, id: RegistrationId) -> Result<(), DataError> {
    find(tx, event.id, Arrival::Registration(id)).await?;
    let undone = sqlx::query_scalar!(r#"SELECT app.undo_check_in($1) AS "undone!""#, id.as_uuid());
    if !undone.fetch_one(&mut *tx).await? {
        return Err(refused("This member was not let in.".to_owned()));
    }
    Ok(())
}
