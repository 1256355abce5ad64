//! A member's registration for an event.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{EventStatus, PriceKind};
use crate::ids::{EventId, RegistrationId, UserId};
use crate::listing::Moment;
use crate::money::Cents;
use crate::words::words;
use crate::zone::ZoneName;

words! {
    /// Where a registration stands.
    RegistrationStatus {
        /// The member has a seat; until `holdExpiresAt`, where that is told, it waits for the payment.
        Registered = "REGISTERED",
        /// The member waits for a seat; one is offered until `offerExpiresAt`, where that is told.
        Waitlisted = "WAITLISTED",
        /// The member was there.
        Attended = "ATTENDED",
        /// The member had a seat and did not come.
        NoShow = "NO_SHOW",
        /// It was given back, has run out, or the event was called off.
        Cancelled = "CANCELLED",
    }
}

/// A registration, as the member and those who run the event see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Registration {
    /// Its id.
    pub id: RegistrationId,
    /// The event.
    pub event_id: EventId,
    /// The event's title.
    pub event_title: String,
    /// Where the event stands.
    pub event_status: EventStatus,
    /// When the event begins.
    pub starts_at: Moment,
    /// When it ends.
    pub ends_at: Moment,
    /// The zone that its times are told in.
    pub time_zone: ZoneName,
    /// The member.
    pub user_id: UserId,
    /// The member's name, as the directory shows it.
    #[schema(required)]
    pub member_name: Option<String>,
    /// The member's firm, as the directory shows it.
    #[schema(required)]
    pub member_company: Option<String>,
    /// Where it stands.
    pub status: RegistrationStatus,
    /// Which price it is.
    pub price_kind: PriceKind,
    /// What the seat costs.
    pub amount_cents: Cents,
    /// The currency (ISO 4217).
    #[schema(pattern = "^[A-Z]{3}$")]
    pub currency: String,
    /// When it was paid.
    #[schema(required)]
    pub paid_at: Option<Moment>,
    /// Until when the seat is held for the payment.
    #[schema(required)]
    pub hold_expires_at: Option<Moment>,
    /// Since when the member waits.
    #[schema(required)]
    pub waitlisted_at: Option<Moment>,
    /// The place in line, 1 for the first; of those who wait and have no offer.
    #[schema(required, minimum = 1)]
    pub waitlist_position: Option<i64>,
    /// Until when a seat is offered.
    #[schema(required)]
    pub offer_expires_at: Option<Moment>,
    /// When the member was let in.
    #[schema(required)]
    pub checked_in_at: Option<Moment>,
    /// When the member asked for the seat.
    pub registered_at: Moment,
    /// When it was given back or ran out.
    #[schema(required)]
    pub cancelled_at: Option<Moment>,
    /// Counts its changes.
    #[schema(minimum = 1)]
    pub version: i32,
}
