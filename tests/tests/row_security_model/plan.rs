//! What proptest draws, and the world that comes of it.

use std::collections::BTreeSet;

use portal_tests::rows::{World, table, tables};
use proptest::prelude::*;
use sqlx::postgres::PgConnection;
use uuid::Uuid;

use crate::who::Who;

/// What can be allowed.
const PERMISSIONS: [&str; 19] = [
    "users.read",
    "users.manage",
    "roles.manage",
    "projects.create",
    "projects.manage",
    "events.create",
    "events.manage",
    "courses.manage",
    "payments.read",
    "payments.refund",
    "payments.manage",
    "feedback.manage",
    "messages.moderate",
    "announcements.manage",
    "contractors.outreach",
    "imports.manage",
    "audit.read",
    "reports.read",
    "system.read",
];

/// Until when a role is held.
#[derive(Clone, Copy, Debug)]
pub enum Until {
    Ever,
    Tomorrow,
    Yesterday,
}

/// A drawn case; it shrinks to fewer people, roles, permissions and rows.
#[derive(Clone, Debug)]
pub struct Plan {
    /// For each member the roles: their permissions, and until when they are held.
    pub members: Vec<Vec<(BTreeSet<usize>, Until)>>,
    /// Each gives every table a row.
    pub rounds: Vec<u64>,
}

pub fn plans() -> impl Strategy<Value = Plan> {
    let until = prop_oneof![Just(Until::Ever), Just(Until::Tomorrow), Just(Until::Yesterday)];
    let role = (prop::collection::btree_set(0..PERMISSIONS.len(), 0..8), until);
    let members = prop::collection::vec(prop::collection::vec(role, 0..3), 2..5);
    let rounds = prop::collection::vec(any::<u64>(), 1..5);
    (members, rounds).prop_map(|(members, rounds)| Plan { members, rounds })
}

/// A member who can ask.
pub struct Person {
    pub session: Uuid,
    pub who: Who,
}

/// The seed of one row of a table.
pub fn seed(round: u64, table: usize) -> u64 {
    round.wrapping_add(u64::try_from(table).unwrap().wrapping_mul(0x9E37_79B9_7F4A_7C15))
}

/// Puts a case into the database.
pub async fn build(owner: &mut PgConnection, plan: &Plan) -> (World, Vec<Person>) {
    let mut world = World::default();
    let mut people = Vec::new();
    for (number, roles) in plan.members.iter().enumerate() {
        people.push(settle(owner, &mut world, number, roles).await);
    }
    let mut statements = String::new();
    for round in &plan.rounds {
        for (number, table) in tables().enumerate() {
            if world.add(table, seed(*round, number)) {
                statements += &world.rows.last().unwrap().insert(None);
                statements += ";\n";
            }
        }
    }
    sqlx::raw_sql(&statements).execute(owner).await.unwrap();
    (world, people)
}

async fn settle(
    owner: &mut PgConnection,
    world: &mut World,
    number: usize,
    roles: &[(BTreeSet<usize>, Until)],
) -> Person {
    let (member, session) = (Uuid::now_v7(), Uuid::now_v7());
    let account = table("users").draw(world, u64::try_from(number).unwrap());
    let account = account.with("id", &member.to_string()).with("is_active", "true");
    let account = account
        .with("approved_at", "2020-01-01 00:00:00+00")
        .without("deleted_at");
    let mut statements = format!(
        "{}; INSERT INTO sessions (id, user_id, refresh_token_hash, expires_at, second_factor_at)
        VALUES ('{session}', '{member}', uuid_send('{session}'), now() + interval '1 day', now());",
        account.insert(None)
    );
    let (mut permissions, mut lasting) = (BTreeSet::new(), BTreeSet::new());
    for (allowed, until) in roles {
        let role = Uuid::now_v7();
        let names: Vec<_> = allowed.iter().map(|index| PERMISSIONS[*index]).collect();
        let expires = match until {
            Until::Ever => "NULL",
            Until::Tomorrow => "now() + interval '1 day'",
            Until::Yesterday => "now() - interval '1 day'",
        };
        if !matches!(until, Until::Yesterday) {
            permissions.extend(names.iter().copied());
        }
        if matches!(until, Until::Ever) {
            lasting.extend(names.iter().copied());
        }
        statements += &format!(
            "INSERT INTO roles (id, name, description) VALUES ('{role}', 'held', 'held');
            INSERT INTO user_roles (user_id, role_id, expires_at) VALUES ('{member}', '{role}', {expires});
            INSERT INTO role_permissions (role_id, permission_id)
                SELECT '{role}', id FROM permissions WHERE name = ANY ('{{{}}}');",
            names.join(",")
        );
    }
    sqlx::raw_sql(&statements).execute(owner).await.unwrap();
    world.members.push(member);
    world.rows.push(account);
    Person {
        session,
        who: Who {
            member: Some(member),
            permissions,
            lasting,
        },
    }
}
