//! Reading, putting away, and the list of conversations.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Someone, each, pointers};

#[tokio::test]
async fn a_thread_is_read_up_to_a_message() {
    let (ana, bo, cy) = (
        Someone::with(&[]).await,
        Someone::with(&[]).await,
        Someone::with(&[]).await,
    );
    let first = ana.write(&bo, "one").await;
    let second = ana.write(&bo, "two").await;
    ana.write(&bo, "three").await;
    cy.write(&bo, "other").await;
    let read = async |id: &str| bo.post("/v1/messages/read", &json!({"messageId": id})).await;
    assert_eq!(
        read(&second).await,
        (StatusCode::OK, json!({"messages": 2, "conversations": 2}))
    );
    // Again, and further back, changes nothing.
    for id in [&second, &first] {
        assert_eq!(read(id).await.1["messages"], 2);
    }
    let path = format!("/v1/conversations/{}/messages", ana.id());
    let thread = bo.json(&path).await;
    let states: Vec<_> = thread["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|message| {
            (
                &message["content"],
                &message["status"],
                message["readAt"].is_string(),
            )
        })
        .collect();
    assert_eq!(
        states,
        [
            (&json!("three"), &json!("SENT"), false),
            (&json!("two"), &json!("READ"), true),
            (&json!("one"), &json!("READ"), true)
        ]
    );
    // The sender sees that too, and reads nothing of the other's by reading the own.
    let seen = ana.json(&format!("/v1/conversations/{}/messages", bo.id())).await;
    assert_eq!(seen, thread);
    let own = ana.post("/v1/messages/read", &json!({"messageId": second})).await;
    assert_eq!(own.1, json!({"messages": 0, "conversations": 0}));
    assert_eq!(bo.json("/v1/messages/unread").await["messages"], 2);
    let (status, _) = cy.post("/v1/messages/read", &json!({"messageId": second})).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_conversation_is_put_away_on_one_side_until_a_message_comes() {
    let (ana, bo) = (Someone::with(&[]).await, Someone::with(&[]).await);
    let first = ana.write(&bo, "one").await;
    let last = ana.write(&bo, "two").await;
    let archive = |id: &str| format!("/v1/messages/{id}/archive");
    assert_eq!(bo.act(Method::POST, &archive(&first)).await, StatusCode::CONFLICT);
    assert_eq!(
        bo.act(Method::POST, &archive(&last)).await,
        StatusCode::NO_CONTENT
    );
    assert_eq!(
        bo.act(Method::POST, &archive(&last)).await,
        StatusCode::NO_CONTENT
    );
    let shown = async |who: &Someone, archived: bool| {
        let list = who
            .json(&format!("/v1/conversations?archived={archived}&count=exact"))
            .await;
        (list["total"].as_i64().unwrap(), list["items"][0].clone())
    };
    assert_eq!(shown(&bo, false).await.0, 0);
    let (one, away) = shown(&bo, true).await;
    assert_eq!((one, &away["unreadCount"]), (1, &json!(0)));
    assert!(away["archivedAt"].is_string());
    assert_eq!(shown(&ana, false).await.0, 1);
    assert_eq!(
        bo.json(&format!("/v1/messages/{last}")).await["status"],
        "ARCHIVED"
    );
    // Who wrote it is not told.
    assert_eq!(ana.json(&format!("/v1/messages/{last}")).await["status"], "READ");
    let thread = ana.json(&format!("/v1/conversations/{}/messages", bo.id())).await;
    assert_eq!(
        each(thread["items"].as_array().unwrap(), "/status"),
        ["READ", "READ"]
    );

    assert_eq!(
        bo.act(Method::DELETE, &archive(&last)).await,
        StatusCode::NO_CONTENT
    );
    assert_eq!(bo.json(&format!("/v1/messages/{last}")).await["status"], "READ");
    assert_eq!(shown(&bo, false).await.0, 1);
    bo.act(Method::POST, &archive(&last)).await;
    ana.write(&bo, "three").await;
    let (one, back) = shown(&bo, false).await;
    assert_eq!(
        (one, &back["unreadCount"], &back["archivedAt"]),
        (1, &json!(1), &Value::Null)
    );
}

#[tokio::test]
async fn conversations_are_listed_by_their_last_message_in_both_directions() {
    let ana = Someone::with(&[]).await;
    let mut others = Vec::new();
    for number in 0..5 {
        let other = Someone::with(&[]).await;
        other.write(&ana, &format!("hello {number}")).await;
        others.push(other);
    }
    // The first writes again, and is on top then.
    others[0].write(&ana, "me again").await;
    others.rotate_left(1);
    let mut ids: Vec<_> = others.iter().map(|other| other.id().to_string()).collect();
    let middle = ana.json("/v1/conversations").await["items"][2]["lastMessageAt"].clone();
    ids.reverse();
    let listed = ana.follow("/v1/conversations?limit=2").await;
    assert_eq!(each(&listed, "/counterpart/id"), ids);
    ids.reverse();
    let since = format!("/v1/conversations?limit=1&since={}", middle.as_str().unwrap());
    let newer = ana.follow(&since).await;
    assert_eq!(each(&newer, "/counterpart/id"), ids[3..]);
    let (status, problem) = {
        let response = ana.get("/v1/conversations?archived=maybe&since=today").await;
        (response.status(), response.json::<Value>().await.unwrap())
    };
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(pointers(&problem), ["/query/archived", "/query/since"]);
}
