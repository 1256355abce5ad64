//! The primary of the running stack, past the API and past all policies.

use serde_json::Value;
use sqlx::{Connection as _, PgConnection};
use uuid::Uuid;

use crate::stack::Stack;

/// A connection that no policy binds.
pub async fn owner() -> PgConnection {
    let url = &Stack::get().role("owner").primary;
    PgConnection::connect(url).await.expect("the owner can connect")
}

/// A token of a write that has everything before it.
pub async fn newest_write() -> String {
    sqlx::query_scalar("SELECT to_hex(pg_current_xact_id()::text::bigint)")
        .fetch_one(&mut owner().await)
        .await
        .unwrap()
}

/// Changes rows; `$1` is an id.
pub async fn alter(sql: &str, id: &str) {
    let id: Uuid = id.parse().unwrap();
    let done = sqlx::query(sql)
        .bind(id)
        .execute(&mut owner().await)
        .await
        .unwrap();
    assert!(done.rows_affected() > 0, "{sql}");
}

/// One number or text; `$1` is an id.
pub async fn value<T>(sql: &str, id: &str) -> T
where
    T: Send + Unpin + for<'r> sqlx::Decode<'r, sqlx::Postgres> + sqlx::Type<sqlx::Postgres>,
{
    let id: Uuid = id.parse().unwrap();
    sqlx::query_scalar(sql)
        .bind(id)
        .fetch_one(&mut owner().await)
        .await
        .unwrap()
}

/// A word that no other row holds, which full-text search takes as it is.
pub fn marker() -> String {
    let letter = |digit: char| char::from_u32(u32::from(digit) - u32::from('0') + u32::from('g')).unwrap();
    let hex = Uuid::new_v4().simple().to_string();
    hex.chars()
        .take(16)
        .map(|c| if c.is_ascii_digit() { letter(c) } else { c })
        .collect()
}

/// The id that an answer names.
pub fn id_of(body: &Value) -> String {
    body["id"].as_str().unwrap_or_else(|| panic!("{body}")).to_owned()
}

/// The fields of a body, laid over those that such a body has at least.
pub fn filled(defaults: Value, fields: Value) -> Value {
    let (Value::Object(mut all), Value::Object(fields)) = (defaults, fields) else {
        panic!("these are no fields");
    };
    all.extend(fields);
    Value::Object(all)
}
