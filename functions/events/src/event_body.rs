//! An event as its organizer sends it.

use portal_domain::event::{EventDetails, EventVisibility};
use portal_domain::money::Cents;
use portal_domain::zone::ZoneName;
use portal_http::fields::{FieldReader, FromFields};
use serde::de::DeserializeOwned;

/// The details of a new event, read and checked as a whole. What is left out is as usual.
#[derive(Debug)]
pub(crate) struct EventBody(pub(crate) EventDetails);

/// The details of an event with a patch over them. What `null` would open, such as an event for members to everybody or one that costs
/// something to those who pay nothing, is required: `null` leaves it out.
#[derive(Debug)]
pub(crate) struct ChangedEvent(pub(crate) EventDetails);

impl FromFields for EventBody {
    fn read(fields: &mut FieldReader) -> Option<Self> {
        let free = Cents::try_from(0).ok();
        let usual = Opening {
            visibility: or(fields, "visibility", Some(EventVisibility::Public)),
            time_zone: or(fields, "timeZone", Some(ZoneName::default())),
            waitlist_enabled: or(fields, "waitlistEnabled", Some(true)),
            price_cents: or(fields, "priceCents", free),
        };
        details(fields, usual).map(Self)
    }
}

impl FromFields for ChangedEvent {
    fn read(fields: &mut FieldReader) -> Option<Self> {
        let kept = Opening {
            visibility: fields.required("visibility"),
            time_zone: fields.required("timeZone"),
            waitlist_enabled: fields.required("waitlistEnabled"),
            price_cents: fields.required("priceCents"),
        };
        details(fields, kept).map(Self)
    }
}

/// What says who may come, and for how much.
struct Opening {
    visibility: Option<EventVisibility>,
    time_zone: Option<ZoneName>,
    waitlist_enabled: Option<bool>,
    price_cents: Option<Cents>,
}

/// A field, or what it is where it is left out.
fn or<T: DeserializeOwned>(fields: &mut FieldReader, name: &'static str, usual: Option<T>) -> Option<T> {
    fields.optional(name).or(usual)
}

fn details(fields: &mut FieldReader, opening: Opening) -> Option<EventDetails> {
    let title = fields.required("title");
    let kind = fields.required("type");
    let starts_at = fields.required("startsAt");
    let ends_at = fields.required("endsAt");
    let details = EventDetails {
        description: fields.optional("description"),
        registration_opens_at: fields.optional("registrationOpensAt"),
        registration_deadline: fields.optional("registrationDeadline"),
        max_capacity: fields.optional("maxCapacity"),
        place: fields.optional("place"),
        address: fields.optional("address"),
        city: fields.optional("city"),
        virtual_url: fields.optional("virtualUrl"),
        coordinates: fields.optional("coordinates"),
        member_price_cents: fields.optional("memberPriceCents"),
        early_bird_price_cents: fields.optional("earlyBirdPriceCents"),
        early_bird_deadline: fields.optional("earlyBirdDeadline"),
        agenda: fields.optional("agenda").unwrap_or_default(),
        speakers: fields.optional("speakers").unwrap_or_default(),
        sponsors: fields.optional("sponsors").unwrap_or_default(),
        visibility: opening.visibility?,
        time_zone: opening.time_zone?,
        waitlist_enabled: opening.waitlist_enabled?,
        price_cents: opening.price_cents?,
        title: title?,
        kind: kind?,
        starts_at: starts_at?,
        ends_at: ends_at?,
    };
    for (field, detail) in details.faults() {
        fields.fault(field, detail);
    }
    Some(details)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_patch_is_read_of_the_same_fields() {
        assert_eq!(
            portal_http::fields::names::<ChangedEvent>(),
            portal_http::fields::names::<EventBody>()
        );
    }
}
