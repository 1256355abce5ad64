//! The columns of one project.

use anyhow::Result;
use serde_json::{Value, json};
use time::{Date, Duration, OffsetDateTime};

use super::applications::applications;
use super::copy::{Copy, List, Point};
use super::people::northern;
use super::projects::Outline;
use super::world::World;
use crate::data::names::Person;
use crate::data::places::Place;
use crate::data::random::Random;
use crate::data::streets::street;
use crate::data::text::{slug, uncapitalised};
use crate::data::words::projects::{FUNDING, REQUIREMENTS, TERMS, Work};

/// Adds a project's row.
pub(super) async fn project(world: &World, mut outline: Outline, copy: &mut Copy<'_>) -> Result<()> {
    let bids = applications(world, &mut outline);
    let counted = bids.iter().filter(|bid| bid.counts()).count() as u64;
    let random = &mut Random::for_row(world.seed, "project details", outline.row.index);
    let place = world.atlas.draw(random, northern(world))?;
    let site = random.pick(outline.category.sites);
    let imported = random.chance(120);
    let external_id = format!("{}-{:06}", outline.row.at.year(), outline.row.index);
    copy.cells(&[
        ("id", &outline.row.id),
        ("external_id", &imported.then_some(external_id)),
        ("source", &if imported { "PLANROOM" } else { "MANUAL" }),
        ("owner_id", &world.users.id(outline.owner)),
        ("title", &title(random, outline.work, site, place.city)),
        ("description", &description(random, outline.work, site, place)),
        ("category", &outline.category.name),
        ("created_at", &outline.row.at),
        ("updated_at", &outline.published_at.unwrap_or(outline.row.at)),
    ]);
    money_cells(random, outline.budget, copy);
    place_cells(random, place, copy);
    terms_cells(random, &outline, copy);
    state_cells(random, &outline, counted, copy);
    copy.end_row().await
}

fn money_cells(random: &mut Random, (low, high): (i64, i64), copy: &mut Copy<'_>) {
    copy.cells(&[
        ("budget_min_cents", &random.chance(900).then_some(low)),
        ("budget_max_cents", &high),
        (
            "estimated_value_cents",
            &random.chance(700).then_some(low.midpoint(high)),
        ),
        ("funding_source", &random.pick(FUNDING)),
        // The law asks for bonds on public works past $25,000; here only large jobs do.
        ("bonding_required", &(high > 25_000_000)),
        ("insurance", &insurance(random)),
    ]);
}

fn place_cells(random: &mut Random, place: &Place, copy: &mut Copy<'_>) {
    let (longitude, latitude) = place.point(random);
    let contact = Person::draw(random);
    let email = format!("{}.{}@example.com", slug(&contact.given), slug(&contact.family));
    copy.cells(&[
        (
            "location",
            &format!("{}, {} County", place.city, place.county.name),
        ),
        ("address", &street(random)),
        ("city", &place.city),
        ("state", &"CA"),
        ("zip", &place.zip),
        // A few are known by their town alone.
        (
            "coordinates",
            &random.chance(985).then_some(Point(longitude, latitude)),
        ),
        ("contact_name", &format!("{} {}", contact.given, contact.family)),
        ("contact_email", &email),
        ("contact_phone", &place.phone(random)),
    ]);
}

fn terms_cells(random: &mut Random, outline: &Outline, copy: &mut Copy<'_>) {
    let (start, end) = schedule(random, outline.deadline, outline.budget.0);
    let requirements = up_to(random, REQUIREMENTS, 4);
    let years = random.between(1..=10);
    copy.cells(&[
        ("start_date", &start),
        ("end_date", &end),
        ("deadline_date", &outline.deadline),
        ("requirements", &List(&requirements)),
        ("skills_required", &List(outline.work.skills)),
        ("license_classes", &List(outline.work.classes)),
        ("experience_years", &random.chance(700).then_some(years)),
    ]);
}

fn state_cells(random: &mut Random, outline: &Outline, counted: u64, copy: &mut Copy<'_>) {
    let ended = !matches!(outline.status, "DRAFT" | "PUBLISHED" | "BIDDING_OPEN");
    let most = counted + 1 + random.below(12);
    let priorities = [(2, "LOW"), (6, "MEDIUM"), (3, "HIGH"), (1, "URGENT")];
    copy.cells(&[
        ("status", &outline.status),
        ("priority", &random.weighted(&priorities)),
        ("visibility", &outline.visibility),
        ("max_applications", &random.chance(250).then_some(most)),
        ("application_count", &counted),
        ("published_at", &outline.published_at),
        ("closed_at", &ended.then_some(outline.deadline)),
    ]);
}

fn title(random: &mut Random, work: Work, site: &str, city: &str) -> String {
    match random.below(4) {
        0 => format!("{} at {site}, {city}", work.title),
        1 => format!("{city}: {} ({site})", uncapitalised(work.title)),
        2 => format!("{} for {site}", work.title),
        _ => format!("{} in {city}", work.title),
    }
}

fn description(random: &mut Random, work: Work, site: &str, place: &Place) -> String {
    let terms = up_to(random, TERMS, 4).join(" ");
    let (city, county) = (place.city, place.county.name);
    let opening = match random.below(3) {
        0 => format!("The owner of {site} in {city}, {county} County, invites bids."),
        1 => format!("{} at {site} in {city}.", work.title),
        _ => format!("We look for an experienced team for {site} in {city}."),
    };
    format!("{opening} {} {terms}", work.scope)
}

fn up_to(random: &mut Random, items: &[&'static str], most: u64) -> Vec<&'static str> {
    let count = usize::try_from(random.below(most + 1)).unwrap_or_default();
    random.several(items, count)
}

/// Work begins weeks after the bids are in, and takes longer the more it costs.
fn schedule(random: &mut Random, deadline: OffsetDateTime, cents: i64) -> (Date, Date) {
    let start = (deadline + Duration::days(random.between(20..=120))).date();
    let days = 14 + random.between(0..=30) + cents / 50_000_000;
    (start, start + Duration::days(days.min(1_000)))
}

fn insurance(random: &mut Random) -> Value {
    if random.chance(300) {
        return json!({});
    }
    json!({
        "generalLiabilityCents": random.pick(&[100_000_000_i64, 200_000_000]),
        "workersCompensation": true,
        "automobileCents": random.pick(&[50_000_000_i64, 100_000_000]),
    })
}
