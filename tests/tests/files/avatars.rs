//! Members' pictures.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::support::{Client, deliver, has_object, object_key, owner, put_object, send, sha256, upload};

const PATH: &str = "/v1/members/me/avatar";

fn picture(content: &[u8]) -> Value {
    json!({ "mediaType": "image/png", "sizeBytes": content.len(), "checksumSha256": sha256(content) })
}

async fn shown(owner: &mut PgConnection, user: Uuid) -> Option<String> {
    sqlx::query_scalar("SELECT profile_image_key FROM users WHERE id = $1")
        .bind(user)
        .fetch_one(owner)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_picture_is_shown_once_it_is_there_and_a_later_one_after_it() {
    let mut owner = owner().await;
    let ana = Client::new(&mut owner, "ana", &[]).await;
    let first = ana
        .post(PATH, &picture(b"first"))
        .await
        .expect(StatusCode::CREATED);
    let second = ana
        .post(PATH, &picture(b"second"))
        .await
        .expect(StatusCode::CREATED);
    let third = ana
        .post(PATH, &picture(b"third"))
        .await
        .expect(StatusCode::CREATED);
    assert_eq!(
        (&first["state"], &first["mediaType"]),
        (&json!("PENDING"), &json!("image/png"))
    );
    let mut keys = Vec::new();
    for (picture, content) in [(&first, "first"), (&second, "second"), (&third, "third")] {
        assert_eq!(
            upload(&picture["upload"], content.as_bytes()).await,
            StatusCode::OK
        );
        keys.push(object_key(&mut owner, picture).await);
    }
    assert_eq!(shown(&mut owner, ana.member.id).await, None);
    assert_eq!(deliver(&keys[0]).await, "stored");
    assert_eq!(shown(&mut owner, ana.member.id).await.as_ref(), Some(&keys[0]));
    assert_eq!(deliver(&keys[2]).await, "stored");
    assert_eq!(deliver(&keys[1]).await, "stored", "its event is late");
    assert_eq!(shown(&mut owner, ana.member.id).await.as_ref(), Some(&keys[2]));
}

#[tokio::test]
async fn a_picture_that_is_another_file_is_refused() {
    let mut owner = owner().await;
    let ana = Client::new(&mut owner, "ana", &[]).await;
    let announced = ana
        .post(PATH, &picture(b"picture"))
        .await
        .expect(StatusCode::CREATED);
    let key = object_key(&mut owner, &announced).await;
    put_object(&key, "text/html", b"picture").await;
    assert_eq!(deliver(&key).await, "refused");
    assert!(!has_object(&key).await);
    assert_eq!(shown(&mut owner, ana.member.id).await, None);
}

#[tokio::test]
async fn a_request_for_what_is_no_picture_names_every_fault() {
    let mut owner = owner().await;
    let ana = Client::new(&mut owner, "ana", &[]).await;
    let bad =
        json!({ "mediaType": "application/pdf", "sizeBytes": 5 * 1024 * 1024 + 1, "checksumSha256": "" });
    assert_eq!(
        ana.post(PATH, &bad).await.pointers(),
        ["/body/checksumSha256", "/body/mediaType", "/body/sizeBytes"]
    );
    let anonymous = send(Method::POST, PATH, Some(&picture(b"x")), &[]).await;
    anonymous.expect(StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_retry_answers_the_same_upload() {
    let mut owner = owner().await;
    let ana = Client::new(&mut owner, "ana", &[]).await;
    let key = Uuid::new_v4().to_string();
    let mut ids = Vec::new();
    for _ in 0..2 {
        let headers = [("idempotency-key", key.as_str())];
        let reply = ana
            .send(Method::POST, PATH, Some(&picture(b"picture")), &headers)
            .await;
        let announced = reply.expect(StatusCode::CREATED);
        assert!(
            announced["upload"]["url"]
                .as_str()
                .unwrap()
                .contains("X-Amz-Signature=")
        );
        ids.push(announced["id"].clone());
    }
    assert_eq!(ids[0], ids[1]);
}
