//! An event as its organizer sends it.

use portal_domain::event::{EventDetails, EventVisibility};
use portal_domain::money::Cents;
use portal_http::fields::{FieldReader, FromFields};

/// The details, read and checked as a whole.
#[derive(Debug)]
pub(crate) struct EventBody(pub(crate) EventDetails);

impl FromFields for EventBody {
    fn read(fields: &mut FieldReader) -> Option<Self> {
        let title = fields.required("title");
        let kind = fields.required("type");
        let starts_at = fields.required("startsAt");
        let ends_at = fields.required("endsAt");
        let price: Option<Cents> = fields.optional("priceCents");
        let free = Cents::try_from(0).ok();
        let details = EventDetails {
            description: fields.optional("description"),
            visibility: fields.optional("visibility").unwrap_or(EventVisibility::Public),
            time_zone: fields.optional("timeZone").unwrap_or_default(),
            registration_opens_at: fields.optional("registrationOpensAt"),
            registration_deadline: fields.optional("registrationDeadline"),
            max_capacity: fields.optional("maxCapacity"),
            waitlist_enabled: fields.optional("waitlistEnabled").unwrap_or(true),
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
            price_cents: price.or(free)?,
            title: title?,
            kind: kind?,
            starts_at: starts_at?,
            ends_at: ends_at?,
        };
        for (field, detail) in details.faults() {
            fields.fault(field, detail);
        }
        Some(Self(details))
    }
}
