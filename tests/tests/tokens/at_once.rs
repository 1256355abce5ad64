//! What ends a sign-in, or changes what it may do, acts on the very next request on another function.

use std::time::{Duration, Instant};

use portal_tests::members::Member;
use portal_tests::stack::Stack;
use portal_tests::tokens::Signer;
use reqwest::{Client, Response, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{change, get, member};

/// How far behind a replica may be.
const LAG: Duration = Duration::from_secs(1);

/// A read of the function `directory` that takes the role `support`: a replica answers it.
const READ: &str = "/v1/contractors?limit=1&notMember=true";

async fn post(path: &str, body: &Value) -> Response {
    let url = format!("{}{path}", Stack::get().api_url);
    Client::new().post(url).json(body).send().await.unwrap()
}

/// Whether the primary lets the caller begin a write, on a function other than `auth`. There is no project by this id.
async fn write(token: &str) -> StatusCode {
    let url = format!("{}/v1/projects/{}", Stack::get().api_url, Uuid::now_v7());
    let request = Client::new().delete(url).bearer_auth(token);
    request.send().await.unwrap().status()
}

/// Asks again until the answer has this status, and checks that the replica was not longer behind than it may be.
async fn assert_within_lag(token: &str, status: StatusCode) {
    assert_read_within_lag(READ, token, status).await;
}

async fn assert_read_within_lag(read: &str, token: &str, status: StatusCode) {
    let began = Instant::now();
    while get(read, token).await.status() != status {
        assert!(began.elapsed() <= LAG, "not {status} within {LAG:?}");
    }
}

/// Waits for the replica to know a member who was made a moment ago.
async fn staff() -> (Member, String) {
    let member = member(&["support"]).await;
    let token = Signer::newest().await.token(&member);
    assert_within_lag(&token, StatusCode::OK).await;
    assert_eq!(write(&token).await, StatusCode::NOT_FOUND);
    (member, token)
}

#[tokio::test]
async fn an_ended_session_is_refused_by_the_next_request() {
    let (member, token) = staff().await;
    change(
        &member,
        "UPDATE sessions SET revoked_at = now() WHERE user_id = $1",
    )
    .await;
    assert_eq!(write(&token).await, StatusCode::UNAUTHORIZED);
    assert_within_lag(&token, StatusCode::UNAUTHORIZED).await;
}

#[tokio::test]
async fn a_suspended_member_is_refused_by_the_next_request() {
    let (member, token) = staff().await;
    change(
        &member,
        "UPDATE users SET is_active = false, suspended_at = now() WHERE id = $1",
    )
    .await;
    assert_eq!(write(&token).await, StatusCode::UNAUTHORIZED);
    assert_within_lag(&token, StatusCode::UNAUTHORIZED).await;
}

#[tokio::test]
async fn a_role_that_is_taken_or_given_counts_for_the_next_request() {
    let (member, token) = staff().await;
    change(&member, "DELETE FROM user_roles WHERE user_id = $1").await;
    assert_within_lag(&token, StatusCode::FORBIDDEN).await;
    let again = "INSERT INTO user_roles (user_id, role_id) SELECT $1, id FROM roles WHERE name = 'support'";
    change(&member, again).await;
    assert_within_lag(&token, StatusCode::OK).await;
}

#[tokio::test]
async fn a_logout_is_seen_at_once_by_whoever_brings_its_consistency_token() {
    // A member's, which a password alone opens.
    const OWN: &str = "/v1/conversations?limit=1";
    let account = Stack::get().account("member");
    let body = json!({"email": account.email, "password": account.password});
    let tokens: Value = post("/v1/auth/login", &body).await.json().await.unwrap();
    let access = tokens["accessToken"]
        .as_str()
        .unwrap_or_else(|| panic!("{tokens}"));
    assert_read_within_lag(OWN, access, StatusCode::OK).await;
    let logout = post(
        "/v1/auth/logout",
        &json!({"refreshToken": tokens["refreshToken"]}),
    )
    .await;
    assert_eq!(logout.status(), StatusCode::NO_CONTENT);
    let consistency = logout.headers()["portal-consistency"].clone();
    assert_eq!(write(access).await, StatusCode::UNAUTHORIZED);
    let url = format!("{}{OWN}", Stack::get().api_url);
    let read = Client::new()
        .get(url)
        .bearer_auth(access)
        .header("portal-consistency", consistency);
    assert_eq!(read.send().await.unwrap().status(), StatusCode::UNAUTHORIZED);
    assert_read_within_lag(OWN, access, StatusCode::UNAUTHORIZED).await;
}
