//! The function on a database of its own.

use std::time::Duration;

use maintenance::{Maintenance, MaintenanceError, Primary, Settings};
use portal_jobs::{Deadline, ObjectStore};
use portal_tests::database::TestDatabase;
use portal_tests::stack::Stack;
use serde_json::{Value, json};
use sqlx::postgres::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

pub struct House {
    pub database: TestDatabase,
    pub owner: PgConnection,
}

impl House {
    pub async fn create() -> Self {
        let database = TestDatabase::create().await;
        let owner = database.connect("owner").await;
        Self { database, owner }
    }

    /// A table of ours with so many rows, which nobody looks after but us.
    pub async fn with_table(rows: u32) -> Self {
        let mut house = Self::create().await;
        house
            .execute(&format!(
                "CREATE TABLE heap (id integer CONSTRAINT heap_pkey PRIMARY KEY, note text) WITH (autovacuum_enabled = false);
                ALTER TABLE heap OWNER TO portal_owner;
                INSERT INTO heap SELECT n, 'note ' || n FROM generate_series(1, {rows}) AS n"
            ))
            .await;
        house.count_now().await;
        house
    }

    pub async fn execute(&mut self, statements: &str) {
        sqlx::raw_sql(statements).execute(&mut self.owner).await.unwrap();
    }

    /// Brings what this connection has written into the statistics at once.
    pub async fn count_now(&mut self) {
        self.execute("SELECT pg_stat_force_next_flush()").await;
        self.execute("SELECT 1").await;
    }

    pub async fn scalar(&mut self, query: &str) -> Value {
        sqlx::query_scalar(query)
            .fetch_one(&mut self.owner)
            .await
            .unwrap()
    }

    /// A step as the schedule starts it, under the function's own role; what it says of itself.
    pub async fn step(&self, step: &str) -> Value {
        self.serve(&json!({ "detail": { "step": step } })).await.unwrap()
    }

    pub async fn serve(&self, event: &Value) -> Result<Value, MaintenanceError> {
        let settings = Settings {
            bucket: "none".to_owned(),
            prefix: String::new(),
            grace: time::Duration::HOUR,
            deadline_margin: Duration::ZERO,
        };
        let primary = Primary {
            config: self.database.config("portal_maintenance", false),
            secrets: Stack::get().secrets().await,
        };
        let portal = self.database.open("portal_maintenance", false).await;
        let function = Maintenance::new(portal, ObjectStore::new(), settings).with_primary(primary);
        let now = OffsetDateTime::now_utc();
        let answer = function
            .serve(event, Uuid::now_v7(), now, Deadline::never())
            .await;
        answer.map(|answer| answer.details)
    }
}

/// Whether a list in an answer names something.
pub fn names(list: &Value, name: &str) -> bool {
    list.as_array().unwrap().iter().any(|one| one == name)
}
