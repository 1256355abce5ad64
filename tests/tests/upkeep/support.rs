//! The function on a database of its own.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use maintenance::{Maintenance, Settings};
use portal_jobs::{Deadline, ObjectStore};
use portal_tests::database::TestDatabase;
use portal_tests::members::Member;
use serde_json::{Value, json};
use sqlx::postgres::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

pub struct House {
    pub database: TestDatabase,
    pub owner: PgConnection,
    pub member: Member,
}

impl House {
    /// With one member, who is signed in.
    pub async fn create() -> Self {
        let database = TestDatabase::create().await;
        let mut owner = database.connect("owner").await;
        let member = Member::add(&mut owner, "ana", &[]).await;
        Self {
            database,
            owner,
            member,
        }
    }

    /// Runs statements with the member's id for `$1`.
    pub async fn run(&mut self, statements: &str) {
        let statements = statements.replace("$1", &format!("'{}'", self.member.id));
        sqlx::raw_sql(&statements).execute(&mut self.owner).await.unwrap();
    }

    pub async fn count(&mut self, table: &str) -> i64 {
        sqlx::query_scalar(&format!("SELECT count(*) FROM {table}"))
            .fetch_one(&mut self.owner)
            .await
            .unwrap()
    }

    /// The step as the schedule starts it, under the function's own role; what it says of itself.
    pub async fn purge(&self, deadline: Deadline) -> Value {
        let portal = self.database.open("portal_maintenance", false).await;
        let settings = Settings {
            bucket: "none".to_owned(),
            prefix: String::new(),
            grace: time::Duration::HOUR,
            deadline_margin: Duration::ZERO,
        };
        let function = Maintenance::new(portal, ObjectStore::new(), settings);
        let event = json!({ "detail": { "step": "purge" } });
        let now = OffsetDateTime::now_utc();
        let answer = function.serve(&event, Uuid::now_v7(), now, deadline).await;
        answer.unwrap().details
    }
}

/// A deadline that has come.
pub fn over() -> Deadline {
    let soon = SystemTime::now().duration_since(UNIX_EPOCH).unwrap() + Duration::from_secs(1);
    Deadline::of_invocation(u64::try_from(soon.as_millis()).unwrap(), Duration::from_secs(5))
}
