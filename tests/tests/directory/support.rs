//! Members of the running stack, and requests in their name.

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

/// A word that no other row holds, which full-text search takes as it is.
pub(crate) fn marker() -> String {
    let letters = Uuid::new_v4().simple().to_string();
    letters
        .chars()
        .take(16)
        .map(|c| {
            if c.is_ascii_digit() {
                (c as u8 - b'0' + b'g') as char
            } else {
                c
            }
        })
        .collect()
}

/// Somebody who is signed in, and the last write that the answers must show.
pub(crate) struct Someone {
    pub(crate) member: Member,
    token: String,
    client: Client,
}

impl Someone {
    /// A new approved member with these roles.
    pub(crate) async fn with(roles: &[&str]) -> Self {
        let name = format!("directory-{}", Uuid::now_v7().simple());
        let member = Member::add(&mut owner().await, &name, roles).await;
        let token = Signer::newest().await.token(&member);
        Self {
            member,
            token,
            client: Client::new(),
        }
    }

    pub(crate) fn ask(&self, method: Method, path: &str) -> RequestBuilder {
        let url = format!("{}{path}", Stack::get().api_url);
        self.client.request(method, url).bearer_auth(&self.token)
    }

    /// A read that sees all that has been written until now, whichever replica answers.
    pub(crate) async fn get(&self, path: &str) -> Response {
        self.get_as(path, "*/*").await
    }

    /// The same, as this media type.
    pub(crate) async fn get_as(&self, path: &str, media: &str) -> Response {
        let request = self.ask(Method::GET, path).header("accept", media);
        request
            .header("portal-consistency", newest_write().await)
            .send()
            .await
            .unwrap()
    }

    pub(crate) async fn json(&self, path: &str) -> Value {
        let response = self.get(path).await;
        let status = response.status();
        let body: Value = response.json().await.unwrap();
        assert_eq!(status, StatusCode::OK, "{path}: {body}");
        body
    }

    /// Sends a body, and gives the status and the answer.
    pub(crate) async fn send(&self, method: Method, path: &str, body: &Value) -> (StatusCode, Value) {
        let response = self.ask(method, path).json(body).send().await.unwrap();
        let status = response.status();
        (status, response.json().await.unwrap_or_default())
    }

    /// Every item of a list, by its cursor.
    pub(crate) async fn follow(&self, first: &str) -> Vec<Value> {
        let mut items = Vec::new();
        let mut next = Some(first.to_owned());
        while let Some(path) = next {
            let response = self.get(&path).await;
            let link = response
                .headers()
                .get("link")
                .map(|link| link.to_str().unwrap().to_owned());
            let body: Value = response.json().await.unwrap();
            items.extend(
                body["items"]
                    .as_array()
                    .unwrap_or_else(|| panic!("{path}: {body}"))
                    .clone(),
            );
            next = link.map(|link| link.trim_start_matches('<').split_once('>').unwrap().0.to_owned());
        }
        items
    }
}

/// A token of a write that has everything before it.
async fn newest_write() -> String {
    sqlx::query_scalar("SELECT to_hex(pg_current_xact_id()::text::bigint)")
        .fetch_one(&mut owner().await)
        .await
        .unwrap()
}

pub(crate) fn ids(items: &[Value]) -> Vec<String> {
    items
        .iter()
        .map(|item| item["id"].as_str().unwrap().to_owned())
        .collect()
}

pub(crate) fn pointers(problem: &Value) -> Vec<&str> {
    problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|fault| fault["pointer"].as_str().unwrap())
        .collect()
}

/// A licence that the import might have brought.
pub(crate) async fn add_contractor(name: &str) -> String {
    let number = (Uuid::new_v4().as_u128() % 1_000_000_000_000).to_string();
    let mut owner = owner().await;
    sqlx::query("INSERT INTO licences (license_number, region) VALUES ($1, 'NORTH')")
        .bind(&number)
        .execute(&mut owner)
        .await
        .unwrap();
    sqlx::query(
        "INSERT INTO california_contractors (license_number, region, business_name, primary_status, in_good_standing)
        VALUES ($1, 'NORTH', $2, 'CLEAR', true)",
    )
    .bind(&number)
    .bind(name)
    .execute(&mut owner)
    .await
    .unwrap();
    number
}
