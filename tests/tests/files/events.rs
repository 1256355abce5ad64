//! Files of events go the way of those of projects.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{
    Client, announced, await_replica, deliver, has_object, object_key, owner, send, upload,
};

const SLIDES: &[u8] = b"%PDF-1.7 the slides of a talk";

#[tokio::test]
async fn an_events_file_is_announced_sent_stored_fetched_and_taken_away() {
    let mut owner = owner().await;
    let manager = Client::new(&mut owner, "manager", &["event_manager"]).await;
    let member = Client::new(&mut owner, "member", &[]).await;
    let event = event(&mut owner, &manager, "REGISTRATION_OPEN").await;
    await_replica(&mut owner).await;
    let files = format!("/v1/events/{event}/files");
    let body = announced("Slides.pdf", "application/pdf", SLIDES);

    let refused = member.post(&files, &body).await;
    refused.expect(StatusCode::FORBIDDEN);
    let reply = manager.post(&files, &body).await;
    let location = reply.headers["location"].to_str().unwrap().to_owned();
    let file = reply.expect(StatusCode::CREATED);
    assert_eq!(
        (&file["eventId"], &file["state"]),
        (&json!(event), &json!("PENDING"))
    );
    await_replica(&mut owner).await;
    // Papers are for who has a seat, and not before their bytes are there.
    for path in [&files, &location] {
        member.get(path).await.expect(StatusCode::FORBIDDEN);
    }
    let seat = format!("/v1/events/{event}/registration");
    let seated = member.send(Method::POST, &seat, None, &[]).await;
    seated.expect(StatusCode::CREATED);
    await_replica(&mut owner).await;
    member.get(&location).await.expect(StatusCode::NOT_FOUND);

    let key = object_key(&mut owner, &file).await;
    assert!(key.starts_with("events/"), "{key}");
    assert_eq!(upload(&file["upload"], SLIDES).await, StatusCode::OK);
    assert_eq!(deliver(&key).await, "stored");
    await_replica(&mut owner).await;
    let list = member.get(&files).await.expect(StatusCode::OK);
    assert_eq!(list["items"][0]["id"], file["id"]);
    let shown = member.get(&location).await.expect(StatusCode::OK);
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let bytes = client.get(shown["download"]["url"].as_str().unwrap());
    assert_eq!(&*bytes.send().await.unwrap().bytes().await.unwrap(), SLIDES);
    let anonymous = send(Method::GET, &location, None, &[]).await;
    anonymous.expect(StatusCode::UNAUTHORIZED);

    let not_theirs = member.send(Method::DELETE, &location, None, &[]).await;
    not_theirs.expect(StatusCode::FORBIDDEN);
    let removed = manager.send(Method::DELETE, &location, None, &[]).await;
    removed.expect(StatusCode::NO_CONTENT);
    await_replica(&mut owner).await;
    manager.get(&location).await.expect(StatusCode::NOT_FOUND);
    assert!(has_object(&key).await, "it is kept for a while");
}

#[tokio::test]
async fn an_event_that_was_called_off_takes_no_more_files_and_a_draft_shows_none() {
    let mut owner = owner().await;
    let manager = Client::new(&mut owner, "manager", &["event_manager"]).await;
    let member = Client::new(&mut owner, "member", &[]).await;
    let cancelled = event(&mut owner, &manager, "CANCELLED").await;
    let draft = event(&mut owner, &manager, "DRAFT").await;
    await_replica(&mut owner).await;
    let body = announced("Slides.pdf", "application/pdf", SLIDES);
    let refused = manager
        .post(&format!("/v1/events/{cancelled}/files"), &body)
        .await;
    assert_eq!(
        refused.expect(StatusCode::CONFLICT)["detail"],
        "An event that was called off takes no more files."
    );
    let files = format!("/v1/events/{draft}/files");
    member.get(&files).await.expect(StatusCode::NOT_FOUND);
    member.post(&files, &body).await.expect(StatusCode::NOT_FOUND);
    let mut large: Value = body;
    large["sizeBytes"] = json!(5_000_000_000_i64);
    assert_eq!(manager.post(&files, &large).await.pointers(), ["/body/sizeBytes"]);
}

/// The manager's event.
async fn event(owner: &mut sqlx::PgConnection, manager: &Client, status: &str) -> Uuid {
    let id = Uuid::now_v7();
    sqlx::query(
        "INSERT INTO events (id, organizer_id, title, type, status, starts_at, ends_at)
        VALUES ($1, $2, 'A talk', 'TRAINING', $3, now() + interval '30 days', now() + interval '31 days')",
    )
    .bind(id)
    .bind(manager.member.id)
    .bind(status)
    .execute(owner)
    .await
    .unwrap();
    id
}
