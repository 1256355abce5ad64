//! Whom a member does not want to hear from, and what that shows to whom.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{Someone, each};

/// What a refusal says, without what differs from request to request.
fn said(problem: &Value) -> Vec<Value> {
    ["type", "title", "status", "detail", "errors"]
        .map(|name| problem[name].clone())
        .to_vec()
}

#[tokio::test]
async fn a_block_cannot_be_told_from_a_member_who_takes_no_messages() {
    let (ana, bo, cy) = (
        Someone::with(&[]).await,
        Someone::with(&[]).await,
        Someone::with(&[]).await,
    );
    ana.write(&bo, "before").await;
    let block = format!("/v1/blocks/{}", ana.id());
    assert_eq!(bo.act(Method::POST, &block).await, StatusCode::NO_CONTENT);
    assert_eq!(bo.act(Method::POST, &block).await, StatusCode::NO_CONTENT);
    let none = json!({"acceptsMessages": false});
    assert_eq!(
        cy.send(Method::PATCH, "/v1/notifications/preferences", &none)
            .await
            .0,
        StatusCode::OK
    );
    let (status, blocked) = ana.try_write(&bo, "again").await;
    assert_eq!(status, StatusCode::CONFLICT);
    let (_, refused) = ana.try_write(&cy, "again").await;
    assert_eq!(said(&blocked), said(&refused));
    // Nothing else that the blocked member sees has changed.
    let inbox = ana.json("/v1/conversations").await;
    assert_eq!(inbox["items"][0]["counterpart"]["isBlocked"], false);
    assert!(inbox["items"][0]["counterpart"]["name"].is_string());
    assert_eq!(ana.json("/v1/blocks").await["items"], json!([]));
    let unread = bo.json("/v1/messages/unread").await;
    assert_eq!(unread["messages"], 1, "what was refused did not come: {unread}");

    assert_eq!(
        bo.json("/v1/conversations").await["items"][0]["counterpart"]["isBlocked"],
        true
    );
    let blocks = bo.json("/v1/blocks?count=exact").await;
    assert_eq!(
        (
            each(blocks["items"].as_array().unwrap(), "/memberId"),
            &blocks["total"]
        ),
        (vec![ana.id().to_string()], &json!(1))
    );
    let (status, own) = bo.try_write(&ana, "hello").await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(own["detail"].as_str().unwrap().contains("blocked"), "{own}");
    assert_eq!(bo.act(Method::DELETE, &block).await, StatusCode::NO_CONTENT);
    ana.write(&bo, "after").await;
}

#[tokio::test]
async fn who_takes_no_messages_writes_none() {
    let (ana, bo) = (Someone::with(&[]).await, Someone::with(&[]).await);
    let none = json!({"acceptsMessages": false});
    ana.send(Method::PATCH, "/v1/notifications/preferences", &none)
        .await;
    let (status, problem) = ana.try_write(&bo, "hello").await;
    assert_eq!(status, StatusCode::CONFLICT, "{problem}");
    let again = json!({"acceptsMessages": true});
    ana.send(Method::PATCH, "/v1/notifications/preferences", &again)
        .await;
    ana.write(&bo, "hello").await;
}

#[tokio::test]
async fn blocks_are_of_members_and_not_of_oneself() {
    let ana = Someone::with(&[]).await;
    let block = |id: Uuid| format!("/v1/blocks/{id}");
    assert_eq!(
        ana.act(Method::POST, &block(ana.id())).await,
        StatusCode::CONFLICT
    );
    assert_eq!(
        ana.act(Method::POST, &block(Uuid::now_v7())).await,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        ana.act(Method::DELETE, &block(Uuid::now_v7())).await,
        StatusCode::NO_CONTENT
    );
}
