//! What stands in the database behind the API, and small helpers.

pub(crate) use portal_tests::primary::{alter, id_of, marker, owner, value as one};
use serde_json::Value;
use uuid::Uuid;

/// An account that waits for approval, with a confirmed address.
pub(crate) async fn pending() -> Uuid {
    let id = Uuid::now_v7();
    sqlx::query(
        "INSERT INTO users (id, email, first_name, last_name, is_verified) VALUES ($1, $1 || '@example.org', 'Pia', 'Pending', true)",
    )
    .bind(id)
    .execute(&mut owner().await)
    .await
    .unwrap();
    id
}

/// Runs statements in which `{keep}`, `{merge}` and the like were written out before.
pub(crate) async fn run(statements: &str) {
    sqlx::raw_sql(statements)
        .execute(&mut owner().await)
        .await
        .unwrap_or_else(|error| panic!("{statements}: {error}"));
}

/// The actions on an account or by its side, in the order in which they were written: what, by whom, why.
pub(crate) async fn recorded(target: Uuid) -> Vec<(String, Uuid, String)> {
    sqlx::query_as(
        "SELECT action, user_id, reason FROM admin_actions WHERE target_user_id = $1 ORDER BY created_at, id",
    )
    .bind(target)
    .fetch_all(&mut owner().await)
    .await
    .unwrap()
}

/// The kinds of mails to an account.
pub(crate) async fn mailed(account: Uuid) -> Vec<String> {
    sqlx::query_scalar("SELECT kind FROM outbox WHERE user_id = $1 ORDER BY created_at, id")
        .bind(account)
        .fetch_all(&mut owner().await)
        .await
        .unwrap()
}

/// One member of each of some objects, as text.
pub(crate) fn each(items: &[Value], pointer: &str) -> Vec<String> {
    let text = |item: &Value| {
        let value = item.pointer(pointer).unwrap_or_else(|| panic!("{item}"));
        value.as_str().map_or_else(|| value.to_string(), str::to_owned)
    };
    items.iter().map(text).collect()
}

/// A role of these permissions, under a name of its own.
pub(crate) async fn role_of(permissions: &[&str]) -> String {
    let name = format!(
        "test_{}",
        marker().replace(|c: char| !c.is_ascii_lowercase(), "x")
    );
    sqlx::query("INSERT INTO roles (id, name, description) VALUES ($1, $2, 'For a test')")
        .bind(Uuid::now_v7())
        .bind(&name)
        .execute(&mut owner().await)
        .await
        .unwrap();
    sqlx::query(
        "INSERT INTO role_permissions (role_id, permission_id)
        SELECT r.id, p.id FROM roles AS r, permissions AS p WHERE r.name = $1 AND p.name = ANY ($2)",
    )
    .bind(&name)
    .bind(permissions)
    .execute(&mut owner().await)
    .await
    .unwrap();
    name
}
