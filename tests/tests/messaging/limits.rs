//! How often a member may write.

use std::sync::Arc;

use futures_util::future::join_all;
use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::support::{Someone, change, count};

const WRITTEN: &str = "SELECT count(*) FROM messages WHERE sender_id = $1";

#[tokio::test]
async fn a_new_account_writes_five_messages_a_minute_however_many_it_tries_at_once() {
    let (ana, bo) = (
        Arc::new(Someone::fresh(&[]).await),
        Arc::new(Someone::with(&[]).await),
    );
    let tries = (0..12).map(|number| {
        let (ana, bo) = (Arc::clone(&ana), Arc::clone(&bo));
        async move { ana.try_write(&bo, &format!("message {number}")).await.0 }
    });
    let mut statuses = join_all(tries).await;
    statuses.sort();
    let expected = [
        vec![StatusCode::CREATED; 5],
        vec![StatusCode::TOO_MANY_REQUESTS; 7],
    ]
    .concat();
    assert_eq!(statuses, expected);
    assert_eq!(count(WRITTEN, ana.id()).await, 5);

    let body = json!({"receiverId": bo.id(), "content": "one more"});
    let response = ana
        .ask(Method::POST, "/v1/messages")
        .json(&body)
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
    let headers = response.headers().clone();
    let header = |name: &str| headers[name].to_str().unwrap().to_owned();
    let wait: u64 = header("retry-after").parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    assert!(
        header("ratelimit").contains(&format!("\"messages-minute\";r=0;t={wait}")),
        "{}",
        header("ratelimit")
    );
    assert!(header("ratelimit-policy").contains("\"messages-minute\";q=5;w=60"));
    // Time passes: the minute has room, and the hour goes on counting.
    let later = "UPDATE messages SET sent_at = sent_at - interval '2 minutes' WHERE sender_id = $1";
    change(later, ana.id()).await;
    ana.write(&bo, "later").await;
}

#[tokio::test]
async fn a_new_account_begins_three_threads_an_hour_and_goes_on_with_them() {
    let ana = Someone::fresh(&[]).await;
    let mut strangers = Vec::new();
    for _ in 0..4 {
        strangers.push(Someone::with(&[]).await);
    }
    for stranger in &strangers[..3] {
        ana.write(stranger, "hello").await;
    }
    let (status, problem) = ana.try_write(&strangers[3], "hello").await;
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS, "{problem}");
    ana.write(&strangers[0], "and another thing").await;
    // Whoever has written first is no stranger.
    strangers[3].write(&ana, "good morning").await;
    ana.write(&strangers[3], "good morning").await;
}

#[tokio::test]
async fn an_older_account_writes_more() {
    let (ana, bo) = (Someone::with(&[]).await, Someone::with(&[]).await);
    for number in 0..20 {
        ana.write(&bo, &format!("message {number}")).await;
    }
    assert_eq!(
        ana.try_write(&bo, "too much").await.0,
        StatusCode::TOO_MANY_REQUESTS
    );
    // Reading is not limited, nor is being written to.
    bo.write(&ana, "please stop").await;
    assert_eq!(ana.json("/v1/messages/unread").await["messages"], 1);
}
