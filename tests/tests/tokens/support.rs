//! Members of the stack's own database, and requests in their name.

use portal_tests::members::Member;
use portal_tests::samples::Sample;
use portal_tests::stack::Stack;
use reqwest::{Client, RequestBuilder, Response};
use sqlx::{Connection as _, PgConnection};
use uuid::Uuid;

pub(crate) async fn owner() -> PgConnection {
    let url = &Stack::get().databases["owner"].primary;
    PgConnection::connect(url).await.expect("the owner can connect")
}

/// A member of the running stack with these roles, who is signed in.
pub(crate) async fn member(roles: &[&str]) -> Member {
    let name = format!("tokens-{}", Uuid::now_v7().simple());
    Member::add(&mut owner().await, &name, roles).await
}

/// Changes a member's row, or rows about one, with `$1` for the member's id.
pub(crate) async fn change(member: &Member, statement: &str) {
    let done = sqlx::query(statement)
        .bind(member.id)
        .execute(&mut owner().await)
        .await
        .unwrap();
    assert_eq!(done.rows_affected(), 1, "{statement}");
}

/// A request to the gateway.
pub(crate) fn request(sample: &Sample, token: Option<&str>) -> RequestBuilder {
    let url = format!("{}{}", Stack::get().api_url, sample.path);
    let mut request = Client::new()
        .request(sample.method.clone(), url)
        .header("idempotency-key", Uuid::now_v7().to_string());
    if let Some(body) = &sample.body {
        request = request.json(body);
    }
    match token {
        Some(token) => request.bearer_auth(token),
        None => request,
    }
}

pub(crate) async fn get(path: &str, token: &str) -> Response {
    let url = format!("{}{path}", Stack::get().api_url);
    Client::new().get(url).bearer_auth(token).send().await.unwrap()
}
