//! The step as EventBridge starts it.

use portal_tests::stack::Stack;
use serde_json::{Value, json};

#[tokio::test]
async fn the_function_finds_everything_under_the_current_key() {
    let url = format!("{}/maintenance/invocations", Stack::get().invocations_url);
    let event = json!({ "source": "aws.events", "detail-type": "Scheduled Event", "detail": { "step": "reencrypt" } });
    let answer = reqwest::Client::new()
        .post(url)
        .json(&event)
        .send()
        .await
        .unwrap();
    let answer: Value = answer.json().await.unwrap();
    assert_eq!(answer["step"], "reencrypt", "{answer}");
    assert_eq!(answer["details"]["complete"], true, "{answer}");
}
