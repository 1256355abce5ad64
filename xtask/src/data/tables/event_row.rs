//! The columns of one event.

use anyhow::Result;
use serde_json::{Value, json};
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

use super::copy::{Copy, Point};
use super::events::{Outline, registrations};
use super::people::northern;
use super::world::World;
use crate::data::names::Person;
use crate::data::places::Place;
use crate::data::random::Random;
use crate::data::streets::street;
use crate::data::words::events::{Kind, PLACES, SPONSORS, TOPICS};

/// Adds an event's row.
pub(super) async fn event(world: &World, mut outline: Outline, copy: &mut Copy<'_>) -> Result<()> {
    let organizer = world.staff_member(&mut outline.row);
    let random = &mut Random::for_row(world.seed, "event details", outline.row.index);
    let place = world.atlas.draw(random, northern(world))?;
    let online = random.chance(180);
    let at = if online { "(online)" } else { place.city };
    let description = format!(
        "{} Topic: {}.",
        random.pick(outline.kind.descriptions),
        random.pick(TOPICS)
    );
    copy.cells(&[
        ("id", &outline.row.id),
        ("organizer_id", &organizer),
        ("title", &format!("{} {at}", random.pick(outline.kind.titles))),
        ("description", &description),
        ("type", &outline.kind.name),
        (
            "visibility",
            &random.weighted(&[(4, "PUBLIC"), (1, "MEMBERS_ONLY")]),
        ),
        ("agenda", &agenda(outline.kind, outline.starts_at)),
        ("speakers", &speakers(random)),
        ("sponsors", &json!(random.several(SPONSORS, 2))),
        ("created_at", &outline.row.at),
        ("updated_at", &outline.row.at),
    ]);
    if online {
        online_cells(outline.row.index, copy);
    } else {
        place_cells(random, place, copy);
    }
    time_cells(random, world, &outline, copy);
    seat_cells(world, &outline, copy);
    copy.end_row().await
}

fn online_cells(index: u64, copy: &mut Copy<'_>) {
    copy.cells(&[
        ("place", &None::<&str>),
        ("address", &None::<&str>),
        ("city", &None::<&str>),
        ("virtual_url", &format!("https://meet.example.com/{index}")),
        ("coordinates", &None::<Point>),
    ]);
}

fn place_cells(random: &mut Random, place: &Place, copy: &mut Copy<'_>) {
    let (longitude, latitude) = place.point(random);
    copy.cells(&[
        ("place", &random.pick(PLACES)),
        ("address", &street(random)),
        ("city", &place.city),
        ("virtual_url", &None::<&str>),
        ("coordinates", &Point(longitude, latitude)),
    ]);
}

fn time_cells(random: &mut Random, world: &World, outline: &Outline, copy: &mut Copy<'_>) {
    let starts_at = outline.starts_at;
    let register_until = random.chance(700).then_some(starts_at - Duration::hours(30));
    let cancelled_at = (starts_at - Duration::days(5)).min(world.now);
    copy.cells(&[
        ("starts_at", &starts_at),
        ("ends_at", &(starts_at + Duration::hours(outline.kind.hours))),
        ("registration_deadline", &register_until),
        ("status", &outline.status),
        (
            "published_at",
            &(outline.status != "DRAFT").then_some(outline.row.at),
        ),
        (
            "cancelled_at",
            &(outline.status == "CANCELLED").then_some(cancelled_at),
        ),
    ]);
}

fn seat_cells(world: &World, outline: &Outline, copy: &mut Copy<'_>) {
    let registrations = registrations(world, outline);
    let taken = registrations.iter().filter(|seat| seat.takes_seat()).count() as u64;
    let costs = outline.price > 0;
    let early = outline.starts_at - Duration::days(14);
    copy.cells(&[
        ("max_capacity", &outline.seats),
        ("registered_count", &taken),
        ("price_cents", &outline.price),
        ("member_price_cents", &outline.member_price),
        ("early_bird_price_cents", &costs.then_some(outline.price / 10 * 8)),
        ("early_bird_deadline", &costs.then_some(early)),
    ]);
}

fn agenda(kind: Kind, starts_at: OffsetDateTime) -> Value {
    let at = |minutes: i64| (starts_at + Duration::minutes(minutes)).format(&Rfc3339).ok();
    json!([
        {"at": at(0), "title": "Doors open"},
        {"at": at(30), "title": "Welcome"},
        {"at": at(kind.hours * 60 - 20), "title": "Questions and close"},
    ])
}

fn speakers(random: &mut Random) -> Value {
    let count = random.below(4);
    let speakers = (0..count).map(|_| {
        let person = Person::draw(random);
        json!({"name": format!("{} {}", person.given, person.family), "topic": random.pick(TOPICS)})
    });
    speakers.collect()
}
