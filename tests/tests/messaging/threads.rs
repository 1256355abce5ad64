//! The messages of one thread, page by page and either way.

use reqwest::StatusCode;
use serde_json::Value;
use uuid::Uuid;

use crate::support::{Someone, each, owner, pointers};

/// A thread of so many messages in threes that were written at the same moment, the earliest first.
async fn thread(one: &Someone, other: &Someone, length: i32) -> Vec<String> {
    let ids: Vec<Uuid> = sqlx::query_scalar(
        "INSERT INTO messages (id, sender_id, receiver_id, content, status, sent_at)
        SELECT gen_random_uuid(), CASE WHEN n % 2 = 0 THEN $1 ELSE $2 END, CASE WHEN n % 2 = 0 THEN $2 ELSE $1 END,
            'message ' || n, 'READ', timestamptz '2026-01-01' + n / 3 * interval '1 second'
        FROM generate_series(1, $3) AS n RETURNING id",
    )
    .bind(one.id())
    .bind(other.id())
    .bind(length)
    .fetch_all(&mut owner().await)
    .await
    .unwrap();
    let ordered: Vec<Uuid> =
        sqlx::query_scalar("SELECT id FROM messages WHERE id = ANY ($1) ORDER BY sent_at, id")
            .bind(&ids)
            .fetch_all(&mut owner().await)
            .await
            .unwrap();
    ordered.iter().map(Uuid::to_string).collect()
}

#[tokio::test]
async fn either_way_every_message_is_shown_once() {
    let (ana, bo) = (Someone::with(&[]).await, Someone::with(&[]).await);
    let ids = thread(&ana, &bo, 40).await;
    let path = format!("/v1/conversations/{}/messages", bo.id());
    let mut backward = each(&ana.follow(&format!("{path}?limit=7")).await, "/id");
    backward.reverse();
    assert_eq!(backward, ids);
    let forward = ana.follow(&format!("{path}?limit=7&after={}", ids[10])).await;
    assert_eq!(each(&forward, "/id"), ids[11..]);
    let mut before = each(
        &ana.follow(&format!("{path}?limit=7&before={}", ids[10])).await,
        "/id",
    );
    before.reverse();
    assert_eq!(before, ids[..10]);
    let counted = ana.json(&format!("{path}?limit=1&count=exact")).await;
    assert_eq!(counted["total"], 40);
}

#[tokio::test]
async fn a_reader_meets_every_message_once_while_others_come() {
    let (ana, bo) = (Someone::with(&[]).await, Someone::with(&[]).await);
    let ids = thread(&ana, &bo, 20).await;
    let path = format!("/v1/conversations/{}/messages?limit=8", bo.id());
    let first = ana.json(&path).await;
    let new = bo.write(&ana, "meanwhile").await;
    let cursor = first["nextCursor"].as_str().unwrap();
    let rest = ana.follow(&format!("{path}&cursor={cursor}")).await;
    let mut seen = each(first["items"].as_array().unwrap(), "/id");
    seen.extend(each(&rest, "/id"));
    seen.reverse();
    assert_eq!(seen, ids);
    let newer = format!("/v1/conversations/{}/messages?after={}", bo.id(), ids[19]);
    assert_eq!(each(&ana.follow(&newer).await, "/id"), [new]);
}

#[tokio::test]
async fn a_thread_with_nobody_is_empty_and_goes_one_way_at_a_time() {
    let (ana, bo, cy) = (
        Someone::with(&[]).await,
        Someone::with(&[]).await,
        Someone::with(&[]).await,
    );
    let message = ana.write(&bo, "hello").await;
    for path in [
        format!("/v1/conversations/{}/messages", Uuid::now_v7()),
        format!("/v1/conversations/{}/messages?after={message}", cy.id()),
        format!("/v1/conversations/{}/messages?before={}", bo.id(), Uuid::now_v7()),
    ] {
        let list = ana.json(&path).await;
        assert_eq!(
            (list["items"].as_array().unwrap().len(), &list["nextCursor"]),
            (0, &Value::Null)
        );
    }
    let both = format!(
        "/v1/conversations/{}/messages?before={message}&after={message}",
        bo.id()
    );
    let response = ana.get(&both).await;
    assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(pointers(&response.json().await.unwrap()), ["/query/after"]);
}
