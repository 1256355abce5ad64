//! Members and staff: accounts, roles and skills.

use std::collections::BTreeSet;

use anyhow::Result;
use sqlx::PgConnection;
use time::Duration;
use uuid::Uuid;

use super::copy::{Copy, List, Point};
use super::money::memberships;
use super::profile::{Standing, bio, certificates, languages, visibility};
use super::series::Row;
use super::world::World;
use crate::data::contractors::{firm_name, licence_number};
use crate::data::names::Person;
use crate::data::places::{Place, Spread};
use crate::data::random::Random;
use crate::data::streets::street;
use crate::data::text::slug;
use crate::data::words::trades::{TITLES, TRADES, Trade};

/// Accounts with an address that people can remember: one for each role that the system ships, and a plain member.
pub(crate) const NAMED: &[(&str, &str)] = &[
    ("administrator", "administrator"),
    ("projects", "project_manager"),
    ("events", "event_manager"),
    ("courses", "course_manager"),
    ("finance", "finance"),
    ("support", "support"),
    ("member", "member"),
];

/// Loads `users`.
pub(super) async fn load_users(world: &World, connection: &mut PgConnection) -> Result<u64> {
    let claimed = claimed_licences(world, connection).await?;
    let mut copy = Copy::into(connection, "users");
    for mut row in world.users.rows() {
        let licence = licence_of(world, row.index).filter(|number| claimed.contains(number));
        user(world, &mut row, licence, &mut copy).await?;
    }
    copy.finish().await
}

async fn user(world: &World, row: &mut Row, licence: Option<String>, copy: &mut Copy<'_>) -> Result<()> {
    let trade = trade_of(world, row.index);
    let person = Person::draw(&mut row.random);
    let place = world.atlas.draw(&mut row.random, northern(world))?;
    let company = firm_name(&mut row.random, &person.family, trade.class);
    copy.cells(&[
        ("id", &row.id),
        ("email", &email(row.index, &person)),
        ("first_name", &person.given),
        ("last_name", &person.family),
        ("company", &row.random.chance(900).then_some(company.as_str())),
        ("contractor_license", &licence),
        ("created_at", &row.at),
        ("updated_at", &row.at),
    ]);
    contact_cells(&mut row.random, place, copy);
    standing_cells(world, row, copy);
    profile_cells(&mut row.random, trade, &company, place.county.name, copy);
    copy.end_row().await
}

fn contact_cells(random: &mut Random, place: &Place, copy: &mut Copy<'_>) {
    let (longitude, latitude) = place.point(random);
    copy.cells(&[
        ("phone", &place.phone(random)),
        ("street", &street(random)),
        ("city", &place.city),
        ("state", &"CA"),
        ("zip", &place.zip),
        ("coordinates", &Point(longitude, latitude)),
    ]);
}

fn standing_cells(world: &World, row: &mut Row, copy: &mut Copy<'_>) {
    let standing = Standing::draw(&mut row.random, row.index, world.staff());
    let periods = memberships(world, row.index);
    let approved_at = row.at + Duration::hours(row.random.between(2..=70));
    let approved_at = (standing.approved && approved_at < world.now).then_some(approved_at);
    let is_staff = row.index < world.staff();
    copy.cells(&[
        ("member_type", &if is_staff { "ADMIN" } else { "REGULAR" }),
        (
            "member_since",
            &periods.first().map(|period| period.starts_at.date()),
        ),
        (
            "membership_expires_at",
            &periods.last().map(|period| period.ends_at),
        ),
        ("is_active", &standing.active),
        ("is_verified", &standing.verified),
        ("approved_at", &approved_at),
        (
            "suspended_at",
            &standing.suspended.then_some(world.now - Duration::days(9)),
        ),
        (
            "deleted_at",
            &standing.deleted.then_some(world.now - Duration::days(20)),
        ),
    ]);
}

fn profile_cells(random: &mut Random, trade: Trade, company: &str, county: &str, copy: &mut Copy<'_>) {
    let website = format!("https://{}.example.com", slug(company));
    let bio = bio(random, trade, county);
    copy.cells(&[
        ("title", &random.pick(TITLES)),
        ("bio", &random.chance(800).then_some(bio)),
        ("website", &random.chance(500).then_some(website)),
        ("certifications", &certificates(random)),
        ("languages", &List(&languages(random))),
        ("field_visibility", &visibility(random)),
    ]);
}

/// Statewide members are still a Northern California association's.
pub(super) fn northern(world: &World) -> Spread {
    match world.scale.spread() {
        Spread::Statewide => Spread::Northern,
        demo => demo,
    }
}

fn email(index: u64, person: &Person) -> String {
    let named = usize::try_from(index).ok().and_then(|index| NAMED.get(index));
    match named {
        Some((name, _)) => format!("{name}@example.org"),
        None => format!(
            "{}.{}.{index}@example.org",
            slug(&person.given),
            slug(&person.family)
        ),
    }
}

/// What a member does; the same for the account, its skills and its bids.
pub(super) fn trade_of(world: &World, user: u64) -> Trade {
    Random::for_row(world.seed, "trade", user).weighted(TRADES)
}

/// The licence that a member has claimed, if the member has one: no two claim the same.
fn licence_of(world: &World, user: u64) -> Option<String> {
    let stride = (world.scale.contractors() / world.users.count.max(1)).max(1);
    let claims = Random::for_row(world.seed, "claims", user).chance(350) && user >= world.staff();
    claims.then(|| licence_number(world.seed, user * stride))
}

/// Those of the claimed licences that the import has brought.
async fn claimed_licences(world: &World, connection: &mut PgConnection) -> Result<BTreeSet<String>> {
    let wanted: Vec<String> = (0..world.users.count)
        .filter_map(|user| licence_of(world, user))
        .collect();
    let query = "SELECT license_number FROM licences WHERE license_number = ANY ($1)";
    let found: Vec<String> = sqlx::query_scalar(query)
        .bind(wanted)
        .fetch_all(connection)
        .await?;
    Ok(found.into_iter().collect())
}

/// Loads `user_roles`: what the named accounts are for, some more staff, and `member` for everybody.
pub(super) async fn load_roles(world: &World, connection: &mut PgConnection) -> Result<u64> {
    let mut copy = Copy::into(connection, "user_roles");
    let administrator = world.users.id(0);
    for mut row in world.users.rows() {
        for name in roles_of(world, &mut row) {
            let Some(role) = world.roles.get(name) else {
                continue;
            };
            let expires = (name != "member" && row.index >= 7 && row.random.chance(200))
                .then(|| world.now + Duration::days(row.random.between(-30..=300)));
            let granted_by: Option<Uuid> = (name != "member").then_some(administrator);
            copy.row(&[
                ("user_id", &row.id),
                ("role_id", role),
                ("granted_by", &granted_by),
                ("expires_at", &expires),
                ("created_at", &row.at),
            ])
            .await?;
        }
    }
    copy.finish().await
}

fn roles_of(world: &World, row: &mut Row) -> Vec<&'static str> {
    let named = usize::try_from(row.index)
        .ok()
        .and_then(|index| NAMED.get(index))
        .map(|(_, role)| *role);
    let mut roles = vec!["member"];
    match named {
        Some("member") => {}
        Some(role) => roles.push(role),
        None if row.index < world.staff() => {
            roles.push(row.random.pick(&[
                "project_manager",
                "event_manager",
                "course_manager",
                "finance",
                "support",
            ]));
        }
        None => {}
    }
    roles
}

/// Loads `user_skills`: from the member's own trade, now and then from another.
pub(super) async fn load_skills(world: &World, connection: &mut PgConnection) -> Result<u64> {
    let mut copy = Copy::into(connection, "user_skills");
    for row in world.users.rows() {
        let random = &mut Random::for_row(world.seed, "skills", row.index);
        let own = trade_of(world, row.index).skills;
        let count = 1 + usize::try_from(random.below(5)).unwrap_or_default();
        let mut skills = random.several(own, count);
        let other = random.weighted(TRADES).skills;
        if random.chance(250) {
            skills.extend(
                random
                    .several(other, 1)
                    .iter()
                    .filter(|skill| !own.contains(skill)),
            );
        }
        for skill in skills {
            let level = random.weighted(&[
                (1, "BEGINNER"),
                (3, "INTERMEDIATE"),
                (4, "ADVANCED"),
                (2, "EXPERT"),
            ]);
            copy.row(&[
                ("user_id", &row.id),
                ("skill", &skill),
                ("level", &level),
                ("verified", &random.chance(300)),
                ("created_at", &row.at),
                ("updated_at", &row.at),
            ])
            .await?;
        }
    }
    copy.finish().await
}
