//! The committed OpenAPI document is what the code says, and what is served.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use portal_tests::openapi;
use portal_tests::stack::Stack;

#[test]
fn every_route_is_described_and_every_description_is_routed() {
    assert_eq!(openapi::differences(), Vec::<String>::new());
}

#[test]
fn the_committed_document_is_fresh() {
    let committed = std::fs::read_to_string(openapi::path()).unwrap();
    assert!(
        committed == openapi::document(),
        "functions/docs/openapi.json is stale: run `cargo xtask bless`"
    );
}

#[test]
fn every_reference_leads_somewhere() {
    let text = openapi::document();
    let document: serde_json::Value = serde_json::from_str(&text).unwrap();
    let references = text
        .split("\"$ref\": \"#")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap());
    let dangling: Vec<_> = references
        .filter(|pointer| document.pointer(pointer).is_none())
        .collect();
    assert_eq!(dangling, Vec::<&str>::new());
}

#[tokio::test]
async fn the_document_is_served_and_revalidated() {
    let url = format!("{}/v1/openapi.json", Stack::get().api_url);
    let client = reqwest::Client::new();
    let response = client.get(&url).send().await.unwrap();
    let tag = response.headers()["etag"].clone();
    assert_eq!(response.text().await.unwrap(), docs::DOCUMENT);
    let again = client
        .get(&url)
        .header("if-none-match", tag)
        .send()
        .await
        .unwrap();
    assert_eq!(again.status(), reqwest::StatusCode::NOT_MODIFIED);
}
