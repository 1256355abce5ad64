//! Writing to a member, and what both sides have of it.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{Someone, change, count, pointers};

#[tokio::test]
async fn a_message_is_in_both_inboxes_and_unread_in_one() {
    let (ana, bo) = (Someone::with(&[]).await, Someone::with(&[]).await);
    let body = json!({"receiverId": bo.id(), "subject": "Roof", "content": "Are you free?\r\nIn May."});
    let response = ana
        .ask(Method::POST, "/v1/messages")
        .json(&body)
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), StatusCode::CREATED);
    let location = response.headers()["location"].to_str().unwrap().to_owned();
    assert!(
        response.headers()["ratelimit"]
            .to_str()
            .unwrap()
            .contains("\"messages-minute\";r=19;")
    );
    let message: Value = response.json().await.unwrap();
    assert_eq!(
        (&message["content"], &message["status"], &message["readAt"]),
        (&json!("Are you free?\nIn May."), &json!("SENT"), &Value::Null)
    );
    assert_eq!(ana.json(&location).await, message);
    assert_eq!(bo.json(&location).await, message);
    for (who, other, unread) in [(&ana, &bo, 0), (&bo, &ana, 1)] {
        let inbox = who.json("/v1/conversations").await;
        let conversation = &inbox["items"][0];
        assert_eq!(conversation["counterpart"]["id"], json!(other.id()));
        assert!(
            conversation["counterpart"]["name"]
                .as_str()
                .unwrap()
                .ends_with(" Test")
        );
        assert_eq!(conversation["unreadCount"], unread);
        assert_eq!(
            (
                &conversation["lastMessage"]["id"],
                &conversation["lastMessage"]["subject"]
            ),
            (&message["id"], &json!("Roof"))
        );
        let unread_of = who.json("/v1/messages/unread").await;
        assert_eq!(unread_of, json!({"messages": unread, "conversations": unread}));
    }
}

#[tokio::test]
async fn every_fault_is_named_and_nobody_writes_to_nobody() {
    let ana = Someone::with(&[]).await;
    let (status, problem) = ana
        .post(
            "/v1/messages",
            &json!({"subject": "a\nb", "content": " ", "cc": 1}),
        )
        .await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        pointers(&problem),
        ["/body/receiverId", "/body/subject", "/body/content", "/body/cc"]
    );
    for receiver in [ana.id(), Uuid::now_v7()] {
        let body = json!({"receiverId": receiver, "content": "hello"});
        let (status, problem) = ana.post("/v1/messages", &body).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{problem}");
        assert_eq!(pointers(&problem), ["/body/receiverId"]);
    }
}

#[tokio::test]
async fn only_approved_members_write_and_are_written_to() {
    let (ana, bo) = (Someone::with(&[]).await, Someone::with(&[]).await);
    ana.write(&bo, "before").await;
    for (state, back) in [
        (
            "is_active = false, suspended_at = now()",
            "is_active = true, suspended_at = NULL",
        ),
        ("approved_at = NULL", "approved_at = now()"),
        ("deleted_at = now()", "deleted_at = NULL"),
    ] {
        change(&format!("UPDATE users SET {state} WHERE id = $1"), bo.id()).await;
        let (status, problem) = ana.try_write(&bo, "hello").await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{state}: {problem}");
        // What was written stays, with somebody who has no name any more.
        let inbox = ana.json("/v1/conversations").await;
        assert_eq!(inbox["items"][0]["counterpart"]["name"], Value::Null, "{state}");
        let thread = ana.json(&format!("/v1/conversations/{}/messages", bo.id())).await;
        assert_eq!(thread["items"].as_array().unwrap().len(), 1);
        change(&format!("UPDATE users SET {back} WHERE id = $1"), bo.id()).await;
    }
    change("UPDATE users SET approved_at = NULL WHERE id = $1", ana.id()).await;
    let (status, problem) = ana.try_write(&bo, "hello").await;
    assert_eq!(status, StatusCode::FORBIDDEN, "{problem}");
    for path in ["/v1/conversations", "/v1/announcements", "/v1/feedback"] {
        assert_eq!(ana.get(path).await.status(), StatusCode::FORBIDDEN, "{path}");
    }
    // What mails the own account gets is its own matter.
    ana.json("/v1/notifications/preferences").await;
}

#[tokio::test]
async fn a_retry_writes_nothing_again() {
    let (ana, bo) = (Someone::with(&[]).await, Someone::with(&[]).await);
    let key = Uuid::now_v7().to_string();
    let send = async |content: &str| {
        let body = json!({"receiverId": bo.id(), "content": content});
        let request = ana.ask(Method::POST, "/v1/messages").json(&body);
        let response = request.header("idempotency-key", &key).send().await.unwrap();
        let status = response.status();
        (status, response.json::<Value>().await.unwrap())
    };
    let first = send("once").await;
    assert_eq!(first.0, StatusCode::CREATED, "{}", first.1);
    assert_eq!(send("once").await, first);
    assert_eq!(send("twice").await.0, StatusCode::UNPROCESSABLE_ENTITY);
    let written = "SELECT count(*) FROM messages WHERE sender_id = $1";
    assert_eq!(count(written, ana.id()).await, 1);
    assert_eq!(bo.json("/v1/messages/unread").await["messages"], 1);
}
