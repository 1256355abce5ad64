//! What stands in the database behind the API, and small helpers.

pub(crate) use portal_tests::primary::{alter, id_of, marker, newest_write, owner, value as one};
use portal_tests::stack::Stack;
use serde_json::Value;
use uuid::Uuid;

/// The kinds of mails about money to a member, in the order in which they were written.
pub(crate) async fn mailed(member: Uuid) -> Vec<String> {
    sqlx::query_scalar(
        "SELECT kind FROM outbox WHERE user_id = $1 AND kind ~ '^(PAYMENT|MEMBERSHIP)' ORDER BY created_at, id",
    )
    .bind(member)
    .fetch_all(&mut owner().await)
    .await
    .unwrap()
}

/// A new tier of so many cents and seats, for a year.
pub(crate) async fn tier(cents: i64, seats: i32) -> Uuid {
    let id = Uuid::now_v7();
    sqlx::query(
        "INSERT INTO membership_tiers (id, name, price_cents, duration_months, seats, benefits)
        VALUES ($1, $1::text, $2, 12, $3, '{Member prices}')",
    )
    .bind(id)
    .bind(cents)
    .bind(seats)
    .execute(&mut owner().await)
    .await
    .unwrap();
    id
}

/// What the ledger has of a payment: account and cents, by account.
pub(crate) async fn ledger(payment: &str) -> Vec<(String, i64)> {
    let id: Uuid = payment.parse().unwrap();
    sqlx::query_as(
        "SELECT e.account, sum(e.amount_cents)::bigint FROM ledger_entries AS e
        JOIN ledger_transactions AS t ON t.id = e.transaction_id
        WHERE t.payment_id = $1 AND e.account <> 'FEES'
        GROUP BY e.account HAVING sum(e.amount_cents) <> 0 ORDER BY e.account",
    )
    .bind(id)
    .fetch_all(&mut owner().await)
    .await
    .unwrap()
}

/// Runs the nightly billing of the stack; its answer.
pub(crate) async fn night() -> Value {
    let url = format!("{}/billing/invocations", Stack::get().invocations_url);
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let event = serde_json::json!({"action": "run"});
    let answer = client.post(url).json(&event).send().await.unwrap();
    let status = answer.status();
    let body = answer.text().await.unwrap();
    assert!(status.is_success(), "{status}: {body}");
    serde_json::from_str(&body).unwrap()
}
