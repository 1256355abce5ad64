//! Asking the API, and the database for what the answer should be.

use portal_tests::stack::Stack;
use reqwest::{Response, StatusCode};
use serde_json::Value;
use sqlx::{Connection as _, PgConnection};

pub(crate) async fn get(path: &str, headers: &[(&str, &str)]) -> Response {
    let mut request = reqwest::Client::new().get(format!("{}{path}", Stack::get().api_url));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.expect("the gateway answers")
}

pub(crate) async fn page(path: &str) -> Value {
    let response = get(path, &[]).await;
    let status = response.status();
    let body: Value = response.json().await.expect("a JSON body");
    assert_eq!(status, StatusCode::OK, "{path}: {body}");
    body
}

pub(crate) async fn owner() -> PgConnection {
    let url = &Stack::get().databases["owner"].primary;
    PgConnection::connect(url).await.expect("the owner can connect")
}

/// Follows the cursor to the end, through the addresses that the pages give.
pub(crate) async fn follow(first: &str) -> Vec<Value> {
    let mut items = Vec::new();
    let mut next = Some(first.to_owned());
    while let Some(path) = next {
        let response = get(&path, &[]).await;
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
        assert_eq!(link.is_some(), body["nextCursor"].is_string());
        next = link.map(|link| link.trim_start_matches('<').split_once('>').unwrap().0.to_owned());
    }
    items
}
