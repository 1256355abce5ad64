//! Projects and who was invited to them.

use anyhow::Result;
use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::copy::Copy;
use super::project_row::project;
use super::series::{Row, different};
use super::world::World;
use crate::data::random::Random;
use crate::data::words::projects::{CATEGORIES, Category, Work};

/// What bids and invitations need to know of a project; the same wherever it is asked for.
pub(super) struct Outline {
    pub(super) row: Row,
    pub(super) owner: u64,
    pub(super) category: Category,
    pub(super) work: Work,
    pub(super) status: &'static str,
    pub(super) visibility: &'static str,
    pub(super) published_at: Option<OffsetDateTime>,
    /// Bids are taken before it.
    pub(super) deadline: OffsetDateTime,
    /// Cents.
    pub(super) budget: (i64, i64),
}

/// The project of this number, in outline.
pub(super) fn outline(world: &World, index: u64) -> Outline {
    let mut row = world.projects.row(index);
    let owner = world.someone(&mut row);
    let random = &mut row.random;
    let category = random.weighted(CATEGORIES);
    let work = random.pick(category.works);
    // The newest quarter is where most of the open ones are: a fifth of all.
    let recent = index * 4 >= world.projects.count * 3;
    let status = random.weighted(if recent { RECENT } else { OLD });
    let open = matches!(status, "PUBLISHED" | "BIDDING_OPEN");
    let deadline = if open || recent && status == "DRAFT" {
        world.now + Duration::days(random.between(2..=100)) + Duration::hours(22)
    } else {
        (row.at + Duration::days(random.between(14..=60))).min(world.now - Duration::hours(7))
    };
    let visibility = random.weighted(&[
        (80, "PUBLIC"),
        (15, "MEMBERS_ONLY"),
        (3, "INVITE_ONLY"),
        (2, "PRIVATE"),
    ]);
    let low = random.between(work.cost.0..=work.cost.1) * 100_000;
    let budget = (low, low + low * random.between(8..=45) / 100);
    let published_at =
        (status != "DRAFT").then(|| (row.at + Duration::hours(random.between(1..=60))).min(world.now));
    Outline {
        row,
        owner,
        category,
        work,
        status,
        visibility,
        published_at,
        deadline,
        budget,
    }
}

const RECENT: &[(u32, &str)] = &[
    (60, "BIDDING_OPEN"),
    (20, "PUBLISHED"),
    (8, "DRAFT"),
    (6, "BIDDING_CLOSED"),
    (4, "AWARDED"),
    (2, "CANCELLED"),
];
const OLD: &[(u32, &str)] = &[
    (56, "COMPLETED"),
    (24, "AWARDED"),
    (11, "BIDDING_CLOSED"),
    (6, "CANCELLED"),
    (3, "DRAFT"),
];

/// Loads `projects`.
pub(super) async fn load_projects(world: &World, connection: &mut PgConnection) -> Result<u64> {
    let mut copy = Copy::into(connection, "projects");
    for index in 0..world.projects.count {
        project(world, outline(world, index), &mut copy).await?;
    }
    copy.finish().await
}

/// Loads `project_invitations`: members who may see what is for the invited only.
pub(super) async fn load_invitations(world: &World, connection: &mut PgConnection) -> Result<u64> {
    let mut copy = Copy::into(connection, "project_invitations");
    for index in 0..world.projects.count {
        let outline = outline(world, index);
        if outline.visibility != "INVITE_ONLY" {
            continue;
        }
        let random = &mut Random::for_row(world.seed, "invitations", index);
        let count = 2 + random.below(8);
        let inviter: Uuid = world.users.id(outline.owner);
        for guest in different(random, world.users.count, count, outline.owner) {
            copy.row(&[
                ("project_id", &outline.row.id),
                ("user_id", &world.users.id(guest)),
                ("invited_by", &inviter),
                ("created_at", &outline.row.at),
            ])
            .await?;
        }
    }
    copy.finish().await
}
