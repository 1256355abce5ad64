//! Memberships, what was paid for them and for everything else, and the ledger.

use anyhow::Result;
use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::copy::Copy;
use super::series::id_at;
use super::world::World;
use crate::data::random::Random;

/// A tier: name, price in cents, seats, and what it brings.
struct Tier {
    name: &'static str,
    price: i64,
    seats: i64,
    benefits: &'static [&'static str],
}

const TIERS: &[Tier] = &[
    Tier {
        name: "Individual",
        price: 25_000,
        seats: 1,
        benefits: &["Directory listing", "Member prices"],
    },
    Tier {
        name: "Small Business",
        price: 60_000,
        seats: 3,
        benefits: &["Directory listing", "Member prices", "Plan room"],
    },
    Tier {
        name: "Corporate",
        price: 250_000,
        seats: 12,
        benefits: &["Everything for a small business", "Sponsor credit"],
    },
    Tier {
        name: "Student and Apprentice",
        price: 5_000,
        seats: 1,
        benefits: &["Courses at member prices"],
    },
];

/// One paid year of a member.
#[derive(Clone, Copy)]
pub(super) struct Period {
    pub(super) id: Uuid,
    pub(super) payment: Uuid,
    pub(super) starts_at: OffsetDateTime,
    pub(super) ends_at: OffsetDateTime,
    state: &'static str,
    /// The tier's name.
    pub(super) tier: &'static str,
    /// Cents.
    pub(super) price: i64,
}

/// The paid years of a member, oldest first; staff and one member in eight have none.
pub(super) fn memberships(world: &World, user: u64) -> Vec<Period> {
    let row = world.users.row(user);
    let random = &mut Random::for_row(world.seed, "memberships", user);
    if user < world.staff() && user != 6 || random.chance(125) {
        return Vec::new();
    }
    let tier = random.weighted(&[(45, 0), (40, 1), (8, 2), (7, 3)]);
    let Some(tier) = TIERS.get(tier) else {
        return Vec::new();
    };
    let mut periods = Vec::new();
    let mut starts_at = row.at + Duration::days(random.between(0..=20));
    while starts_at < world.now {
        let ends_at = starts_at + Duration::days(365);
        let state = match () {
            () if ends_at >= world.now => "ACTIVE",
            () if ends_at + Duration::days(30) >= world.now && random.chance(500) => "GRACE",
            () => "LAPSED",
        };
        let (id, payment) = (id_at(starts_at, random), id_at(starts_at, random));
        periods.push(Period {
            id,
            payment,
            starts_at,
            ends_at,
            state,
            tier: tier.name,
            price: tier.price,
        });
        // One in twelve does not renew, one in five renews late.
        if state == "GRACE" || random.chance(80) && user != 6 {
            break;
        }
        starts_at = ends_at
            + Duration::days(if random.chance(200) {
                random.between(1..=60)
            } else {
                0
            });
    }
    periods
}

/// Adds the tiers that are not there yet.
pub(super) async fn load_tiers(world: &World, connection: &mut PgConnection) -> Result<u64> {
    let random = &mut Random::for_row(world.seed, "tiers", 0);
    let mut added = 0;
    for tier in TIERS {
        let query = "INSERT INTO membership_tiers (id, name, price_cents, duration_months, seats, benefits)
                     VALUES ($1, $2, $3, 12, $4::integer, $5) ON CONFLICT (name) DO NOTHING";
        let insert = sqlx::query(query)
            .bind(id_at(world.now, random))
            .bind(tier.name)
            .bind(tier.price);
        let insert = insert
            .bind(tier.seats)
            .bind(tier.benefits)
            .execute(&mut *connection);
        added += insert.await?.rows_affected();
    }
    Ok(added)
}

/// Loads `memberships`.
pub(super) async fn load_memberships(world: &World, connection: &mut PgConnection) -> Result<u64> {
    let mut copy = Copy::into(connection, "memberships");
    for user in 0..world.users.count {
        for period in memberships(world, user) {
            let Some(tier) = world.tiers.get(period.tier) else {
                continue;
            };
            copy.row(&[
                ("id", &period.id),
                ("user_id", &world.users.id(user)),
                ("tier_id", tier),
                ("payment_id", &period.payment),
                ("state", &period.state),
                ("starts_at", &period.starts_at),
                ("ends_at", &period.ends_at),
                ("grace_ends_at", &(period.ends_at + Duration::days(30))),
                ("value_cents", &period.price),
                ("created_at", &period.starts_at),
                ("updated_at", &period.starts_at),
            ])
            .await?;
        }
    }
    copy.finish().await
}
