//! Events and who comes to them.

use anyhow::Result;
use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::copy::Copy;
use super::event_row::event;
use super::series::{Row, different, id_at};
use super::world::World;
use crate::data::dates::pacific;
use crate::data::random::Random;
use crate::data::words::events::{KINDS, Kind};

/// What registrations and payments need to know of an event.
pub(super) struct Outline {
    pub(super) row: Row,
    pub(super) kind: Kind,
    pub(super) status: &'static str,
    pub(super) starts_at: OffsetDateTime,
    pub(super) seats: u64,
    /// What a member pays, in cents.
    pub(super) member_price: i64,
    /// What others pay, in cents.
    pub(super) price: i64,
}

/// A member's seat, or place in the waitlist.
pub(super) struct Registration {
    pub(super) id: Uuid,
    pub(super) member: u64,
    pub(super) status: &'static str,
    pub(super) at: OffsetDateTime,
    /// Cents.
    pub(super) amount: i64,
}

impl Registration {
    /// Whether it takes one of the event's seats; who did not come has none.
    pub(super) fn takes_seat(&self) -> bool {
        matches!(self.status, "REGISTERED" | "ATTENDED")
    }

    /// Whether money was taken for it.
    pub(super) fn is_paid(&self) -> bool {
        self.amount > 0 && (self.takes_seat() || self.status == "NO_SHOW")
    }
}

/// The event of this number, in outline.
pub(super) fn outline(world: &World, index: u64) -> Outline {
    let mut row = world.events.row(index);
    let random = &mut row.random;
    let kind = random.weighted(KINDS);
    let hour = random.pick(&[8, 9, 12, 17, 18]);
    // The newest quarter is still to come.
    let upcoming = index * 4 >= world.events.count * 3;
    let day = if upcoming {
        world.now.date() + Duration::days(random.between(1..=180))
    } else {
        (row.at + Duration::days(random.between(21..=150)))
            .min(world.now - Duration::days(2))
            .date()
    };
    let status = random.weighted(if upcoming { UPCOMING } else { PAST });
    let starts_at = pacific(day, hour);
    let price = random.pick(kind.prices) * 100;
    let seats = random.between(kind.seats.0..=kind.seats.1).unsigned_abs();
    Outline {
        row,
        kind,
        status,
        starts_at,
        seats,
        member_price: price / 10 * 6,
        price,
    }
}

const UPCOMING: &[(u32, &str)] = &[
    (80, "REGISTRATION_OPEN"),
    (8, "PUBLISHED"),
    (5, "REGISTRATION_CLOSED"),
    (4, "DRAFT"),
    (3, "CANCELLED"),
];
const PAST: &[(u32, &str)] = &[(95, "COMPLETED"), (5, "CANCELLED")];

/// How many register, in every ten events: forty-two on average, so that 5,000 events have some 200,000, although nobody
/// registers for those that are not open yet.
const COMERS: [u64; 10] = [2, 5, 8, 12, 20, 28, 44, 66, 90, 145];

/// Who registered for an event, in the order in which they did.
pub(super) fn registrations(world: &World, outline: &Outline) -> Vec<Registration> {
    let random = &mut Random::for_row(world.seed, "registrations", outline.row.index);
    if matches!(outline.status, "DRAFT" | "PUBLISHED") {
        return Vec::new();
    }
    let turn = Random::for_row(world.seed, "turns", outline.row.index / 10).below(10);
    let slot = usize::try_from((outline.row.index * 7 + turn) % 10).unwrap_or_default();
    let count = COMERS.get(slot).copied().unwrap_or_default();
    let last = (outline.starts_at - Duration::hours(5)).min(world.now);
    let span = (last - outline.row.at).whole_seconds().max(0);
    let accounts = world
        .accounts_at(outline.row.at)
        .max(count + 1)
        .min(world.users.count);
    let mut members = different(random, accounts, count, u64::MAX);
    // A stride is no order of coming.
    let half = members.len() / 2;
    members.rotate_left(half);
    let mut taken = 0;
    let step = span / i64::try_from(count.max(1)).unwrap_or(1);
    (0_i64..)
        .zip(members)
        .map(|(at, member)| {
            let moment = outline.row.at + Duration::seconds(step * at + random.between(0..=step.max(1) - 1));
            let status = status(random, outline, taken);
            taken += u64::from(matches!(status, "REGISTERED" | "ATTENDED" | "NO_SHOW"));
            Registration {
                id: id_at(moment, random),
                member,
                status,
                at: moment,
                amount: outline.member_price,
            }
        })
        .collect()
}

fn status(random: &mut Random, outline: &Outline, taken: u64) -> &'static str {
    match outline.status {
        "CANCELLED" => "CANCELLED",
        _ if random.chance(60) => "CANCELLED",
        _ if taken >= outline.seats => "WAITLISTED",
        "COMPLETED" => random.weighted(&[(86, "ATTENDED"), (14, "NO_SHOW")]),
        _ => "REGISTERED",
    }
}

/// Loads `events`.
pub(super) async fn load_events(world: &World, connection: &mut PgConnection) -> Result<u64> {
    let mut copy = Copy::into(connection, "events");
    for index in 0..world.events.count {
        event(world, outline(world, index), &mut copy).await?;
    }
    copy.finish().await
}

/// Loads `event_registrations`.
pub(super) async fn load_registrations(world: &World, connection: &mut PgConnection) -> Result<u64> {
    let mut copy = Copy::into(connection, "event_registrations");
    for index in 0..world.events.count {
        let outline = outline(world, index);
        for seat in registrations(world, &outline) {
            let came = (seat.status == "ATTENDED").then_some(outline.starts_at - Duration::minutes(12));
            copy.row(&[
                ("id", &seat.id),
                ("event_id", &outline.row.id),
                ("user_id", &world.users.id(seat.member)),
                ("status", &seat.status),
                ("amount_cents", &seat.amount),
                ("paid_at", &seat.is_paid().then_some(seat.at)),
                ("waitlisted_at", &(seat.status == "WAITLISTED").then_some(seat.at)),
                ("checked_in_at", &came),
                (
                    "checked_in_by",
                    &came.map(|_| world.users.id(outline.row.index % world.staff())),
                ),
                ("registered_at", &seat.at),
                (
                    "cancelled_at",
                    &(seat.status == "CANCELLED").then(|| (seat.at + Duration::hours(20)).min(world.now)),
                ),
                ("created_at", &seat.at),
                ("updated_at", &came.unwrap_or(seat.at)),
            ])
            .await?;
        }
    }
    copy.finish().await
}
