//! What stands in the database behind the API, and small helpers.

use portal_data::registrations::{self, Payment};
use portal_data::{Database, DatabaseConfig, Endpoint, Environment, RequestContext};
use portal_domain::Caller;
use portal_domain::event::SeatTerms;
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

/// The fields that every event has, with others.
pub(crate) fn with_defaults(fields: Value) -> Value {
    let Value::Object(fields) = fields else {
        panic!("{fields} are no fields");
    };
    let mut event = json!({
        "title": "A dinner", "type": "AWARDS", "startsAt": "2120-05-01T18:00:00Z", "endsAt": "2120-05-01T20:00:00Z",
    });
    event.as_object_mut().unwrap().extend(fields);
    event
}

pub(crate) fn id_of(body: &Value) -> String {
    body["id"].as_str().unwrap_or_else(|| panic!("{body}")).to_owned()
}

/// A token of a write that has everything before it.
pub(crate) async fn newest_write() -> String {
    sqlx::query_scalar("SELECT to_hex(pg_current_xact_id()::text::bigint)")
        .fetch_one(&mut owner().await)
        .await
        .unwrap()
}

/// The members that mails of a kind about an event go to, in the order in which they were written.
pub(crate) async fn mailed(kind: &str, event: &str) -> Vec<Uuid> {
    sqlx::query_scalar(
        "SELECT user_id FROM outbox WHERE kind = $1 AND payload ->> 'eventId' = $2 ORDER BY created_at, id",
    )
    .bind(kind)
    .bind(event)
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

/// Moves an event to another time, so many minutes from now on.
pub(crate) async fn move_event(event: &str, starts_in: i32, ends_in: i32) {
    let id: Uuid = event.parse().unwrap();
    sqlx::query(
        "UPDATE events SET starts_at = now() + $2 * interval '1 minute', ends_at = now() + $3 * interval '1 minute' WHERE id = $1",
    )
    .bind(id)
    .bind(starts_in)
    .bind(ends_in)
    .execute(&mut owner().await)
    .await
    .unwrap();
}

/// What seats there are by their states, and how many the event counts.
pub(crate) async fn seats(event: &str) -> (i32, Value) {
    let id: Uuid = event.parse().unwrap();
    sqlx::query_as(
        "SELECT registered_count, (
            SELECT COALESCE(jsonb_object_agg(state, n), '{}') FROM (
                SELECT CASE
                    WHEN status = 'WAITLISTED' AND offer_expires_at IS NOT NULL THEN 'OFFERED'
                    WHEN status = 'REGISTERED' AND hold_expires_at IS NOT NULL THEN 'HELD'
                    ELSE status
                END AS state, count(*) AS n
                FROM event_registrations WHERE event_id = $1 GROUP BY 1) AS counted)
        FROM events WHERE id = $1",
    )
    .bind(id)
    .fetch_one(&mut owner().await)
    .await
    .unwrap()
}

/// The terms that the functions of the stack have.
pub(crate) fn terms() -> SeatTerms {
    registrations::terms(Environment::of(&[])).unwrap()
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

/// What comes of a payment for a registration, as the webhook will have it.
pub(crate) async fn pay(jobs: &Database, registration: &str, cents: i64) -> Payment {
    let id = registration.parse().unwrap();
    let amount = cents.try_into().unwrap();
    let mut tx = jobs.begin(&nobody()).await.unwrap();
    let now = OffsetDateTime::now_utc();
    let payment = registrations::confirm_payment(&mut tx, id, amount, &terms(), now)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    payment
}
