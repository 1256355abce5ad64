//! What stands in the database behind the API, and small helpers.

use portal_data::enrollments::{self, Payment};
use portal_data::{Database, DatabaseConfig, Endpoint, RequestContext};
use portal_domain::Caller;
use portal_tests::stack::Stack;
use serde_json::{Value, json};
use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection as _, PgConnection};
use time::OffsetDateTime;
use uuid::Uuid;

/// Past all policies.
pub(crate) async fn owner() -> PgConnection {
    let url = &Stack::get().role("owner").primary;
    PgConnection::connect(url).await.expect("the owner can connect")
}

/// A word that no other row holds, which full-text search takes as it is.
pub(crate) fn marker() -> String {
    let letter = |digit: char| char::from_u32(u32::from(digit) - u32::from('0') + u32::from('g')).unwrap();
    let hex = Uuid::new_v4().simple().to_string();
    hex.chars()
        .take(16)
        .map(|c| if c.is_ascii_digit() { letter(c) } else { c })
        .collect()
}

/// The fields that every course has, with others.
pub(crate) fn with_defaults(fields: Value) -> Value {
    let Value::Object(fields) = fields else {
        panic!("{fields} are no fields");
    };
    let mut course = json!({"title": "Estimating", "difficulty": "BEGINNER"});
    course.as_object_mut().unwrap().extend(fields);
    course
}

pub(crate) fn id_of(body: &Value) -> String {
    body["id"].as_str().unwrap_or_else(|| panic!("{body}")).to_owned()
}

pub(crate) fn text_of(body: &Value, field: &str) -> String {
    body[field]
        .as_str()
        .unwrap_or_else(|| panic!("{body}"))
        .to_owned()
}

/// A token of a write that has everything before it.
pub(crate) async fn newest_write() -> String {
    sqlx::query_scalar("SELECT to_hex(pg_current_xact_id()::text::bigint)")
        .fetch_one(&mut owner().await)
        .await
        .unwrap()
}

/// The kinds of mails to a member about a course, in the order in which they were written.
pub(crate) async fn mailed(member: Uuid, course: &str) -> Vec<String> {
    sqlx::query_scalar(
        "SELECT kind FROM outbox WHERE user_id = $1 AND payload ->> 'courseId' = $2 ORDER BY created_at, id",
    )
    .bind(member)
    .bind(course)
    .fetch_all(&mut owner().await)
    .await
    .unwrap()
}

/// Changes rows past all policies; `$1` is an id.
pub(crate) async fn alter(sql: &str, id: &str) {
    let id: Uuid = id.parse().unwrap();
    let done = sqlx::query(sql)
        .bind(id)
        .execute(&mut owner().await)
        .await
        .unwrap();
    assert!(done.rows_affected() > 0, "{sql}");
}

/// The stack's database as jobs have it.
pub(crate) async fn jobs() -> Database {
    let urls = Stack::get().role("portal_jobs");
    let options: PgConnectOptions = urls.primary_pooled.parse().unwrap();
    let config = DatabaseConfig {
        writer: Endpoint {
            host: options.get_host().to_owned(),
            port: options.get_port(),
        },
        readers: Vec::new(),
        direct: None,
        database: options.get_database().unwrap().to_owned(),
        secret_id: "portal/database/portal_jobs".to_owned(),
        ca_file: Some(Stack::get().ca_file.clone()),
        application: "tests".to_owned(),
        connections: 2,
        acquire_timeout: std::time::Duration::from_secs(10),
        max_replica_lag: std::time::Duration::from_secs(1),
    };
    Database::new(config, &Stack::get().secrets().await)
}

pub(crate) fn nobody() -> RequestContext {
    RequestContext::new(Uuid::now_v7(), Caller::Anonymous)
}

/// What comes of a payment for an enrolment, as the webhook will have it.
pub(crate) async fn pay(enrollment: &str, cents: i64) -> Payment {
    let id = enrollment.parse().unwrap();
    let amount = cents.try_into().unwrap();
    let jobs = jobs().await;
    let mut tx = jobs.begin(&nobody()).await.unwrap();
    let payment = enrollments::confirm_payment(&mut tx, id, amount, OffsetDateTime::now_utc())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    payment
}
