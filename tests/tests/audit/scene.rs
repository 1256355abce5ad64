//! Rows of one member that the audit is asked about, each in a state in which it may be changed.

use portal_tests::rows::{Row, World, literal, table};
use serde_json::Value;
use sqlx::postgres::PgConnection;
use uuid::Uuid;

/// Columns that make a row the caller's, and in a state in which it may be changed.
const OWN: &[&str] = &[
    "owner_id",
    "user_id",
    "organizer_id",
    "author_id",
    "uploaded_by",
    "created_by",
    "invited_by",
    "reported_by",
    "receiver_id",
    "actor_id",
    "ordered_by",
];
const OPEN: &[(&str, &str, &str)] = &[
    ("projects", "status", "BIDDING_OPEN"),
    ("projects", "visibility", "PUBLIC"),
    ("project_applications", "status", "PENDING"),
    ("event_registrations", "status", "REGISTERED"),
    ("course_enrollments", "status", "ENROLLED"),
    ("payments", "status", "PENDING"),
    ("user_skills", "verified", "false"),
    ("avatars", "state", "PENDING"),
    ("roles", "is_system", "false"),
    ("feedback_replies", "is_internal", "false"),
    ("member_feedback", "status", "OPEN"),
    ("announcements", "publish_at", "2019-01-01 00:00:00+00"),
];

/// Columns of one row that name two people.
const PAIRS: &[(&str, &str)] = &[
    ("sender_id", "receiver_id"),
    ("user_id", "counterpart_id"),
    ("user_id", "blocked_id"),
];

/// What is there, and how rows are drawn.
pub(crate) struct Scene {
    pub(crate) owner: PgConnection,
    pub(crate) world: World,
    pub(crate) ana: Uuid,
    pub(crate) seed: u64,
    pub(crate) secrets: Vec<(String, String)>,
}

impl Scene {
    /// A row of the caller's that is not there yet.
    pub(crate) fn draw(&mut self, name: &str) -> Row {
        loop {
            let row = self.draw_any(name);
            let alone =
                |(one, other): &(&str, &str)| row.get(one).is_some() && row.get(one) == row.get(other);
            // Nobody writes to or blocks themselves: the next draw has another counterpart sooner or later.
            if !PAIRS.iter().any(alone) {
                return row;
            }
        }
    }

    fn draw_any(&mut self, name: &str) -> Row {
        self.seed += 1;
        let mut row = table(name).draw(&self.world, self.seed);
        for column in OWN {
            if row.get(column).is_some() {
                row = row.with(column, &self.ana.to_string());
            }
        }
        for (_, column, value) in OPEN.iter().filter(|(of, ..)| *of == name) {
            row = row.with(column, value);
        }
        row.without("deleted_at").without("paid_at")
    }

    pub(crate) async fn add(&mut self, name: &str) -> Row {
        let row = self.draw(name);
        // Of pairs there are few: one that is there makes place.
        let key = format!(
            "DELETE FROM {name} WHERE {} = {}",
            row.table.key_sql(),
            literal(Some(&row.key()))
        );
        let statement = format!(
            "SET session_replication_role = replica; {key}; SET session_replication_role = origin; {}",
            row.insert(None)
        );
        sqlx::raw_sql(&statement)
            .execute(&mut self.owner)
            .await
            .unwrap_or_else(|error| panic!("{row:?}: {error}"));
        row
    }

    pub(crate) async fn last(&mut self) -> (i64, Value) {
        sqlx::query_as("SELECT id, to_jsonb(a) FROM audit_log AS a ORDER BY id DESC LIMIT 1")
            .fetch_one(&mut self.owner)
            .await
            .unwrap()
    }

    /// Whether a role is granted a command on a table, and on which of some columns.
    pub(crate) async fn granted(
        &mut self,
        role: &str,
        name: &str,
        command: &str,
        columns: &[&str],
    ) -> (bool, Vec<String>) {
        let columns: Vec<String> = sqlx::query_scalar(
            "SELECT c FROM unnest($4::text[]) AS c WHERE has_column_privilege($1, $2, c, $3)",
        )
        .bind(role)
        .bind(name)
        .bind(if command == "DELETE" { "SELECT" } else { command })
        .bind(columns)
        .fetch_all(&mut self.owner)
        .await
        .unwrap();
        let whole: bool = sqlx::query_scalar("SELECT has_table_privilege($1, $2, $3)")
            .bind(role)
            .bind(name)
            .bind(command)
            .fetch_one(&mut self.owner)
            .await
            .unwrap();
        (whole, columns)
    }
}
