//! What stands in the database behind the API, and small helpers.

use portal_tests::stack::Stack;
use serde_json::{Value, json};
use sqlx::{Connection as _, PgConnection};
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

/// The fields that every project has, with others.
pub(crate) fn with_defaults(fields: Value) -> Value {
    let Value::Object(fields) = fields else {
        panic!("{fields} are no fields");
    };
    let mut project = json!({"title": "A library", "category": "COMMERCIAL"});
    project.as_object_mut().unwrap().extend(fields);
    project
}

pub(crate) fn id_of(body: &Value) -> String {
    body["id"].as_str().unwrap_or_else(|| panic!("{body}")).to_owned()
}

pub(crate) fn ids(items: &[Value]) -> Vec<String> {
    items.iter().map(id_of).collect()
}

/// A token of a write that has everything before it.
pub(crate) async fn newest_write() -> String {
    sqlx::query_scalar("SELECT to_hex(pg_current_xact_id()::text::bigint)")
        .fetch_one(&mut owner().await)
        .await
        .unwrap()
}

/// The members that mails of a kind about a project go to, sorted.
pub(crate) async fn mailed(kind: &str, project: &str) -> Vec<Uuid> {
    sqlx::query_scalar(
        "SELECT user_id FROM outbox WHERE kind = $1 AND payload ->> 'projectId' = $2 ORDER BY user_id",
    )
    .bind(kind)
    .bind(project)
    .fetch_all(&mut owner().await)
    .await
    .unwrap()
}

/// One number or text of the database.
pub(crate) async fn value<T>(sql: &str, id: &str) -> T
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

/// Changes a row past all policies.
pub(crate) async fn alter(sql: &str, id: &str) {
    let id: Uuid = id.parse().unwrap();
    let done = sqlx::query(sql)
        .bind(id)
        .execute(&mut owner().await)
        .await
        .unwrap();
    assert!(done.rows_affected() > 0, "{sql}");
}

/// Gives a member a licence in good standing that the import might have brought, issued eight years ago, with a bond in force.
pub(crate) async fn license(member: Uuid, classes: &[&str]) -> String {
    let number = (Uuid::new_v4().as_u128() % 1_000_000_000_000).to_string();
    let mut owner = owner().await;
    sqlx::query("INSERT INTO licences (license_number, region) VALUES ($1, 'NORTH')")
        .bind(&number)
        .execute(&mut owner)
        .await
        .unwrap();
    sqlx::query(
        "INSERT INTO california_contractors (license_number, region, business_name, primary_status, in_good_standing, classifications,
            issue_date, cb_amount_cents)
        VALUES ($1, 'NORTH', 'FIRM', 'CLEAR', true, $2, current_date - interval '8 years 1 day', 2500000)",
    )
    .bind(&number)
    .bind(classes)
    .execute(&mut owner)
    .await
    .unwrap();
    sqlx::query("UPDATE users SET contractor_license = $1 WHERE id = $2")
        .bind(&number)
        .bind(member)
        .execute(&mut owner)
        .await
        .unwrap();
    number
}

/// Gives a member a skill.
pub(crate) async fn give_skill(member: Uuid, skill: &str, level: &str) {
    let mut owner = owner().await;
    sqlx::query("INSERT INTO skills (name) VALUES ($1) ON CONFLICT DO NOTHING")
        .bind(skill)
        .execute(&mut owner)
        .await
        .unwrap();
    sqlx::query("INSERT INTO user_skills (user_id, skill, level) VALUES ($1, $2, $3)")
        .bind(member)
        .bind(skill)
        .bind(level)
        .execute(&mut owner)
        .await
        .unwrap();
}
