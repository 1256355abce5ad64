//! Events that a transaction has taken hold of.

use portal_domain::event::{EventDetails, EventStatus};
use portal_domain::ids::EventId;
use portal_domain::listing::Moment;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::row::corrupt;
use crate::{DataError, Tx};

/// An event that this transaction alone can change.
#[derive(Clone, Debug, PartialEq)]
pub struct LockedEvent {
    /// Its id.
    pub id: EventId,
    /// Where it stands at this moment.
    pub status: EventStatus,
    /// The row's version.
    pub version: i32,
    /// Counts the changes of time and place.
    pub calendar_sequence: i32,
    /// How many seats are taken, held or offered.
    pub registered_count: i32,
    /// What its organizer wrote.
    pub details: EventDetails,
}

/// Takes hold of an event for a change; nothing where the caller may not change it.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn lock(tx: &mut Tx, id: EventId) -> Result<Option<LockedEvent>, DataError> {
    let row = sqlx::query_file!("src/events/lock.sql", id.as_uuid())
        .fetch_optional(&mut *tx)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let details = EventDetails {
        title: typed(json!(row.title))?,
        description: typed(json!(
            Some(row.description).filter(|text| !text.trim().is_empty())
        ))?,
        kind: typed(json!(row.kind))?,
        visibility: typed(json!(row.visibility))?,
        starts_at: Moment(row.starts_at),
        ends_at: Moment(row.ends_at),
        time_zone: typed(json!(row.time_zone))?,
        registration_opens_at: row.registration_opens_at.map(Moment),
        registration_deadline: row.registration_deadline.map(Moment),
        max_capacity: row.max_capacity,
        waitlist_enabled: row.waitlist_enabled,
        place: typed(json!(row.place))?,
        address: typed(json!(row.address))?,
        city: typed(json!(row.city))?,
        virtual_url: typed(json!(row.virtual_url))?,
        coordinates: crate::place::from_columns("events", row.lat, row.lng)?,
        price_cents: typed(json!(row.price_cents))?,
        member_price_cents: typed(json!(row.member_price_cents))?,
        early_bird_price_cents: typed(json!(row.early_bird_price_cents))?,
        early_bird_deadline: row.early_bird_deadline.map(Moment),
        agenda: typed(row.agenda)?,
        speakers: typed(row.speakers)?,
        sponsors: typed(row.sponsors)?,
    };
    Ok(Some(LockedEvent {
        id,
        status: typed(json!(row.status))?,
        version: row.version,
        calendar_sequence: row.calendar_sequence,
        registered_count: row.registered_count,
        details,
    }))
}

/// A value of the domain from a column; what does not fit is a defect.
fn typed<T: DeserializeOwned>(value: Value) -> Result<T, DataError> {
    serde_json::from_value(value).map_err(|error| corrupt(&error))
}
