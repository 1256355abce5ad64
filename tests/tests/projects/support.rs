//! What stands in the database behind the API, and small helpers.

pub(crate) use portal_tests::primary::{alter, filled, id_of, marker, newest_write, owner, value};
use serde_json::{Value, json};
use uuid::Uuid;

/// The fields that every project has, with others.
pub(crate) fn with_defaults(fields: Value) -> Value {
    let least = json!({"title": "A library", "category": "COMMERCIAL"});
    filled(least, fields)
}

pub(crate) fn ids(items: &[Value]) -> Vec<String> {
    items.iter().map(id_of).collect()
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
