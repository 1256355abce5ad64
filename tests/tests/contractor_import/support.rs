//! An import function on a database of its own, fed through the object store of the stack.

use contractor_import::{Answer, ImportError, Importer, Settings};
use portal_jobs::{Deadline, ObjectStore};
use portal_tests::database::TestDatabase;
use portal_tests::stack::Stack;
use serde_json::{Value, json};
use sqlx::postgres::PgConnection;
use std::time::{Duration, SystemTime};
use uuid::Uuid;

/// The function, its database and its bucket.
pub struct World {
    pub importer: Importer,
    pub owner: PgConnection,
    s3: aws_sdk_s3::Client,
    prefix: Uuid,
    events: u32,
}

impl World {
    pub async fn create() -> Self {
        let database = TestDatabase::create().await;
        let stack = Stack::get();
        let s3 = stack.s3().await;
        let settings = Settings {
            deadline_margin: Duration::from_secs(60),
            max_removed_percent: 5,
            function: "no-such-function".to_owned(),
        };
        let importer = Importer::new(
            database.config("portal_jobs", false),
            stack.secrets().await,
            ObjectStore::with_client(s3.clone()),
            settings,
        );
        let owner = database.connect("owner").await;
        Self {
            importer,
            owner,
            s3,
            prefix: Uuid::now_v7(),
            events: 0,
        }
    }

    /// Puts a file and gives the event that S3 sends of it.
    pub async fn put(&mut self, name: &str, content: impl Into<Vec<u8>>) -> Value {
        self.put_as(name, content, false).await
    }

    pub async fn put_as(&mut self, name: &str, content: impl Into<Vec<u8>>, dry_run: bool) -> Value {
        let request = self
            .s3
            .put_object()
            .bucket(&Stack::get().imports_bucket)
            .key(self.key(name));
        let request = request
            .metadata("dry-run", dry_run.to_string())
            .body(content.into().into());
        request.send().await.unwrap();
        self.event(name)
    }

    /// The event of an object, later than all before.
    pub fn event(&mut self, name: &str) -> Value {
        self.events += 1;
        json!({ "Records": [{
            "eventVersion": "2.1", "eventSource": "aws:s3", "awsRegion": "us-west-2", "eventTime": "2026-08-24T10:00:00Z",
            "eventName": "ObjectCreated:Put", "userIdentity": { "principalId": "LOCAL" },
            "requestParameters": { "sourceIPAddress": "127.0.0.1" }, "responseElements": {},
            "s3": {
                "s3SchemaVersion": "1.0",
                "bucket": { "name": Stack::get().imports_bucket, "arn": "arn:aws:s3:::imports" },
                "object": { "key": self.key(name), "sequencer": format!("{:016X}", self.events) },
            },
        }] })
    }

    pub fn key(&self, name: &str) -> String {
        format!("{}/{name}", self.prefix)
    }

    pub async fn serve(&self, event: &Value) -> Result<Answer, ImportError> {
        self.importer
            .serve(event.clone(), "request", Deadline::never())
            .await
    }

    /// Imports a file and gives its run.
    pub async fn import(&mut self, name: &str, content: impl Into<Vec<u8>>) -> Value {
        let event = self.put(name, content).await;
        self.run_of(&event).await
    }

    pub async fn run_of(&self, event: &Value) -> Value {
        run(&self.serve(event).await.unwrap())
    }

    pub async fn undo(&self, id: &Value) -> Answer {
        self.serve(&json!({ "action": "undo", "importId": id }))
            .await
            .unwrap()
    }

    /// Everything of the contractors that an import may write, with the physical version of each row.
    pub async fn snapshot(&mut self) -> Value {
        self.scalar("SELECT COALESCE(jsonb_agg(to_jsonb(c) || jsonb_build_object('xmin', c.xmin::text, 'table', c.tableoid::regclass::text)
             ORDER BY license_number), '[]') FROM california_contractors AS c").await
    }

    /// The same without what tells when and by which import a row was written.
    pub async fn contents(&mut self) -> Value {
        self.scalar("SELECT COALESCE(jsonb_agg(to_jsonb(c) - '{updated_at,created_at,version,first_import_id,last_import_id}'::text[]
             ORDER BY license_number), '[]') FROM california_contractors AS c").await
    }

    pub async fn scalar(&mut self, query: &'static str) -> Value {
        sqlx::query_scalar(query)
            .fetch_one(&mut self.owner)
            .await
            .unwrap()
    }

    pub async fn execute(&mut self, statement: &'static str) {
        sqlx::raw_sql(statement).execute(&mut self.owner).await.unwrap();
    }

    pub async fn object(&self, name: &str) -> Option<String> {
        let answer = self
            .s3
            .get_object()
            .bucket(&Stack::get().imports_bucket)
            .key(self.key(name))
            .send()
            .await
            .ok()?;
        let bytes = answer.body.collect().await.unwrap().into_bytes();
        Some(String::from_utf8(bytes.to_vec()).unwrap())
    }
}

/// The one run of an answer.
pub fn run(answer: &Answer) -> Value {
    assert_eq!(answer.runs.len(), 1, "{answer:?}");
    serde_json::to_value(&answer.runs[0]).unwrap()
}

/// A deadline that has come already.
pub fn passed() -> Deadline {
    let now = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap()
        .as_millis();
    Deadline::of_invocation(u64::try_from(now).unwrap() + 30_000, Duration::from_secs(60))
}
