//! Members of the running stack, and requests in their name.

use portal_tests::members::Member;
use portal_tests::stack::Stack;
use portal_tests::tokens::Signer;
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};
use sqlx::{Connection as _, PgConnection};
use uuid::Uuid;

pub(crate) async fn owner() -> PgConnection {
    let url = &Stack::get().databases["owner"].primary;
    PgConnection::connect(url).await.expect("the owner can connect")
}

/// Changes rows past all policies; `$1` is the id.
pub(crate) async fn change(statement: &str, id: Uuid) {
    let mut owner = owner().await;
    let done = sqlx::query(statement).bind(id).execute(&mut owner).await;
    assert!(done.unwrap().rows_affected() > 0, "{statement}");
}

/// A number that a query gives; `$1` is the id.
pub(crate) async fn count(query: &str, id: Uuid) -> i64 {
    let mut owner = owner().await;
    sqlx::query_scalar(query)
        .bind(id)
        .fetch_one(&mut owner)
        .await
        .unwrap()
}

/// Somebody who is signed in.
pub(crate) struct Someone {
    pub(crate) member: Member,
    token: String,
    client: Client,
}

impl Someone {
    /// A member of long standing with these roles.
    pub(crate) async fn with(roles: &[&str]) -> Self {
        let someone = Self::fresh(roles).await;
        let aged = "UPDATE users SET created_at = now() - interval '60 days' WHERE id = $1";
        change(aged, someone.member.id).await;
        someone
    }

    /// A member whose account was made just now.
    pub(crate) async fn fresh(roles: &[&str]) -> Self {
        let name = format!("messaging-{}", Uuid::now_v7().simple());
        let member = Member::add(&mut owner().await, &name, roles).await;
        Self {
            token: Signer::newest().await.token(&member),
            member,
            client: Client::new(),
        }
    }

    pub(crate) fn id(&self) -> Uuid {
        self.member.id
    }

    pub(crate) fn ask(&self, method: Method, path: &str) -> RequestBuilder {
        let url = format!("{}{path}", Stack::get().api_url);
        self.client.request(method, url).bearer_auth(&self.token)
    }

    /// A read that sees all that has been written until now, whichever replica answers.
    pub(crate) async fn get(&self, path: &str) -> Response {
        let request = self.ask(Method::GET, path);
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

    pub(crate) async fn post(&self, path: &str, body: &Value) -> (StatusCode, Value) {
        self.send(Method::POST, path, body).await
    }

    /// Sends a request without a body, and gives the status.
    pub(crate) async fn act(&self, method: Method, path: &str) -> StatusCode {
        self.ask(method, path).send().await.unwrap().status()
    }

    /// Tries to write to somebody.
    pub(crate) async fn try_write(&self, to: &Self, content: &str) -> (StatusCode, Value) {
        let body = json!({"receiverId": to.id(), "content": content});
        self.post("/v1/messages", &body).await
    }

    /// Writes to somebody, and gives the message's id.
    pub(crate) async fn write(&self, to: &Self, content: &str) -> String {
        let (status, message) = self.try_write(to, content).await;
        assert_eq!(status, StatusCode::CREATED, "{message}");
        message["id"].as_str().unwrap().to_owned()
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
            let page = body["items"]
                .as_array()
                .unwrap_or_else(|| panic!("{path}: {body}"));
            items.extend(page.clone());
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

/// One member of every item.
pub(crate) fn each(items: &[Value], pointer: &str) -> Vec<String> {
    let text = |item: &Value| item.pointer(pointer).unwrap().as_str().unwrap().to_owned();
    items.iter().map(text).collect()
}

pub(crate) fn pointers(problem: &Value) -> Vec<&str> {
    problem["errors"]
        .as_array()
        .unwrap_or_else(|| panic!("{problem}"))
        .iter()
        .map(|fault| fault["pointer"].as_str().unwrap())
        .collect()
}
