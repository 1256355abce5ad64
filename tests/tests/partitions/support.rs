//! The function on a database of its own, with its own corner of the backups bucket, and a record of every row that was ever written.

use std::collections::BTreeSet;
use std::io::Read as _;
use std::time::Duration;

use flate2::read::GzDecoder;
use partitions::{Answer, Manifest, Partitions, PartitionsError, Settings};
use portal_jobs::{Deadline, ObjectKey, ObjectStore};
use portal_tests::database::TestDatabase;
use portal_tests::members::Member;
use portal_tests::stack::Stack;
use serde_json::{Value, json};
use sqlx::postgres::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

/// The partitioned tables, with the column of their time.
pub const TABLES: [(&str, &str); 3] = [
    ("admin_actions", "created_at"),
    ("audit_log", "created_at"),
    ("system_metrics", "recorded_at"),
];

pub struct House {
    pub database: TestDatabase,
    pub owner: PgConnection,
    pub member: Member,
    pub store: ObjectStore,
    pub settings: Settings,
}

impl House {
    /// With a member of staff, and a copy `kept_<table>` of each partitioned table, to which nothing ever happens.
    pub async fn create() -> Self {
        let database = TestDatabase::create().await;
        let mut owner = database.connect("owner").await;
        let member = Member::add(&mut owner, "stan", &[]).await;
        for (table, _) in TABLES {
            let copy = format!(
                "CREATE TABLE kept_{table} AS TABLE {table}; CREATE TABLE restored_{table} AS TABLE {table} WITH NO DATA"
            );
            sqlx::raw_sql(&copy).execute(&mut owner).await.unwrap();
        }
        let stack = Stack::get();
        Self {
            database,
            owner,
            member,
            store: ObjectStore::with_client(stack.s3().await),
            settings: Settings {
                bucket: stack.environment["PORTAL_BACKUPS_BUCKET"].clone(),
                prefix: format!("tests/{}/archives/", Uuid::now_v7()),
                lock_timeout: Duration::from_millis(300),
                batch: 20,
                deadline_margin: Duration::ZERO,
            },
        }
    }

    pub async fn execute(&mut self, statements: &str) {
        sqlx::raw_sql(statements).execute(&mut self.owner).await.unwrap();
    }

    pub async fn scalar(&mut self, query: &str) -> Value {
        sqlx::query_scalar(query)
            .fetch_one(&mut self.owner)
            .await
            .unwrap()
    }

    /// Writes so many rows into a table, spread over the time from an instant on, and notes them.
    pub async fn write(&mut self, table: &str, from: OffsetDateTime, over: time::Duration, rows: i32) {
        let each = match table {
            "admin_actions" => format!(
                "INSERT INTO admin_actions (id, action, user_id, reason, details, created_at)
                SELECT gen_random_uuid(), 'users.approve', '{}', CASE n % 3 WHEN 0 THEN '' WHEN 1 THEN E'two\\nlines' ELSE 'a \"word\", and' END,
                    jsonb_build_object('n', n, 'none', NULL), $1 + n * ($2 * interval '1 microsecond') / $3
                FROM generate_series(0, $3 - 1) AS n RETURNING *",
                self.member.id
            ),
            "audit_log" => "INSERT INTO audit_log (id, table_name, row_key, operation, before, after, database_role, application, created_at)
                SELECT nextval('audit_log_id'), 'users', 'ü' || n, 'UPDATE', CASE WHEN n % 2 = 0 THEN '{\"title\": \"\"}'::jsonb END,
                    '{\"title\": \"Böss\"}', 'r', '', $1 + n * ($2 * interval '1 microsecond') / $3
                FROM generate_series(0, $3 - 1) AS n RETURNING *"
                .to_owned(),
            _ => "INSERT INTO system_metrics (id, metric, value, recorded_at)
                SELECT gen_random_uuid(), 'm', random() / 3, $1 + n * ($2 * interval '1 microsecond') / $3
                FROM generate_series(0, $3 - 1) AS n RETURNING *"
                .to_owned(),
        };
        let written = sqlx::query(&format!(
            "WITH new AS ({each}) INSERT INTO kept_{table} SELECT * FROM new"
        ))
        .bind(from)
        .bind(i64::try_from(over.whole_microseconds()).unwrap())
        .bind(rows)
        .execute(&mut self.owner)
        .await
        .unwrap_or_else(|error| panic!("{table} at {from}: {error}"));
        assert_eq!(written.rows_affected(), u64::try_from(rows).unwrap());
    }

    /// What sealing would have done by an instant.
    pub async fn seal(&mut self, at: OffsetDateTime) {
        sqlx::query(
            "INSERT INTO audit_seals (day, row_count, digest, object_key)
            SELECT day, 0, sha256(day::text::bytea), day::text
            FROM (
                SELECT DISTINCT (created_at AT TIME ZONE 'UTC')::date AS day FROM audit_log
                UNION SELECT (created_at AT TIME ZONE 'UTC')::date FROM admin_actions
            ) AS days
            WHERE day < ($1 AT TIME ZONE 'UTC')::date
            ON CONFLICT DO NOTHING",
        )
        .bind(at)
        .execute(&mut self.owner)
        .await
        .unwrap();
    }

    pub async fn function(&self) -> Partitions {
        Partitions::new(
            self.database.config("portal_maintenance", false),
            Stack::get().secrets().await,
            self.store.clone(),
            self.settings.clone(),
        )
    }

    /// A night at an instant.
    pub async fn run(&self, at: OffsetDateTime) -> Result<Answer, PartitionsError> {
        self.serve(&json!({ "detail-type": "Scheduled Event", "detail": {} }), at)
            .await
    }

    pub async fn serve(&self, event: &Value, at: OffsetDateTime) -> Result<Answer, PartitionsError> {
        let function = self.function().await;
        function.serve(event, Uuid::now_v7(), at, Deadline::never()).await
    }

    /// The names of a table's partitions, the default one left out.
    pub async fn partitions(&mut self, table: &str) -> Vec<String> {
        sqlx::query_scalar("SELECT name FROM app.partitions($1)")
            .bind(table)
            .fetch_all(&mut self.owner)
            .await
            .unwrap()
    }

    pub fn object(&self, key: &str) -> ObjectKey {
        ObjectKey {
            bucket: self.settings.bucket.clone(),
            key: key.to_owned(),
            version: None,
        }
    }

    /// Every key below this house's prefix.
    pub async fn keys(&self) -> BTreeSet<String> {
        let listed = self
            .store
            .list(&self.settings.bucket, &self.settings.prefix)
            .await;
        listed.unwrap().into_iter().collect()
    }

    /// How often something was written below this house's prefix.
    pub async fn versions(&self) -> usize {
        let s3 = Stack::get().s3().await;
        let listed = s3
            .list_object_versions()
            .bucket(&self.settings.bucket)
            .prefix(&self.settings.prefix);
        listed.send().await.unwrap().versions().len()
    }

    /// Reads every archive that the database knows of into `restored_<table>`, as a person would, after comparing it with its manifest.
    pub async fn restore(&mut self) {
        let archives: Vec<(String, String, String, i64)> = sqlx::query_as(
            "SELECT table_name, object_key, manifest_key, row_count FROM partition_archives ORDER BY table_name, from_at",
        )
        .fetch_all(&mut self.owner)
        .await
        .unwrap();
        for (table, key, manifest, rows) in archives {
            let manifest: Manifest =
                serde_json::from_slice(&self.store.read(&self.object(&manifest)).await.unwrap()).unwrap();
            let csv = self.content(&key).await;
            assert_eq!(
                (manifest.rows, manifest.content_bytes),
                (u64::try_from(rows).unwrap(), csv.len() as u64)
            );
            assert_eq!((manifest.table, manifest.object_key), (table.clone(), key));
            let columns: Vec<_> = manifest
                .columns
                .iter()
                .map(|column| column.name.as_str())
                .collect();
            let statement = format!(
                "COPY restored_{table} ({}) FROM STDIN WITH (FORMAT csv, HEADER)",
                columns.join(", ")
            );
            let mut copy = self.owner.copy_in_raw(&statement).await.unwrap();
            copy.send(csv).await.unwrap();
            assert_eq!(copy.finish().await.unwrap(), manifest.rows);
        }
    }

    /// An archive's rows as CSV.
    pub async fn content(&self, key: &str) -> Vec<u8> {
        let object = self.object(key);
        let head = self.store.head(&object).await.unwrap();
        let mut stream = self.store.stream(object, &head, 0);
        let mut packed = Vec::new();
        while let Some(piece) = stream.next().await.unwrap() {
            packed.extend_from_slice(&piece);
        }
        let mut csv = Vec::new();
        GzDecoder::new(packed.as_slice()).read_to_end(&mut csv).unwrap();
        csv
    }

    /// Asserts that every row that was ever written is in its table or in an archive, once, and as it was.
    pub async fn nothing_is_lost_or_doubled(&mut self) {
        for (table, _) in TABLES {
            let now = format!("(SELECT * FROM {table} UNION ALL SELECT * FROM restored_{table})");
            for (one, other, wrong) in [
                (format!("TABLE kept_{table}"), now.clone(), "lost"),
                (now.clone(), format!("TABLE kept_{table}"), "doubled or changed"),
            ] {
                let differing = self
                    .scalar(&format!(
                        "SELECT to_jsonb(count(*)) FROM ({one} EXCEPT ALL {other}) AS d"
                    ))
                    .await;
                assert_eq!(differing, json!(0), "{table}: rows were {wrong}");
            }
        }
    }

    /// Asserts that nothing is half done: no table that is no partition, no upload under way, no object without its record and its
    /// manifest, no run that says that it goes on.
    pub async fn nothing_is_left_over(&mut self) {
        let loose = self
            .scalar(
                "SELECT COALESCE(jsonb_agg(relname), '[]') FROM pg_class
                WHERE relname ~ '^(admin_actions|audit_log|system_metrics)_[0-9]' AND relkind = 'r' AND NOT relispartition",
            )
            .await;
        assert_eq!(loose, json!([]));
        assert_eq!(
            self.scalar("SELECT to_jsonb(count(*)) FROM job_runs WHERE state = 'RUNNING'")
                .await,
            json!(0)
        );
        let known: Vec<String> =
            sqlx::query_scalar("SELECT unnest(ARRAY[object_key, manifest_key]) FROM partition_archives")
                .fetch_all(&mut self.owner)
                .await
                .unwrap();
        assert_eq!(self.keys().await, known.into_iter().collect());
        let s3 = Stack::get().s3().await;
        let uploads = s3
            .list_multipart_uploads()
            .bucket(&self.settings.bucket)
            .prefix(&self.settings.prefix)
            .send()
            .await
            .unwrap();
        assert_eq!(uploads.uploads().len(), 0);
    }
}

/// The beginning of a UTC day so many days from today.
pub fn day(offset: i64) -> OffsetDateTime {
    let today = OffsetDateTime::now_utc().date().midnight().assume_utc();
    today + time::Duration::days(offset)
}
