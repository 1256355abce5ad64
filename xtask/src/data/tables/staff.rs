//! What staff do: announcements, tickets, and their actions.

use anyhow::Result;
use serde_json::{Value, json};
use sqlx::{Connection as _, PgConnection};
use time::{Date, Duration};
use uuid::Uuid;

use super::copy::Copy;
use super::series::{Row, different};
use super::world::World;
use crate::data::random::Random;
use crate::data::words::admin::ACTIONS;
use crate::data::words::mail::{ANNOUNCEMENTS, REPLIES, TICKETS};

/// Loads `announcements`: most for all, some for a role or for staff.
pub(super) async fn load_announcements(world: &World, connection: &mut PgConnection) -> Result<u64> {
    let mut copy = Copy::into(connection, "announcements");
    for mut row in world.announcements.rows() {
        let author = world.staff_member(&mut row);
        let random = &mut row.random;
        let (title, content) = random.pick(ANNOUNCEMENTS);
        let audience = random.weighted(&[(80, "ALL"), (10, "MEMBER_TYPE"), (10, "ROLE")]);
        let role = world
            .roles
            .values()
            .nth(usize::try_from(row.index).unwrap_or_default() % world.roles.len().max(1));
        let audience = if audience == "ROLE" && role.is_none() {
            "ALL"
        } else {
            audience
        };
        copy.row(&[
            ("id", &row.id),
            ("author_id", &author),
            ("title", &title),
            ("content", &content),
            ("audience", &audience),
            (
                "audience_member_type",
                &(audience == "MEMBER_TYPE").then(|| random.pick(&["REGULAR", "ADMIN"])),
            ),
            ("audience_role_id", &role.copied().filter(|_| audience == "ROLE")),
            ("is_urgent", &random.chance(70)),
            ("publish_at", &row.at),
            (
                "expires_at",
                &random
                    .chance(800)
                    .then(|| row.at + Duration::days(random.between(14..=120))),
            ),
            ("notified_at", &row.at),
            ("created_at", &row.at),
            ("updated_at", &row.at),
        ])
        .await?;
    }
    copy.finish().await
}

/// Loads `announcement_reads`.
pub(super) async fn load_reads(world: &World, connection: &mut PgConnection) -> Result<u64> {
    let mut copy = Copy::into(connection, "announcement_reads");
    for mut row in world.announcements.rows() {
        let accounts = world.accounts_at(row.at);
        let count = accounts / 50 + row.random.below(accounts / 10 + 1);
        for reader in different(&mut row.random, accounts, count, u64::MAX) {
            let at = (row.at + Duration::minutes(1 + row.random.skewed(20_000).cast_signed())).min(world.now);
            copy.row(&[
                ("announcement_id", &row.id),
                ("user_id", &world.users.id(reader)),
                ("read_at", &at),
            ])
            .await?;
        }
    }
    copy.finish().await
}

/// A ticket's state by its age.
fn ticket_status(world: &World, row: &mut Row) -> &'static str {
    if world.now - row.at < Duration::days(21) {
        row.random
            .weighted(&[(50, "OPEN"), (30, "IN_PROGRESS"), (20, "RESOLVED")])
    } else {
        row.random
            .weighted(&[(2, "OPEN"), (2, "IN_PROGRESS"), (26, "RESOLVED"), (70, "CLOSED")])
    }
}

/// Loads `member_feedback`.
pub(super) async fn load_tickets(world: &World, connection: &mut PgConnection) -> Result<u64> {
    let mut copy = Copy::into(connection, "member_feedback");
    for mut row in world.tickets.rows() {
        let author = world.someone(&mut row);
        let agent = world.staff_member(&mut row);
        let status = ticket_status(world, &mut row);
        let (category, subject, content) = row.random.pick(TICKETS);
        let solved = matches!(status, "RESOLVED" | "CLOSED");
        let resolved_at =
            solved.then(|| (row.at + Duration::hours(row.random.between(1..=300))).min(world.now));
        copy.row(&[
            ("id", &row.id),
            ("user_id", &world.users.id(author)),
            ("category", &category),
            (
                "priority",
                &row.random
                    .weighted(&[(3, "LOW"), (5, "MEDIUM"), (2, "HIGH"), (1, "URGENT")]),
            ),
            ("subject", &subject),
            ("content", &content),
            ("status", &status),
            ("assigned_to", &(status != "OPEN").then_some(agent)),
            ("resolved_at", &resolved_at),
            ("created_at", &row.at),
            ("updated_at", &resolved_at.unwrap_or(row.at)),
        ])
        .await?;
    }
    copy.finish().await
}

/// Loads `feedback_replies`.
pub(super) async fn load_replies(world: &World, connection: &mut PgConnection) -> Result<u64> {
    let mut copy = Copy::into(connection, "feedback_replies");
    for mut row in world.tickets.rows() {
        let author = world.users.id(world.someone(&mut row));
        let agent = world.staff_member(&mut row);
        if ticket_status(world, &mut row) == "OPEN" {
            continue;
        }
        let random = &mut Random::for_row(world.seed, "replies", row.index);
        let mut at = row.at;
        for turn in 0..1 + random.skewed(4) {
            at = (at + Duration::minutes(random.between(10..=2_000))).min(world.now);
            let by_agent = turn % 2 == 0;
            copy.row(&[
                ("id", &row.part(at)),
                ("feedback_id", &row.id),
                ("author_id", &if by_agent { agent } else { author }),
                ("content", &random.pick(REPLIES)),
                ("is_internal", &(by_agent && random.chance(150))),
                ("created_at", &at),
            ])
            .await?;
        }
    }
    copy.finish().await
}

/// Makes sure that the months of the actions have their partitions, owned by whom the migrations' are.
pub(super) async fn prepare_partitions(world: &World, connection: &mut PgConnection) -> Result<()> {
    let mut transaction = connection.begin().await?;
    sqlx::query("SET LOCAL ROLE portal_owner")
        .execute(&mut *transaction)
        .await?;
    let mut month: Date = world.actions.row(0).at.date().replace_day(1)?;
    while month <= world.now.date() {
        let create = sqlx::query("SELECT app.create_partition('admin_actions', $1)").bind(month);
        create.execute(&mut *transaction).await?;
        month = (month + Duration::days(32)).replace_day(1)?;
    }
    Ok(transaction.commit().await?)
}

/// Loads `admin_actions`.
pub(super) async fn load_actions(world: &World, connection: &mut PgConnection) -> Result<u64> {
    let mut copy = Copy::into(connection, "admin_actions");
    for mut row in world.actions.rows() {
        let actor = world.staff_member(&mut row);
        let action = row.random.weighted(ACTIONS);
        let target = Target::draw(world, &mut row, action.table);
        let request = row.part(row.at);
        copy.row(&[
            ("id", &row.id),
            ("action", &action.name),
            ("user_id", &actor),
            ("target_user_id", &target.user),
            ("target_table", &action.table),
            ("target_id", &target.key),
            ("reason", &row.random.pick(action.reasons)),
            ("details", &target.details),
            ("request_id", &request),
            ("created_at", &row.at),
        ])
        .await?;
    }
    copy.finish().await
}

/// What an action was done to.
struct Target {
    user: Option<Uuid>,
    key: Option<String>,
    details: Value,
}

impl Target {
    fn draw(world: &World, row: &mut Row, table: &str) -> Self {
        let pick = |row: &mut Row, count: u64| row.random.below(count.max(1));
        match table {
            "projects" => Self::row_of(world.projects.id(pick(row, world.projects.before(row.at)))),
            "events" => Self::row_of(world.events.id(pick(row, world.events.before(row.at)))),
            "member_feedback" => Self::row_of(world.tickets.id(pick(row, world.tickets.before(row.at)))),
            "announcements" => Self::row_of(
                world
                    .announcements
                    .id(pick(row, world.announcements.before(row.at))),
            ),
            "payments" => Self::row_of(world.gifts.id(pick(row, world.gifts.before(row.at)))),
            "import_runs" => Self {
                user: None,
                key: None,
                details: json!({}),
            },
            "california_contractors" => {
                let index = pick(row, world.scale.contractors());
                let key = crate::data::contractors::licence_number(world.seed, index);
                Self {
                    user: None,
                    key: Some(key),
                    details: json!({"channel": row.random.pick(&["PHONE", "EMAIL", "VISIT"])}),
                }
            }
            _ => {
                let id = world.users.id(world.someone(row));
                Self {
                    user: Some(id),
                    key: Some(id.to_string()),
                    details: json!({}),
                }
            }
        }
    }

    fn row_of(id: Uuid) -> Self {
        Self {
            user: None,
            key: Some(id.to_string()),
            details: json!({}),
        }
    }
}
