//! An event as its readers see it.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::Moment;
use crate::event::{EventStatus, EventType, EventVisibility};
use crate::geo::LatLng;
use crate::ids::{EventId, UserId};
use crate::money::Cents;
use crate::zone::ZoneName;

/// An event.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EventListing {
    /// Its id.
    pub id: EventId,
    /// Who organizes it.
    pub organizer_id: UserId,
    /// Its title.
    pub title: String,
    /// What it is about.
    pub description: String,
    /// What kind it is.
    #[serde(rename = "type")]
    pub kind: EventType,
    /// Where it stands at this moment.
    pub status: EventStatus,
    /// Who may see it.
    pub visibility: EventVisibility,
    /// When it begins.
    pub starts_at: Moment,
    /// When it ends.
    pub ends_at: Moment,
    /// The zone that its times are told in.
    pub time_zone: ZoneName,
    /// From when registrations are taken, where not from the publication on.
    #[schema(required)]
    pub registration_opens_at: Option<Moment>,
    /// Until when registrations are taken, where not until the start.
    #[schema(required)]
    pub registration_deadline: Option<Moment>,
    /// How many seats there are; null where they are not counted.
    #[schema(required, minimum = 1)]
    pub max_capacity: Option<i32>,
    /// How many are taken, held for a payment, or offered to the waitlist.
    #[schema(minimum = 0)]
    pub registered_count: i32,
    /// Whether members can wait for a seat when all are taken.
    pub waitlist_enabled: bool,
    /// The place in words.
    #[schema(required)]
    pub place: Option<String>,
    /// Street address.
    #[schema(required)]
    pub address: Option<String>,
    /// City.
    #[schema(required)]
    pub city: Option<String>,
    /// Whether it takes place online, too.
    pub is_online: bool,
    /// Where it is online; told to who runs it, and to who has a seat for which nothing is owed.
    #[schema(required)]
    pub virtual_url: Option<String>,
    /// Where it is.
    #[schema(required)]
    pub coordinates: Option<LatLng>,
    /// What a seat costs.
    pub price_cents: Cents,
    /// What it costs members whose membership is in force.
    #[schema(required)]
    pub member_price_cents: Option<Cents>,
    /// What it costs before `earlyBirdDeadline`.
    #[schema(required)]
    pub early_bird_price_cents: Option<Cents>,
    /// Until when the early price is asked.
    #[schema(required)]
    pub early_bird_deadline: Option<Moment>,
    /// The currency of the prices (ISO 4217).
    #[schema(pattern = "^[A-Z]{3}$")]
    pub currency: String,
    /// What happens when.
    #[schema(value_type = Vec<Object>)]
    pub agenda: Value,
    /// Who speaks.
    #[schema(value_type = Vec<Object>)]
    pub speakers: Value,
    /// Who pays for it.
    #[schema(value_type = Vec<String>)]
    pub sponsors: Value,
    /// Counts the changes of time and place, for calendars.
    #[schema(minimum = 0)]
    pub calendar_sequence: i32,
    /// When it was announced.
    #[schema(required)]
    pub published_at: Option<Moment>,
    /// When it was called off.
    #[schema(required)]
    pub cancelled_at: Option<Moment>,
    /// When it was entered.
    pub created_at: Moment,
    /// When it was last changed.
    pub updated_at: Moment,
    /// Counts its changes.
    #[schema(minimum = 1)]
    pub version: i32,
}
