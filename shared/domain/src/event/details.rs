//! What an organizer writes about an event.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use time::{Duration, OffsetDateTime};
use utoipa::ToSchema;

use super::{EventType, EventVisibility, Prices};
use crate::geo::LatLng;
use crate::listing::Moment;
use crate::member::WebAddress;
use crate::money::Cents;
use crate::text::{Few, Line, Prose, object_fault};
use crate::zone::ZoneName;

/// The longest event.
const LONGEST: Duration = Duration::days(31);

/// The most seats that are counted.
const MOST_SEATS: i32 = 100_000;

/// The part of an event that its organizer writes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EventDetails {
    /// Its title.
    #[schema(value_type = String, min_length = 1, max_length = 300)]
    pub title: Line<300>,
    /// What it is about.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 20_000)]
    pub description: Option<Prose<20_000>>,
    /// What kind it is.
    #[serde(rename = "type")]
    pub kind: EventType,
    /// Who may see it; everyone unless it is said.
    #[schema(required = false)]
    pub visibility: EventVisibility,
    /// When it begins.
    pub starts_at: Moment,
    /// When it ends; at most 31 days later.
    pub ends_at: Moment,
    /// The zone that its times are told in; `America/Los_Angeles` unless another is named.
    #[schema(required = false)]
    pub time_zone: ZoneName,
    /// From when registrations are taken; from the publication on where it is left out.
    pub registration_opens_at: Option<Moment>,
    /// Until when registrations are taken; until the start where it is left out.
    pub registration_deadline: Option<Moment>,
    /// How many seats there are; they are not counted where it is left out.
    #[schema(minimum = 1, maximum = 100_000)]
    pub max_capacity: Option<i32>,
    /// Whether members can wait for a seat when all are taken; they can unless it is said.
    #[schema(required = false)]
    pub waitlist_enabled: bool,
    /// The place in words.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 300)]
    pub place: Option<Line<300>>,
    /// Street address.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 200)]
    pub address: Option<Line<200>>,
    /// City.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 100)]
    pub city: Option<Line<100>>,
    /// Where it is online.
    pub virtual_url: Option<WebAddress>,
    /// Where it is.
    pub coordinates: Option<LatLng>,
    /// What a seat costs, in US dollars; nothing where it is left out.
    #[schema(required = false)]
    pub price_cents: Cents,
    /// What it costs members whose membership is in force.
    pub member_price_cents: Option<Cents>,
    /// What it costs before `earlyBirdDeadline`.
    pub early_bird_price_cents: Option<Cents>,
    /// Until when the early price is asked; not after the start.
    pub early_bird_deadline: Option<Moment>,
    /// What happens when.
    #[schema(value_type = Vec<Object>, max_items = 100, required = false)]
    pub agenda: Few<Map<String, Value>, 100>,
    /// Who speaks.
    #[schema(value_type = Vec<Object>, max_items = 100, required = false)]
    pub speakers: Few<Map<String, Value>, 100>,
    /// Who pays for it.
    #[schema(value_type = Vec<String>, max_items = 100, required = false)]
    pub sponsors: Few<Line<200>, 100>,
}

impl EventDetails {
    /// What is wrong between fields, by the name of the field to change.
    #[must_use]
    pub fn faults(&self) -> Vec<(&'static str, &'static str)> {
        let mut faults = self.faults_of_times();
        let mut check = |wrong: bool, field, detail| {
            if wrong {
                faults.push((field, detail));
            }
        };
        check(
            self.max_capacity
                .is_some_and(|seats| !(1..=MOST_SEATS).contains(&seats)),
            "maxCapacity",
            "must be from 1 to 100000",
        );
        let dearer = |price: Option<Cents>| price.is_some_and(|price| price > self.price_cents);
        check(
            dearer(self.member_price_cents),
            "memberPriceCents",
            "must not be more than priceCents",
        );
        check(
            dearer(self.early_bird_price_cents),
            "earlyBirdPriceCents",
            "must not be more than priceCents",
        );
        check(
            self.early_bird_price_cents.is_some() != self.early_bird_deadline.is_some(),
            "earlyBirdDeadline",
            "goes together with earlyBirdPriceCents",
        );
        for (field, entries) in [("agenda", &self.agenda), ("speakers", &self.speakers)] {
            let fault = entries.iter().find_map(object_fault);
            check(fault.is_some(), field, fault.unwrap_or_default());
        }
        faults
    }

    fn faults_of_times(&self) -> Vec<(&'static str, &'static str)> {
        let (starts, ends) = (self.starts_at.0, self.ends_at.0);
        let mut faults = Vec::new();
        let mut check = |wrong: bool, field, detail| {
            if wrong {
                faults.push((field, detail));
            }
        };
        check(starts >= ends, "endsAt", "must be after startsAt");
        check(
            ends - starts > LONGEST,
            "endsAt",
            "must be at most 31 days after startsAt",
        );
        check(
            self.registration_deadline.is_some_and(|until| until.0 > starts),
            "registrationDeadline",
            "must not be after startsAt",
        );
        check(
            self.early_bird_deadline.is_some_and(|until| until.0 > starts),
            "earlyBirdDeadline",
            "must not be after startsAt",
        );
        let last = self.registration_deadline.unwrap_or(self.starts_at);
        check(
            self.registration_opens_at.is_some_and(|opens| opens >= last),
            "registrationOpensAt",
            "must be before registrationDeadline and startsAt",
        );
        faults
    }

    /// What is wrong with other details of an event that people have planned by: its times are not moved into the past.
    #[must_use]
    pub fn faults_of_move(&self, other: &Self, now: OffsetDateTime) -> Vec<(&'static str, &'static str)> {
        let moments = [
            ("startsAt", self.starts_at, other.starts_at),
            ("endsAt", self.ends_at, other.ends_at),
        ];
        let moved = moments
            .into_iter()
            .filter(|(_, before, after)| before != after && after.0 <= now);
        moved
            .map(|(field, ..)| (field, "must be in the future: the event is announced"))
            .collect()
    }

    /// The prices.
    #[must_use]
    pub fn prices(&self) -> Prices {
        Prices {
            standard: self.price_cents,
            member: self.member_price_cents,
            early_bird: self.early_bird_price_cents.zip(self.early_bird_deadline),
        }
    }

    /// Whether the other details have people come at another time or to another place, so that their calendars have to change.
    #[must_use]
    pub fn moves_to(&self, other: &Self) -> bool {
        self.starts_at != other.starts_at
            || self.ends_at != other.ends_at
            || self.time_zone != other.time_zone
            || self.place != other.place
            || self.address != other.address
            || self.city != other.city
            || self.virtual_url != other.virtual_url
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn details(fields: &Value) -> EventDetails {
        let mut all = json!({
            "title": "A dinner", "type": "AWARDS", "visibility": "PUBLIC", "startsAt": "2030-01-01T18:00:00Z",
            "endsAt": "2030-01-01T20:00:00Z", "timeZone": "America/Los_Angeles", "waitlistEnabled": true, "priceCents": 0,
            "agenda": [], "speakers": [], "sponsors": [],
        });
        all.as_object_mut()
            .unwrap()
            .extend(fields.as_object().unwrap().clone());
        serde_json::from_value(all).unwrap()
    }

    fn named(fields: &Value) -> Vec<&'static str> {
        let faults = details(fields).faults();
        faults.into_iter().map(|(field, _)| field).collect()
    }

    #[test]
    fn what_is_wrong_between_fields_is_named() {
        assert_eq!(named(&json!({})), Vec::<&str>::new());
        assert_eq!(named(&json!({"endsAt": "2030-01-01T18:00:00Z"})), ["endsAt"]);
        assert_eq!(named(&json!({"endsAt": "2030-02-02T18:00:00Z"})), ["endsAt"]);
        assert_eq!(
            named(
                &json!({"registrationOpensAt": "2029-01-02T00:00:00Z", "registrationDeadline": "2029-01-02T00:00:00Z"})
            ),
            ["registrationOpensAt"]
        );
        assert_eq!(
            named(&json!({
                "registrationDeadline": "2030-01-01T19:00:00Z", "maxCapacity": 0, "priceCents": 5, "memberPriceCents": 6,
                "earlyBirdPriceCents": 7, "agenda": [{"a": "\0"}],
            })),
            [
                "registrationDeadline",
                "maxCapacity",
                "memberPriceCents",
                "earlyBirdPriceCents",
                "earlyBirdDeadline",
                "agenda"
            ]
        );
    }

    #[test]
    fn the_early_price_ends_by_the_start() {
        let early =
            |until: &str| json!({"priceCents": 900, "earlyBirdPriceCents": 700, "earlyBirdDeadline": until});
        assert_eq!(named(&early("2030-01-01T18:00:00Z")), Vec::<&str>::new());
        assert_eq!(named(&early("2030-01-01T18:00:01Z")), ["earlyBirdDeadline"]);
    }

    #[test]
    fn what_is_announced_is_not_moved_into_the_past() {
        let now = time::macros::datetime!(2030-01-01 19:00 UTC);
        let before = details(&json!({}));
        let moved = |fields: &Value| {
            let faults = before.faults_of_move(&details(fields), now);
            faults.into_iter().map(|(field, _)| field).collect::<Vec<_>>()
        };
        assert_eq!(
            moved(&json!({"title": "A gala"})),
            Vec::<&str>::new(),
            "it has begun"
        );
        assert_eq!(
            moved(&json!({"endsAt": "2030-01-01T19:30:00Z"})),
            Vec::<&str>::new()
        );
        assert_eq!(moved(&json!({"endsAt": "2030-01-01T19:00:00Z"})), ["endsAt"]);
        assert_eq!(
            moved(&json!({"startsAt": "2020-01-01T18:00:00Z", "endsAt": "2020-01-01T20:00:00Z"})),
            ["startsAt", "endsAt"]
        );
        let later = json!({"startsAt": "2030-02-01T18:00:00Z", "endsAt": "2030-02-01T20:00:00Z"});
        assert_eq!(moved(&later), Vec::<&str>::new());
    }

    #[test]
    fn calendars_change_with_time_and_place() {
        let before = details(&json!({}));
        for (fields, moves) in [
            (json!({"title": "A gala", "priceCents": 9}), false),
            (json!({"city": "Oakland"}), true),
            (json!({"timeZone": "America/Denver"}), true),
            (json!({"startsAt": "2030-01-01T17:00:00Z"}), true),
            (json!({"virtualUrl": "https://meet.example.org/1"}), true),
        ] {
            assert_eq!(before.moves_to(&details(&fields)), moves, "{fields}");
        }
    }
}
