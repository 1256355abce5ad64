//! A row of the list of registrations, and what it becomes.

use portal_domain::event::Registration;
use portal_domain::listing::Moment;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::DataError;
use crate::events::{amount, corrupt, word};

pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) event_id: Uuid,
    pub(super) event_title: String,
    pub(super) event_status: String,
    pub(super) starts_at: OffsetDateTime,
    pub(super) ends_at: OffsetDateTime,
    pub(super) time_zone: String,
    pub(super) user_id: Uuid,
    pub(super) member_name: Option<String>,
    pub(super) member_company: Option<String>,
    pub(super) status: String,
    pub(super) price_kind: String,
    pub(super) amount_cents: i64,
    pub(super) currency: String,
    pub(super) paid_at: Option<OffsetDateTime>,
    pub(super) hold_expires_at: Option<OffsetDateTime>,
    pub(super) waitlisted_at: Option<OffsetDateTime>,
    pub(super) waitlist_position: Option<i64>,
    pub(super) offer_expires_at: Option<OffsetDateTime>,
    pub(super) checked_in_at: Option<OffsetDateTime>,
    pub(super) registered_at: OffsetDateTime,
    pub(super) cancelled_at: Option<OffsetDateTime>,
    pub(super) version: i32,
}

impl TryFrom<Row> for Registration {
    type Error = DataError;

    fn try_from(row: Row) -> Result<Self, DataError> {
        Ok(Self {
            id: row.id.into(),
            event_id: row.event_id.into(),
            event_title: row.event_title,
            event_status: word(&row.event_status)?,
            starts_at: Moment(row.starts_at),
            ends_at: Moment(row.ends_at),
            time_zone: row.time_zone.try_into().map_err(|error| corrupt(&error))?,
            user_id: row.user_id.into(),
            member_name: row.member_name.filter(|name| !name.is_empty()),
            member_company: row.member_company,
            status: word(&row.status)?,
            price_kind: word(&row.price_kind)?,
            amount_cents: amount(row.amount_cents)?,
            currency: row.currency,
            paid_at: row.paid_at.map(Moment),
            hold_expires_at: row.hold_expires_at.map(Moment),
            waitlisted_at: row.waitlisted_at.map(Moment),
            waitlist_position: row.waitlist_position,
            offer_expires_at: row.offer_expires_at.map(Moment),
            checked_in_at: row.checked_in_at.map(Moment),
            registered_at: Moment(row.registered_at),
            cancelled_at: row.cancelled_at.map(Moment),
            version: row.version,
        })
    }
}
