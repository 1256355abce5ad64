//! What stands in the database behind the API, and small helpers.

use portal_data::registrations::{self, Payment};
use portal_data::{Database, Environment};
use portal_domain::event::SeatTerms;
pub(crate) use portal_tests::jobs::{jobs, nobody};
pub(crate) use portal_tests::primary::{alter, filled, id_of, marker, newest_write, owner};
use serde_json::{Value, json};
use time::OffsetDateTime;
use uuid::Uuid;

/// The fields that every event has, with others.
pub(crate) fn with_defaults(fields: Value) -> Value {
    let least = json!({
        "title": "A dinner", "type": "AWARDS", "startsAt": "2120-05-01T18:00:00Z", "endsAt": "2120-05-01T20:00:00Z",
    });
    filled(least, fields)
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
