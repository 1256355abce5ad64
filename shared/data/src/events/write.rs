//! Events as their organizers write them, under the policies of the table.

use portal_domain::event::{CheckInWindow, EventDetails};
use portal_domain::ids::{EventId, UserId};
use portal_domain::listing::Moment;
use portal_domain::member::WebAddress;
use portal_domain::money::Cents;
use serde::Serialize;
use serde_json::{Value, json};

use super::LockedEvent;
use super::row::corrupt;
use crate::place::as_geography;
use crate::single_row::one;
use crate::{DataError, Tx};

/// A statement of this folder with the columns of the details, in their order, as its first arguments.
macro_rules! with_details {
    ($file:literal, $details:expr, $($argument:expr),+) => {
        sqlx::query_file!(
            $file,
            &*$details.title,
            $details.description.as_deref().unwrap_or_default(),
            $details.kind.as_str(),
            $details.visibility.as_str(),
            $details.starts_at.0,
            $details.ends_at.0,
            $details.time_zone.as_str(),
            $details.registration_opens_at.map(|moment| moment.0),
            $details.registration_deadline.map(|moment| moment.0),
            $details.max_capacity,
            $details.waitlist_enabled,
            $details.place.as_deref(),
            $details.address.as_deref(),
            $details.city.as_deref(),
            $details.virtual_url.clone().map(address),
            $details.coordinates.map(as_geography),
            $details.price_cents.get(),
            $details.member_price_cents.map(Cents::get),
            $details.early_bird_price_cents.map(Cents::get),
            $details.early_bird_deadline.map(|moment| moment.0),
            json(&$details.agenda)?,
            json(&$details.speakers)?,
            json(&$details.sponsors)?,
            $($argument),+
        )
    };
}

/// Adds a draft.
///
/// # Errors
/// [`DataError::Denied`] for a caller who may not post events, and those of the query.
pub async fn add(
    tx: &mut Tx,
    id: EventId,
    organizer: UserId,
    details: &EventDetails,
) -> Result<(), DataError> {
    let added = with_details!("src/events/add.sql", details, id.as_uuid(), organizer.as_uuid());
    one(added.execute(&mut *tx).await?.rows_affected())
}

/// Writes the details of an event that this transaction has locked; calendars are told where time or place change. Who was let in before
/// the doors of a later time open has not come yet.
///
/// # Errors
/// [`DataError::NotFound`] when it is not there, and those of the query.
pub async fn change(tx: &mut Tx, event: &LockedEvent, details: &EventDetails) -> Result<(), DataError> {
    let moves = event.details.moves_to(details);
    let changed = with_details!("src/events/change.sql", details, event.id.as_uuid(), moves);
    one(changed.execute(&mut *tx).await?.rows_affected())?;
    if event.details.starts_at != details.starts_at {
        let window = CheckInWindow::of(details.starts_at.0, details.ends_at.0);
        sqlx::query!(
            r#"SELECT app.undo_early_check_ins($1, $2)::text AS "nothing""#,
            event.id.as_uuid(),
            window.opens
        )
        .fetch_one(&mut *tx)
        .await?;
    }
    Ok(())
}

/// Announces a locked draft. Registrations are taken from now on, or from the date that it names.
///
/// # Errors
/// [`DataError::NotFound`] when it is no draft, and those of the query.
pub async fn publish(tx: &mut Tx, id: EventId) -> Result<(), DataError> {
    let published = sqlx::query!(
        "UPDATE events
        SET published_at = now(),
            status = app.event_status('REGISTRATION_OPEN', registration_opens_at, registration_deadline, starts_at, ends_at, now())
        WHERE id = $1 AND status = 'DRAFT' AND deleted_at IS NULL",
        id.as_uuid(),
    );
    one(published.execute(&mut *tx).await?.rows_affected())
}

/// Calls a locked event off: everybody who is registered or waits is told, no seat is kept for anybody, and what was paid goes back.
///
/// # Errors
/// [`DataError::NotFound`] when it is not there, and those of the queries.
pub async fn cancel(tx: &mut Tx, id: EventId) -> Result<(), DataError> {
    sqlx::query!(
        r#"SELECT app.notify_registered($1, 'EVENT_CANCELLED', $2, '{}') AS "notified!""#,
        id.as_uuid(),
        id.to_string(),
    )
    .fetch_one(&mut *tx)
    .await?;
    let cancelled = sqlx::query!(
        "UPDATE events
        SET status = 'CANCELLED', cancelled_at = now(), calendar_sequence = calendar_sequence + 1
        WHERE id = $1 AND deleted_at IS NULL",
        id.as_uuid(),
    );
    one(cancelled.execute(&mut *tx).await?.rows_affected())?;
    sqlx::query!(
        r#"SELECT app.call_off_seats($1)::text AS "nothing""#,
        id.as_uuid()
    )
    .fetch_one(&mut *tx)
    .await?;
    Ok(())
}

/// Takes an event away; its row stays for those who were part of it.
///
/// # Errors
/// [`DataError::NotFound`] when it is not there, and those of the query.
pub async fn remove(tx: &mut Tx, id: EventId) -> Result<(), DataError> {
    let removed = sqlx::query!(
        "UPDATE events SET deleted_at = now() WHERE id = $1 AND deleted_at IS NULL",
        id.as_uuid(),
    );
    one(removed.execute(&mut *tx).await?.rows_affected())
}

/// Tells all who are registered or wait that the event is at another time or place now. `occasion` tells one change from the next; those
/// of which nobody was written to yet become one mail, which says what was before the first.
///
/// # Errors
/// [`DataError::Denied`] for who does not run the event, and those of the query.
pub async fn tell_of_change(
    tx: &mut Tx,
    id: EventId,
    occasion: &str,
    previous_start: Option<Moment>,
) -> Result<(), DataError> {
    let payload = json!({ "previousStartsAt": previous_start });
    sqlx::query!(
        r#"SELECT app.tell_of_change($1, $2, $3)::text AS "nothing""#,
        id.as_uuid(),
        occasion,
        payload,
    )
    .fetch_one(&mut *tx)
    .await?;
    Ok(())
}

fn address(address: WebAddress) -> String {
    address.into()
}

fn json<T: Serialize>(value: &T) -> Result<Value, DataError> {
    serde_json::to_value(value).map_err(|error| corrupt(&error))
}
