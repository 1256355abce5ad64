//! The whole stack as one test has it to itself.

use std::process::Command;
use std::str::FromStr;
use std::time::{Duration, Instant};

use portal_tests::stack::Stack;
use reqwest::StatusCode;
use serde_json::{Value, json};
use sqlx::ConnectOptions;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use tokio::sync::{Mutex, MutexGuard};
use tokio::task::JoinHandle;

use crate::start::private;

/// The name that functions and supervisor have for the import's one process.
pub const IMPORT_PROCESS: &str = "function contractor-import 1";
/// How long anything may take; a killed server recovers, and a failed event is delivered again, in a few seconds.
const PATIENCE: Duration = Duration::from_secs(60);
/// Between two looks.
const LOOK: Duration = Duration::from_millis(20);

/// The stack, for one test at a time.
pub struct Bundle {
    /// Past all policies.
    pub owner: PgConnection,
    client: reqwest::Client,
    s3: aws_sdk_s3::Client,
    _turn: MutexGuard<'static, ()>,
}

impl Bundle {
    /// Waits for its turn.
    pub async fn take() -> Self {
        static TURN: Mutex<()> = Mutex::const_new(());
        let turn = TURN.lock().await;
        let bundle = Self {
            owner: connect().await,
            client: reqwest::Client::builder().no_proxy().build().unwrap(),
            s3: stack().s3().await,
            _turn: turn,
        };
        bundle.limit_import_to(900).await;
        bundle
    }

    /// Makes the database as it is after a deployment: no contractor, no import, no member.
    pub async fn empty(&mut self) {
        self.execute(
            // The records of what staff did cannot be emptied otherwise, and hang on the members that go with the licences.
            "SET session_replication_role = replica;
            TRUNCATE import_runs, import_rejects, import_changes, import_staging, import_seen, california_contractors,
                licences CASCADE;
            SET session_replication_role = origin",
        )
        .await;
        // A crash then has little to recover.
        self.execute("CHECKPOINT").await;
    }

    /// Puts a file into the imports bucket and gives the event that S3 sends of it.
    pub async fn put(&self, key: &str, content: &str) -> Value {
        let bucket = &stack().imports_bucket;
        let request = self.s3.put_object().bucket(bucket).key(key);
        let stored = request.body(content.to_owned().into_bytes().into()).send();
        let stored = stored.await.unwrap();
        json!({ "Records": [{
            "eventVersion": "2.1", "eventSource": "aws:s3", "awsRegion": "us-west-2", "eventTime": "2026-08-24T10:00:00Z",
            "eventName": "ObjectCreated:Put", "userIdentity": { "principalId": "LOCAL" },
            "requestParameters": { "sourceIPAddress": "127.0.0.1" }, "responseElements": {},
            "s3": {
                "s3SchemaVersion": "1.0",
                "bucket": { "name": bucket, "arn": "arn:aws:s3:::imports" },
                "object": { "key": key, "versionId": stored.version_id, "sequencer": "0066C9B3F45A1B2C3D" },
            },
        }] })
    }

    /// The content of an object.
    pub async fn object(&self, key: &str) -> String {
        let object = self.s3.get_object().bucket(&stack().imports_bucket).key(key);
        let bytes = object.send().await.unwrap().body.collect().await.unwrap();
        String::from_utf8(bytes.into_bytes().to_vec()).unwrap()
    }

    /// Invokes a function and waits for its answer.
    pub async fn invoke(&self, function: &str, event: &Value) -> Value {
        let (status, body) = self.begin(function, event).await.unwrap();
        assert_eq!(status, StatusCode::OK, "{function}: {body}");
        serde_json::from_str(&body).unwrap()
    }

    /// Invokes a function, once, and gives what will be its answer.
    pub fn begin(&self, function: &str, event: &Value) -> JoinHandle<(StatusCode, String)> {
        let url = format!("{}/{function}/invocations", stack().invocations_url);
        let request = self.client.post(url).json(event);
        tokio::spawn(async move {
            let response = request.send().await.unwrap();
            (response.status(), response.text().await.unwrap())
        })
    }

    /// Leaves an event for the import with the Lambda service, as S3 does: it is delivered again when the function fails or dies.
    pub async fn send_to_import(&self, event: &Value) {
        let url = format!(
            "{}/2015-03-31/functions/contractor-import/invocations",
            stack().lambda_url
        );
        let request = self.client.post(url).header("x-amz-invocation-type", "Event");
        let response = request.json(event).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::ACCEPTED);
    }

    /// Sets how long an invocation of the import may take.
    pub async fn limit_import_to(&self, seconds: u32) {
        let url = format!(
            "{}/2015-03-31/functions/contractor-import/configuration",
            stack().lambda_url
        );
        let request = self.client.put(url).json(&json!({ "Timeout": seconds }));
        assert_eq!(request.send().await.unwrap().status(), StatusCode::OK);
    }

    /// Waits until a query that gives one boolean says so.
    pub async fn wait_until(&mut self, query: &'static str) {
        let began = Instant::now();
        while self.scalar(query).await != json!(true) {
            if began.elapsed() > PATIENCE {
                let runs = "SELECT jsonb_agg(to_jsonb(run)) FROM import_runs AS run";
                panic!("it never came true: {query}\n{}", self.scalar(runs).await);
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Waits until the server has dropped this connection, and then for it to take a new one.
    pub async fn await_recovery(&mut self) {
        let began = Instant::now();
        while sqlx::query("SELECT 1").execute(&mut self.owner).await.is_ok() {
            assert!(began.elapsed() < PATIENCE, "the server lives on");
            tokio::time::sleep(LOOK).await;
        }
        self.owner = connect().await;
    }

    /// Waits until the replica has everything that the primary has now: the functions read there.
    pub async fn await_replica(&mut self) {
        let position = self.scalar("SELECT to_jsonb(pg_current_wal_lsn()::text)").await;
        let url = &stack().role("owner").replica;
        let mut replica = PgConnectOptions::from_str(url).unwrap().connect().await.unwrap();
        let began = Instant::now();
        while !sqlx::query_scalar::<_, bool>("SELECT pg_last_wal_replay_lsn() >= $1::text::pg_lsn")
            .bind(position.as_str())
            .fetch_one(&mut replica)
            .await
            .unwrap()
        {
            assert!(began.elapsed() < PATIENCE, "the replica does not follow");
            tokio::time::sleep(LOOK).await;
        }
    }

    pub async fn scalar(&mut self, query: &'static str) -> Value {
        sqlx::query_scalar(query)
            .fetch_one(&mut self.owner)
            .await
            .unwrap_or_else(|error| panic!("{query}: {error}"))
    }

    pub async fn execute(&mut self, statements: &'static str) {
        sqlx::raw_sql(statements).execute(&mut self.owner).await.unwrap();
    }
}

/// The stack's description.
pub fn stack() -> &'static Stack {
    &private().stack
}

/// Connects as the superuser, as soon as the server takes connections.
pub async fn connect() -> PgConnection {
    let options = PgConnectOptions::from_str(&stack().role("owner").primary).unwrap();
    let began = Instant::now();
    loop {
        match options.connect().await {
            Ok(connection) => return connection,
            Err(error) => assert!(
                began.elapsed() < PATIENCE,
                "the server does not come back: {error}"
            ),
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// The number of a process of the stack; that of another one once it has been started again.
pub fn process_id(name: &str) -> u64 {
    let text = std::fs::read_to_string(&private().file).unwrap();
    let description: Value = serde_json::from_str(&text).unwrap();
    let processes = description["processes"].as_array().unwrap();
    let process = processes.iter().find(|process| process["name"] == name);
    process.unwrap_or_else(|| panic!("no process {name}"))["pid"]
        .as_u64()
        .unwrap()
}

/// Ends a process as nothing can catch it.
pub fn kill(process: u64) {
    let killed = Command::new("kill")
        .args(["-KILL", &process.to_string()])
        .status();
    assert!(killed.unwrap().success(), "process {process} cannot be killed");
}
