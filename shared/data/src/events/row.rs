//! A row of `event_listings`, and what it becomes.

use portal_domain::listing::{EventListing, Moment};
use portal_domain::money::Cents;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::DataError;
use crate::columns::Table;

/// Where the rows come from, for errors.
const TABLE: Table = Table("events");

/// The columns that are shown.
pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) organizer_id: Uuid,
    pub(super) title: String,
    pub(super) description: String,
    pub(super) kind: String,
    pub(super) status: String,
    pub(super) visibility: String,
    pub(super) starts_at: OffsetDateTime,
    pub(super) ends_at: OffsetDateTime,
    pub(super) time_zone: String,
    pub(super) registration_opens_at: Option<OffsetDateTime>,
    pub(super) registration_deadline: Option<OffsetDateTime>,
    pub(super) max_capacity: Option<i32>,
    pub(super) registered_count: i32,
    pub(super) waitlist_enabled: bool,
    pub(super) place: Option<String>,
    pub(super) address: Option<String>,
    pub(super) city: Option<String>,
    pub(super) is_online: bool,
    pub(super) virtual_url: Option<String>,
    pub(super) lat: Option<f64>,
    pub(super) lng: Option<f64>,
    pub(super) price_cents: i64,
    pub(super) member_price_cents: Option<i64>,
    pub(super) early_bird_price_cents: Option<i64>,
    pub(super) early_bird_deadline: Option<OffsetDateTime>,
    pub(super) currency: String,
    pub(super) agenda: serde_json::Value,
    pub(super) speakers: serde_json::Value,
    pub(super) sponsors: serde_json::Value,
    pub(super) calendar_sequence: i32,
    pub(super) published_at: Option<OffsetDateTime>,
    pub(super) cancelled_at: Option<OffsetDateTime>,
    pub(super) created_at: OffsetDateTime,
    pub(super) updated_at: OffsetDateTime,
    pub(super) version: i32,
    /// Metres from the middle of the circle; absent in other lists.
    pub(super) distance: Option<f64>,
}

impl TryFrom<Row> for EventListing {
    type Error = DataError;

    fn try_from(row: Row) -> Result<Self, DataError> {
        Ok(Self {
            id: row.id.into(),
            organizer_id: row.organizer_id.into(),
            title: row.title,
            description: row.description,
            kind: word(&row.kind)?,
            status: word(&row.status)?,
            visibility: word(&row.visibility)?,
            starts_at: Moment(row.starts_at),
            ends_at: Moment(row.ends_at),
            time_zone: row.time_zone.try_into().map_err(|error| corrupt(&error))?,
            registration_opens_at: row.registration_opens_at.map(Moment),
            registration_deadline: row.registration_deadline.map(Moment),
            max_capacity: row.max_capacity,
            registered_count: row.registered_count,
            waitlist_enabled: row.waitlist_enabled,
            place: row.place,
            address: row.address,
            city: row.city,
            is_online: row.is_online,
            virtual_url: row.virtual_url,
            coordinates: crate::place::from_columns(TABLE.0, row.lat, row.lng)?,
            price_cents: amount(row.price_cents)?,
            member_price_cents: row.member_price_cents.map(amount).transpose()?,
            early_bird_price_cents: row.early_bird_price_cents.map(amount).transpose()?,
            early_bird_deadline: row.early_bird_deadline.map(Moment),
            currency: row.currency,
            agenda: row.agenda,
            speakers: row.speakers,
            sponsors: row.sponsors,
            calendar_sequence: row.calendar_sequence,
            published_at: row.published_at.map(Moment),
            cancelled_at: row.cancelled_at.map(Moment),
            created_at: Moment(row.created_at),
            updated_at: Moment(row.updated_at),
            version: row.version,
        })
    }
}

pub(crate) fn amount(cents: i64) -> Result<Cents, DataError> {
    TABLE.amount(cents)
}

/// Reads a column that the table's checks should have kept readable.
pub(crate) fn word<T: std::str::FromStr<Err: std::fmt::Display>>(text: &str) -> Result<T, DataError> {
    TABLE.word(text)
}

pub(crate) fn corrupt(reason: &dyn std::fmt::Display) -> DataError {
    TABLE.corrupt(reason)
}
