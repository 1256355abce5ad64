//! What stands in the database behind the API, and small helpers.

use portal_data::enrollments::{self, Payment};
pub(crate) use portal_tests::jobs::{jobs, nobody};
pub(crate) use portal_tests::primary::{alter, filled, id_of, marker, newest_write, owner};
use serde_json::{Value, json};
use time::OffsetDateTime;
use uuid::Uuid;

/// The fields that every course has, with others.
pub(crate) fn with_defaults(fields: Value) -> Value {
    let least = json!({"title": "Estimating", "difficulty": "BEGINNER"});
    filled(least, fields)
}

pub(crate) fn text_of(body: &Value, field: &str) -> String {
    body[field]
        .as_str()
        .unwrap_or_else(|| panic!("{body}"))
        .to_owned()
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
