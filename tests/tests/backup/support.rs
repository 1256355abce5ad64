//! The function on a database of its own, with its own corner of the backups bucket.

use std::path::PathBuf;

use aws_sdk_s3::Client;
use backup::{Action, Answer, BackupError, Backups, Drill, Manifest, Settings};
use portal_domain::backup::Retention;
use portal_jobs::{Deadline, ObjectKey, ObjectStore};
use portal_tests::database::TestDatabase;
use portal_tests::function::Function;
use portal_tests::members::Member;
use portal_tests::stack::Stack;
use serde_json::{Value, json};
use sqlx::postgres::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

/// Where Debian keeps PostgreSQL's programs.
pub const PROGRAMS: &str = "/usr/lib/postgresql/15/bin";

/// A member, an open project and a firm in Oakland.
const ROWS: &str = "
    INSERT INTO projects (id, owner_id, title, category, status, city, coordinates, deadline_date, published_at)
    VALUES (gen_random_uuid(), $1, 'A new roof', 'COMMERCIAL', 'BIDDING_OPEN', 'Oakland',
        ST_Point(-122.27, 37.80, 4326)::geography, now() + interval '30 days', now());
    INSERT INTO licences (license_number, region) VALUES ('700901', 'NORTH');
    INSERT INTO california_contractors (license_number, region, business_name, city, primary_status, in_good_standing, coordinates)
    VALUES ('700901', 'NORTH', 'ACME ROOFS', 'OAKLAND', 'CLEAR', true, ST_Point(-122.27, 37.80, 4326)::geography)";

pub struct World {
    pub database: TestDatabase,
    pub owner: PgConnection,
    pub store: ObjectStore,
    pub s3: Client,
    pub settings: Settings,
}

impl World {
    /// A small database.
    pub async fn create() -> Self {
        let database = TestDatabase::create().await;
        let mut owner = database.connect("owner").await;
        let member = Member::add(&mut owner, "ana", &[]).await;
        let rows = ROWS.replace("$1", &format!("'{}'", member.id));
        sqlx::raw_sql(&rows).execute(&mut owner).await.unwrap();
        let s3 = Stack::get().s3().await;
        Self {
            database,
            owner,
            store: ObjectStore::with_client(s3.clone()),
            s3,
            settings: settings(),
        }
    }

    /// One whose dump takes several parts.
    pub async fn create_large() -> Self {
        let mut world = Self::create().await;
        world
            .execute(
                "INSERT INTO job_runs (id, job, state, details)
                SELECT gen_random_uuid(), 'large', 'COMPLETED', jsonb_build_object('text', repeat(md5(n::text), 40))
                FROM generate_series(1, 10000) AS n",
            )
            .await;
        world
    }

    pub async fn execute(&mut self, statements: &str) {
        sqlx::raw_sql(statements).execute(&mut self.owner).await.unwrap();
    }

    /// One value, as JSON.
    pub async fn scalar(&mut self, query: &str) -> Value {
        sqlx::query_scalar(query)
            .fetch_one(&mut self.owner)
            .await
            .unwrap()
    }

    /// The function as it is deployed, with these settings.
    pub async fn function(&self, settings: Settings) -> Backups {
        let config = self.database.config("portal_backup", false);
        let secrets = Stack::get().secrets().await;
        Backups::new(&config, secrets, self.store.clone(), settings).unwrap()
    }

    /// Has it do something at a time of its own.
    pub async fn serve_at(&self, action: Action, now: OffsetDateTime) -> Result<Answer, BackupError> {
        let function = self.function(self.settings.clone()).await;
        // Boxed: the layers of the SDK's and the database's futures are deeper than the compiler's limit.
        Box::pin(function.serve(action, Uuid::now_v7(), now, Deadline::never())).await
    }

    /// Starts the function as a process of its own on this database, with more settings than it needs.
    pub async fn start(&self, more: &[(&str, &str)]) -> Function {
        let dump = format!("{PROGRAMS}/pg_dump");
        let restore = format!("{PROGRAMS}/pg_restore");
        let settings = [
            ("PORTAL_DATABASE_NAME", self.database.name()),
            ("PORTAL_DATABASE_SECRET", "portal/database/portal_backup"),
            ("PORTAL_BACKUPS_PREFIX", &self.settings.prefix),
            ("PORTAL_PG_DUMP", &dump),
            ("PORTAL_PG_RESTORE", &restore),
            ("PORTAL_BACKUP_COMPRESSION", "0"),
            ("PORTAL_BACKUP_PART_MIB", "5"),
            ("PORTAL_DRILL_SECRET", "portal/database/portal_maintenance"),
            ("PORTAL_DRILL_READER_SECRET", "portal/database/portal_api"),
        ];
        Function::start("backup", &[&settings, more].concat()).await
    }

    /// Makes a backup; what the function says of it.
    pub async fn back_up(&self) -> Value {
        let answer = self.serve_at(Action::Backup, OffsetDateTime::now_utc()).await;
        answer.unwrap().details
    }

    /// Why a backup was not made.
    pub async fn fail_to_back_up(&self) -> BackupError {
        let answer = self.serve_at(Action::Backup, OffsetDateTime::now_utc()).await;
        answer.unwrap_err()
    }

    pub async fn drill(&self) -> Result<Value, BackupError> {
        let answer = self.serve_at(Action::Drill, OffsetDateTime::now_utc()).await;
        answer.map(|answer| answer.details)
    }

    /// The backups' states, the oldest first.
    pub async fn states(&mut self) -> Value {
        self.scalar("SELECT COALESCE(jsonb_agg(state ORDER BY started_at, id), '[]') FROM backups")
            .await
    }

    /// The keys of its corner.
    pub async fn keys(&self) -> Vec<String> {
        let listed = self.store.list(&self.settings.bucket, &self.settings.prefix);
        listed.await.unwrap()
    }

    /// How many uploads nobody has finished.
    pub async fn unfinished(&self) -> usize {
        let found = self
            .store
            .unfinished(&self.settings.bucket, &self.settings.prefix);
        found.await.unwrap().len()
    }

    pub fn object(&self, key: &str) -> ObjectKey {
        ObjectKey {
            bucket: self.settings.bucket.clone(),
            key: key.to_owned(),
            version: None,
        }
    }

    /// An object's bytes.
    pub async fn read(&self, key: &str) -> Vec<u8> {
        let request = self.s3.get_object().bucket(&self.settings.bucket).key(key);
        let body = request.send().await.unwrap().body;
        body.collect().await.unwrap().to_vec()
    }

    /// Writes an object over whatever is there.
    pub async fn write(&self, key: &str, content: Vec<u8>) {
        let request = self.s3.put_object().bucket(&self.settings.bucket).key(key);
        request.body(content.into()).send().await.unwrap();
    }

    /// The manifest of a dump.
    pub async fn manifest(&self, key: &str) -> Manifest {
        Manifest::read(&self.read(&manifest_key(key)).await, key).unwrap()
    }

    /// The scratch databases that there are for this database.
    pub async fn scratch_databases(&mut self) -> Value {
        let query = format!(
            "SELECT to_jsonb(count(*)) FROM pg_database WHERE starts_with(datname, 'drill_{}_')",
            self.database.name()
        );
        self.scalar(&query).await
    }

    /// Everything is told of, and nothing is left over: what a run must leave behind whatever came before it.
    pub async fn check_order(&mut self) {
        assert_eq!(self.unfinished().await, 0, "unfinished uploads");
        assert_eq!(self.scratch_databases().await, json!(0), "scratch databases");
        let keys = self.keys().await;
        let complete = self
            .scalar(
                "SELECT COALESCE(jsonb_agg(key ORDER BY key), '[]')
                FROM backups, unnest(ARRAY[object_key, manifest_key]) AS key WHERE state IN ('STORED', 'PROVEN')",
            )
            .await;
        assert_eq!(
            json!(keys),
            complete,
            "objects that belong to no backup, or the other way round"
        );
        let at_work = "SELECT to_jsonb((SELECT count(*) FROM backups WHERE state = 'RUNNING')
            + (SELECT count(*) FROM job_runs WHERE state = 'RUNNING'))";
        assert_eq!(
            self.scalar(at_work).await,
            json!(0),
            "runs that say that they are at work"
        );
    }
}

/// The settings of a corner of its own. Parts are as small as S3 takes them, and nothing is compressed, so that there are some.
fn settings() -> Settings {
    let stack = Stack::get();
    Settings {
        bucket: stack.environment["PORTAL_BACKUPS_BUCKET"].clone(),
        prefix: format!("tests/{}/backups/", Uuid::now_v7()),
        kms_key: None,
        pg_dump: program("pg_dump"),
        pg_restore: program("pg_restore"),
        compression: 0,
        part_bytes: 5 << 20,
        retention: Retention::default(),
        heartbeat: std::time::Duration::from_secs(60),
        deadline_margin: std::time::Duration::ZERO,
        drill: Some(Drill {
            server: None,
            secret_id: "portal/database/portal_maintenance".to_owned(),
            reader_secret_id: "portal/database/portal_api".to_owned(),
            template: "template1".to_owned(),
        }),
    }
}

fn program(name: &str) -> PathBuf {
    PathBuf::from(PROGRAMS).join(name)
}

/// Where the manifest of a dump lies.
pub fn manifest_key(dump: &str) -> String {
    dump.replace(".dump", ".json")
}

/// A text of the function's details.
pub fn text<'a>(details: &'a Value, name: &str) -> &'a str {
    details[name]
        .as_str()
        .unwrap_or_else(|| panic!("no {name}: {details}"))
}

/// A program for the shell, in place of one of PostgreSQL's.
pub fn script(lines: &str) -> PathBuf {
    use std::os::unix::fs::PermissionsExt;
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../target/tmp"));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join(format!("{}.sh", Uuid::now_v7()));
    std::fs::write(&path, format!("#!/bin/sh\n{lines}\n")).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    path
}
