//! The function on a database of its own, with a topic and a queue of its own.

use std::time::Duration;

use health::{Answer, Health, HealthError, Publisher, Settings};
use portal_data::health::Given;
use portal_jobs::Deadline;
use portal_tests::database::TestDatabase;
use portal_tests::stack::Stack;
use serde_json::{Value, json};
use sqlx::postgres::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

/// What one notice says: the state, the check, its subject line and its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub state: String,
    pub check: String,
    pub alert: String,
    pub subject: String,
    pub text: String,
}

pub struct House {
    pub database: TestDatabase,
    pub owner: PgConnection,
    pub topic: String,
    /// How old the newest proven backup may be.
    pub backup_hours: f64,
    queue: String,
}

impl House {
    pub async fn create() -> Self {
        let database = TestDatabase::create().await;
        let owner = database.connect("owner").await;
        let name = format!("alerts-{}", Uuid::now_v7());
        ask("sns", &[("Action", "CreateTopic"), ("Name", &name)]).await;
        ask("sqs", &[("Action", "CreateQueue"), ("QueueName", &name)]).await;
        let topic = format!("arn:aws:sns:us-west-2:000000000000:{name}");
        let queue_arn = format!("arn:aws:sqs:us-west-2:000000000000:{name}");
        let subscription = [
            ("Action", "Subscribe"),
            ("TopicArn", topic.as_str()),
            ("Protocol", "sqs"),
            ("Endpoint", &queue_arn),
        ];
        ask("sns", &subscription).await;
        let queue = format!("{}/000000000000/{name}", Stack::get().aws_endpoint);
        Self {
            database,
            owner,
            topic,
            backup_hours: 26.0,
            queue,
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

    /// A run of a job that ended so many minutes from now as it says.
    pub async fn job(&mut self, job: &str, state: &str, minutes: i32) {
        sqlx::query(
            "INSERT INTO job_runs (id, job, state, error, started_at, heartbeat_at, finished_at)
            SELECT gen_random_uuid(), $1, $2, CASE WHEN $2 = 'FAILED' THEN 'it broke' END, at, at, CASE WHEN $2 <> 'RUNNING' THEN at END
            FROM (SELECT now() + $3 * interval '1 minute') AS t (at)",
        )
        .bind(job)
        .bind(state)
        .bind(minutes)
        .execute(&mut self.owner)
        .await
        .unwrap();
    }

    pub async fn function(&self) -> Health {
        self.telling(
            Publisher::with_client(aws_sdk_sns::Client::new(&Stack::get().aws().await)),
            &self.topic,
        )
        .await
    }

    pub async fn telling(&self, publisher: Publisher, topic: &str) -> Health {
        let settings = Settings {
            topic: topic.to_owned(),
            runbook: "https://example.org/operations".to_owned(),
            calm: time::Duration::minutes(10),
            given: Given {
                disk_bytes: Some(1 << 50),
                backup_hours: self.backup_hours,
            },
            deadline_margin: Duration::ZERO,
        };
        let database = self.database.open("portal_monitor", false).await;
        Health::new(database, publisher, settings)
    }

    /// A look so many minutes from now.
    pub async fn look(&self, minutes: i64) -> Answer {
        look(&self.function().await, minutes).await.unwrap()
    }

    /// What the queue has got since the last time, of these checks.
    pub async fn told(&self, checks: &[&str]) -> Vec<Told> {
        let mut told = Vec::new();
        loop {
            let answer: Value = reqwest::Client::builder()
                .no_proxy()
                .build()
                .unwrap()
                .post(&Stack::get().aws_endpoint)
                .header("Authorization", scope("sqs"))
                .header("Content-Type", "application/x-amz-json-1.0")
                .header("X-Amz-Target", "AmazonSQS.ReceiveMessage")
                .body(
                    json!({ "QueueUrl": self.queue, "MaxNumberOfMessages": 10, "VisibilityTimeout": 43200 })
                        .to_string(),
                )
                .send()
                .await
                .unwrap()
                .json()
                .await
                .unwrap();
            let messages = answer["Messages"].as_array().cloned().unwrap_or_default();
            if messages.is_empty() {
                break;
            }
            told.extend(messages.iter().map(|message| {
                let body: Value = serde_json::from_str(message["Body"].as_str().unwrap()).unwrap();
                let text = |value: &Value| value.as_str().unwrap().to_owned();
                Told {
                    state: text(&body["MessageAttributes"]["state"]["Value"]),
                    check: text(&body["MessageAttributes"]["check"]["Value"]),
                    alert: text(&body["MessageAttributes"]["alertId"]["Value"]),
                    subject: text(&body["Subject"]),
                    text: text(&body["Message"]),
                }
            }));
        }
        // What else goes on in the cluster is none of a test's business.
        told.retain(|one| checks.contains(&one.check.as_str()));
        told
    }
}

pub async fn look(function: &Health, minutes: i64) -> Result<Answer, HealthError> {
    let event = json!({ "detail-type": "Scheduled Event", "detail": {} });
    let now = OffsetDateTime::now_utc() + time::Duration::minutes(minutes);
    function
        .serve(event, Uuid::now_v7(), now, Deadline::never())
        .await
}

/// The findings of one check, by subject.
pub fn found(answer: &Answer, check: &str) -> Vec<String> {
    let of_check = answer.look.findings.iter().filter(|one| one.check == check);
    of_check.map(|one| one.subject.clone()).collect()
}

/// The emulator tells services apart by the scope of a signature, which it does not check.
fn scope(service: &str) -> String {
    format!(
        "AWS4-HMAC-SHA256 Credential=local/20260101/us-west-2/{service}/aws4_request, SignedHeaders=host, Signature=none"
    )
}

async fn ask(service: &str, parameters: &[(&str, &str)]) {
    let answer = reqwest::Client::builder()
        .no_proxy()
        .build()
        .unwrap()
        .post(&Stack::get().aws_endpoint)
        .header("Authorization", scope(service))
        .form(parameters)
        .send()
        .await
        .unwrap();
    assert!(
        answer.status().is_success(),
        "{parameters:?}: {}",
        answer.text().await.unwrap()
    );
}
