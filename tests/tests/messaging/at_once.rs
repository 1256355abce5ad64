//! Many who write and read at once: counts stay true and threads in order.

use std::sync::Arc;

use futures_util::future::join_all;
use serde_json::json;
use uuid::Uuid;

use crate::support::{Someone, count, each, owner};

const UNREAD: &str =
    "SELECT count(*) FROM messages WHERE receiver_id = $1 AND status IN ('SENT', 'DELIVERED')";
const COUNTED: &str = "SELECT COALESCE(sum(unread_count), 0)::bigint FROM conversations WHERE user_id = $1";

#[tokio::test]
async fn the_count_of_unread_messages_stays_that_of_the_messages() {
    let bo = Arc::new(Someone::with(&[]).await);
    let mut senders = Vec::new();
    for _ in 0..4 {
        senders.push(Arc::new(Someone::with(&[]).await));
    }
    let work = senders.iter().map(|sender| {
        let (sender, bo) = (Arc::clone(sender), Arc::clone(&bo));
        async move {
            for number in 0..8 {
                let id = sender.write(&bo, &format!("message {number}")).await;
                if number % 2 == 0 {
                    let read = json!({"messageId": id});
                    let read = bo.post("/v1/messages/read", &read);
                    let (_, (status, answer)) = tokio::join!(sender.write(&bo, "meanwhile"), read);
                    assert!(status.is_success(), "{answer}");
                }
            }
        }
    });
    join_all(work).await;
    let unread = count(UNREAD, bo.id()).await;
    assert!(unread > 0);
    assert_eq!(count(COUNTED, bo.id()).await, unread);
    assert_eq!(bo.json("/v1/messages/unread").await["messages"], unread);
    for sender in &senders {
        assert_eq!(
            count(COUNTED, sender.id()).await,
            count(UNREAD, sender.id()).await
        );
    }
}

#[tokio::test]
async fn two_who_write_to_each_other_at_once_agree_on_the_last_message() {
    let (ana, bo) = (
        Arc::new(Someone::with(&[]).await),
        Arc::new(Someone::with(&[]).await),
    );
    let tries = (0..16).map(|number| {
        let (ana, bo) = (Arc::clone(&ana), Arc::clone(&bo));
        async move {
            let (one, other) = if number % 2 == 0 { (ana, bo) } else { (bo, ana) };
            one.write(&other, &format!("message {number}")).await
        }
    });
    join_all(tries).await;
    let last: Uuid = sqlx::query_scalar(
        "SELECT id FROM messages WHERE sender_id IN ($1, $2) AND receiver_id IN ($1, $2) ORDER BY sent_at DESC, id DESC LIMIT 1",
    )
    .bind(ana.id())
    .bind(bo.id())
    .fetch_one(&mut owner().await)
    .await
    .unwrap();
    for who in [&ana, &bo] {
        let inbox = who.json("/v1/conversations").await;
        let shown = each(inbox["items"].as_array().unwrap(), "/lastMessage/id");
        assert_eq!(shown, [last.to_string()]);
        assert_eq!(inbox["items"][0]["unreadCount"], 8);
    }
}
