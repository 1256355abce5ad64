//! Documents with a word that no other has, and requests in a member's name or in nobody's.

use portal_tests::members::Member;
use portal_tests::stack::Stack;
use portal_tests::tokens::Signer;
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use serde_json::Value;
use sqlx::{Connection as _, PgConnection};
use uuid::Uuid;

pub(crate) async fn owner() -> PgConnection {
    let url = &Stack::get().databases["owner"].primary;
    PgConnection::connect(url).await.expect("the owner can connect")
}

/// A word of letters that no other row holds.
pub(crate) fn marker() -> String {
    let bytes = Uuid::new_v4().into_bytes();
    bytes
        .iter()
        .take(12)
        .map(|byte| (b'a' + byte % 26) as char)
        .collect()
}

/// Who asks.
pub(crate) struct Asker {
    token: Option<String>,
    client: Client,
}

impl Asker {
    /// Nobody who has signed in.
    pub(crate) fn anybody() -> Self {
        Self {
            token: None,
            client: Client::new(),
        }
    }

    /// A member.
    pub(crate) async fn member(member: &Member) -> Self {
        Self {
            token: Some(Signer::newest().await.token(member)),
            client: Client::new(),
        }
    }

    /// A new member with these roles.
    pub(crate) async fn with(roles: &[&str]) -> (Member, Self) {
        let name = format!("searcher-{}", Uuid::now_v7().simple());
        let member = Member::add(&mut owner().await, &name, roles).await;
        let asker = Self::member(&member).await;
        (member, asker)
    }

    /// A read that sees all that has been written until now, whichever replica answers.
    pub(crate) async fn get(&self, path: &str) -> Response {
        self.request(Method::GET, path)
            .header("portal-consistency", newest_write().await)
            .send()
            .await
            .unwrap()
    }

    /// A write, or a read that need not be of the newest.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self
            .client
            .request(method, format!("{}{path}", Stack::get().api_url));
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    pub(crate) async fn json(&self, path: &str) -> Value {
        let response = self.get(path).await;
        let status = response.status();
        let body: Value = response.json().await.unwrap();
        assert_eq!(status, StatusCode::OK, "{path}: {body}");
        body
    }

    /// What a text finds; `rest` holds further parameters.
    pub(crate) async fn search(&self, q: &str, rest: &str) -> Value {
        self.json(&format!("/v1/search?limit=100&q={}{rest}", encoded(q)))
            .await
    }

    /// The ids of what a text finds, in their order.
    pub(crate) async fn ids(&self, q: &str, rest: &str) -> Vec<String> {
        ids(&self.search(q, rest).await)
    }
}

/// A token of a write that has everything before it.
async fn newest_write() -> String {
    sqlx::query_scalar("SELECT to_hex(pg_current_xact_id()::text::bigint)")
        .fetch_one(&mut owner().await)
        .await
        .unwrap()
}

pub(crate) fn encoded(text: &str) -> String {
    text.bytes()
        .fold(String::new(), |encoded, byte| encoded + &format!("%{byte:02X}"))
}

pub(crate) fn ids(list: &Value) -> Vec<String> {
    let items = list["items"].as_array().unwrap_or_else(|| panic!("{list}"));
    items
        .iter()
        .map(|item| item["id"].as_str().unwrap().to_owned())
        .collect()
}

pub(crate) fn sorted(mut ids: Vec<String>) -> Vec<String> {
    ids.sort();
    ids
}

/// The values of a facet with their counts.
pub(crate) fn facet(list: &Value, name: &str) -> Vec<(String, i64)> {
    let values = list["facets"][name]
        .as_array()
        .unwrap_or_else(|| panic!("{list}"));
    let pair = |value: &Value| {
        (
            value["value"].as_str().unwrap().to_owned(),
            value["count"].as_i64().unwrap(),
        )
    };
    values.iter().map(pair).collect()
}

/// A licence that the import might have brought; more columns in SQL.
pub(crate) async fn add_contractor(name: &str, columns: &str, values: &str) -> String {
    let number = (100_000_000_000 + Uuid::new_v4().as_u128() % 900_000_000_000).to_string();
    let mut owner = owner().await;
    sqlx::query("INSERT INTO licences (license_number, region) VALUES ($1, 'NORTH')")
        .bind(&number)
        .execute(&mut owner)
        .await
        .unwrap();
    let insert = format!(
        "INSERT INTO california_contractors (license_number, region, business_name, primary_status, in_good_standing{columns})
        VALUES ($1, 'NORTH', $2, 'CLEAR', true{values})"
    );
    sqlx::query(&insert)
        .bind(&number)
        .bind(name)
        .execute(&mut owner)
        .await
        .unwrap();
    number
}

/// A public project that takes bids; more columns, which may say otherwise, in SQL.
pub(crate) async fn add_project(title: &str, changes: &str) -> String {
    let by = Member::add(
        &mut owner().await,
        &format!("owner-{}", Uuid::now_v7().simple()),
        &[],
    )
    .await;
    add_project_of(&by, title, changes).await
}

pub(crate) async fn add_project_of(by: &Member, title: &str, changes: &str) -> String {
    let id = Uuid::now_v7();
    let mut owner = owner().await;
    sqlx::query(
        "INSERT INTO projects (id, owner_id, title, category, status, published_at, deadline_date)
        VALUES ($1, $2, $3, 'COMMERCIAL', 'BIDDING_OPEN', now(), now() + interval '20 days')",
    )
    .bind(id)
    .bind(by.id)
    .bind(title)
    .execute(&mut owner)
    .await
    .unwrap();
    change(&mut owner, "projects", id, changes).await;
    id.to_string()
}

/// A public event next month.
pub(crate) async fn add_event(title: &str, changes: &str) -> String {
    let id = Uuid::now_v7();
    let mut owner = owner().await;
    let by = Member::add(&mut owner, &format!("host-{}", id.simple()), &[]).await;
    sqlx::query(
        "INSERT INTO events (id, organizer_id, title, type, status, starts_at, ends_at, published_at)
        VALUES ($1, $2, $3, 'WORKSHOP', 'PUBLISHED', now() + interval '30 days', now() + interval '31 days', now())",
    )
    .bind(id)
    .bind(by.id)
    .bind(title)
    .execute(&mut owner)
    .await
    .unwrap();
    change(&mut owner, "events", id, changes).await;
    id.to_string()
}

/// A published course.
pub(crate) async fn add_course(title: &str, changes: &str) -> String {
    let id = Uuid::now_v7();
    let mut owner = owner().await;
    let by = Member::add(&mut owner, &format!("author-{}", id.simple()), &[]).await;
    sqlx::query(
        "INSERT INTO courses (id, author_id, title, category, difficulty, is_published, published_at)
        VALUES ($1, $2, $3, 'SAFETY', 'BEGINNER', true, now())",
    )
    .bind(id)
    .bind(by.id)
    .bind(title)
    .execute(&mut owner)
    .await
    .unwrap();
    change(&mut owner, "courses", id, changes).await;
    id.to_string()
}

/// An approved member of this last name.
pub(crate) async fn add_member(last_name: &str, changes: &str) -> Member {
    let mut owner = owner().await;
    let member = Member::add(&mut owner, &format!("found-{}", Uuid::now_v7().simple()), &[]).await;
    sqlx::query("UPDATE users SET first_name = 'Marisol', last_name = $2 WHERE id = $1")
        .bind(member.id)
        .bind(last_name)
        .execute(&mut owner)
        .await
        .unwrap();
    change(&mut owner, "users", member.id, changes).await;
    member
}

async fn change(owner: &mut PgConnection, table: &str, id: Uuid, changes: &str) {
    if changes.is_empty() {
        return;
    }
    let update = format!("UPDATE {table} SET {changes} WHERE id = $1");
    sqlx::query(&update).bind(id).execute(owner).await.unwrap();
}

/// Brings the dictionary up to date, as the jobs do.
pub(crate) async fn refresh_dictionary() {
    sqlx::query("SELECT app.refresh_search_terms('{CONTRACTOR,PROJECT,EVENT,COURSE}')")
        .execute(&mut owner().await)
        .await
        .unwrap();
}
