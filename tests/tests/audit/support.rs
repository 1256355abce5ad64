//! A maintenance function on a database of its own, with its own corner of the backups bucket.

use maintenance::{Answer, Finding, Maintenance, MaintenanceError, Settings};
use portal_jobs::{Deadline, ObjectKey, ObjectStore};
use portal_tests::database::TestDatabase;
use portal_tests::stack::Stack;
use serde_json::{Value, json};
use sqlx::postgres::PgConnection;
use time::{Date, Duration, OffsetDateTime};
use uuid::Uuid;

/// The function, its database and its seals.
pub struct Vault {
    pub database: TestDatabase,
    pub owner: PgConnection,
    pub maintenance: Maintenance,
    pub store: ObjectStore,
    pub settings: Settings,
}

impl Vault {
    pub async fn create() -> Self {
        let database = TestDatabase::create().await;
        let owner = database.connect("owner").await;
        let stack = Stack::get();
        let store = ObjectStore::with_client(stack.s3().await);
        let settings = Settings {
            bucket: stack.environment["PORTAL_BACKUPS_BUCKET"].clone(),
            prefix: format!("tests/{}/audit-seals/", Uuid::now_v7()),
            grace: Duration::HOUR,
            deadline_margin: std::time::Duration::ZERO,
        };
        let maintenance = function(&database, &store, &settings).await;
        Self {
            database,
            owner,
            maintenance,
            store,
            settings,
        }
    }

    /// A vault with five days in August 2026, of which the third is empty, sealed.
    pub async fn sealed() -> Self {
        let mut vault = Self::create().await;
        vault.fill().await;
        let answer = vault.seal(until(24)).await.unwrap();
        assert_eq!(
            answer.details["sealed"].as_array().unwrap().len(),
            5,
            "{answer:?}"
        );
        vault
    }

    /// Three rows of the audit log and two actions of staff on each of four days.
    pub async fn fill(&mut self) {
        self.execute(
            "INSERT INTO users (id, email, first_name, last_name)
            VALUES ('0198a7c0-0000-7000-8000-000000000002', 'staff@example.org', 'Stan', 'Staff');
            INSERT INTO audit_log (id, table_name, row_key, operation, before, after, database_role, application, created_at)
            SELECT nextval('audit_log_id'), 'users', n::text, 'UPDATE', '{\"title\": null}', '{\"title\": \"Boss\"}', 'r', 'a', day + n * interval '7 hours'
            FROM unnest('{2026-08-20,2026-08-21,2026-08-23,2026-08-24}'::timestamptz[]) AS day, generate_series(1, 3) AS n;
            INSERT INTO admin_actions (id, action, user_id, created_at)
            SELECT gen_random_uuid(), 'users.approve', '0198a7c0-0000-7000-8000-000000000002', day + n * interval '5 hours'
            FROM unnest('{2026-08-20,2026-08-21,2026-08-23,2026-08-24}'::timestamptz[]) AS day, generate_series(1, 2) AS n",
        )
        .await;
    }

    pub async fn seal(&self, now: OffsetDateTime) -> Result<Answer, MaintenanceError> {
        self.serve(&json!({ "detail": { "step": "audit-seal" } }), now)
            .await
    }

    pub async fn serve(&self, event: &Value, now: OffsetDateTime) -> Result<Answer, MaintenanceError> {
        self.maintenance
            .serve(event, Uuid::now_v7(), now, Deadline::never())
            .await
    }

    /// What verifying finds, as day and problem.
    pub async fn findings(&self) -> Vec<String> {
        let answer = self
            .serve(&json!({ "step": "audit-verify" }), until(24))
            .await
            .unwrap();
        let findings: Vec<Finding> = serde_json::from_value(answer.details["findings"].clone()).unwrap();
        let problem = |finding: &Finding| serde_json::to_value(finding.problem).unwrap();
        findings
            .iter()
            .map(|finding| format!("{} {}", finding.day, problem(finding).as_str().unwrap()))
            .collect()
    }

    /// Does something as the owner who has switched all triggers off.
    pub async fn tamper(&mut self, statement: &str) {
        self.execute("SET session_replication_role = replica").await;
        let touched = sqlx::raw_sql(statement)
            .execute(&mut self.owner)
            .await
            .unwrap()
            .rows_affected();
        assert!(touched > 0, "nothing was tampered with by {statement}");
        self.execute("SET session_replication_role = origin").await;
    }

    pub async fn execute(&mut self, statement: &str) {
        sqlx::raw_sql(statement).execute(&mut self.owner).await.unwrap();
    }

    /// The seals as the table holds them.
    pub async fn seals(&mut self) -> Value {
        self.scalar("SELECT COALESCE(jsonb_agg(to_jsonb(s) ORDER BY day), '[]') FROM audit_seals AS s")
            .await
    }

    pub async fn scalar(&mut self, query: &str) -> Value {
        sqlx::query_scalar(query)
            .fetch_one(&mut self.owner)
            .await
            .unwrap()
    }

    pub fn object(&self, day: u8) -> ObjectKey {
        ObjectKey {
            bucket: self.settings.bucket.clone(),
            key: format!("{}2026-08-{day}.json", self.settings.prefix),
            version: None,
        }
    }

    /// The content of a day's object.
    pub async fn read(&self, day: u8) -> Value {
        serde_json::from_slice(&self.store.read(&self.object(day)).await.unwrap()).unwrap()
    }

    /// Removes a day's object, as nobody can where Object Lock is on.
    pub async fn remove(&self, day: u8) {
        let object = self.object(day);
        let s3 = Stack::get().s3().await;
        s3.delete_object()
            .bucket(object.bucket)
            .key(object.key)
            .send()
            .await
            .unwrap();
    }
}

/// Another instance of the function.
pub async fn function(database: &TestDatabase, store: &ObjectStore, settings: &Settings) -> Maintenance {
    let portal = database.open("portal_maintenance", false).await;
    Maintenance::new(portal, store.clone(), settings.clone())
}

/// A moment at which the days of August 2026 up to this one are over.
pub fn until(day: u8) -> OffsetDateTime {
    let day = Date::from_calendar_date(2026, time::Month::August, day).unwrap();
    day.midnight().assume_utc() + Duration::hours(26)
}
