//! What a request may say, what a retry answers, and when a project takes no files.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{Client, Reply, announced, owner, project};

#[tokio::test]
async fn an_answer_names_every_fault() {
    let mut owner = owner().await;
    let manager = Client::new(&mut owner, "manager", &["project_manager"]).await;
    let project = project(&mut owner, &manager.member, "PUBLIC", "DRAFT").await;
    let files = format!("/v1/projects/{project}/files");
    let bad =
        json!({ "name": "a\nb", "mediaType": "text/html", "sizeBytes": 0, "checksumSha256": "x", "key": 1 });
    assert_eq!(
        manager.post(&files, &bad).await.pointers(),
        [
            "/body/checksumSha256",
            "/body/key",
            "/body/mediaType",
            "/body/name",
            "/body/sizeBytes"
        ]
    );
    let with = |field: &str, value: Value| {
        let mut body = announced("a.pdf", "application/pdf", b"x");
        body[field] = value;
        body
    };
    let limit = 100 * 1024 * 1024;
    for (field, value) in [
        ("name", json!("../a.pdf")),
        ("name", json!("a\\b.pdf")),
        ("name", json!("a\u{202e}fdp.exe")),
        ("name", json!("x".repeat(256))),
        ("sizeBytes", json!(limit + 1)),
        ("sizeBytes", json!(1.5)),
        ("mediaType", json!("image/svg+xml")),
    ] {
        let reply = manager.post(&files, &with(field, value.clone())).await;
        assert_eq!(reply.pointers(), [format!("/body/{field}")], "{value}");
    }
    let largest = manager.post(&files, &with("sizeBytes", json!(limit))).await;
    largest.expect(StatusCode::CREATED);
}

#[tokio::test]
async fn a_retry_answers_the_same_file_and_keeps_no_address() {
    let mut owner = owner().await;
    let manager = Client::new(&mut owner, "manager", &["project_manager"]).await;
    let project = project(&mut owner, &manager.member, "PUBLIC", "DRAFT").await;
    let files = format!("/v1/projects/{project}/files");
    let key = Uuid::new_v4().to_string();
    let post = async |body: Value| -> Reply {
        let headers = [("idempotency-key", key.as_str())];
        manager.send(Method::POST, &files, Some(&body), &headers).await
    };
    let body = announced("a.txt", "text/plain", b"a");
    let first = post(body.clone()).await.expect(StatusCode::CREATED);
    let again = post(body.clone()).await.expect(StatusCode::CREATED);
    assert_eq!(first["id"], again["id"]);
    assert!(
        again["upload"]["url"]
            .as_str()
            .unwrap()
            .contains("X-Amz-Signature=")
    );
    let other = announced("b.txt", "text/plain", b"a");
    assert_eq!(post(other).await.pointers(), ["/header/idempotency-key"]);
    let rows: i64 = sqlx::query_scalar("SELECT count(*) FROM project_files WHERE project_id = $1")
        .bind(project)
        .fetch_one(&mut owner)
        .await
        .unwrap();
    assert_eq!(rows, 1);
    let kept: String = sqlx::query_scalar("SELECT k::text FROM idempotency_keys AS k WHERE user_id = $1")
        .bind(manager.member.id)
        .fetch_one(&mut owner)
        .await
        .unwrap();
    assert!(!kept.contains("X-Amz-Signature"), "{kept}");

    let location = format!("{files}/{}", first["id"].as_str().unwrap());
    let removed = manager.send(Method::DELETE, &location, None, &[]).await;
    removed.expect(StatusCode::NO_CONTENT);
    post(body).await.expect(StatusCode::CONFLICT);
}

#[tokio::test]
async fn a_project_that_has_ended_keeps_its_files_as_they_are() {
    let mut owner = owner().await;
    let manager = Client::new(&mut owner, "manager", &["project_manager"]).await;
    let project = project(&mut owner, &manager.member, "PUBLIC", "PUBLISHED").await;
    let files = format!("/v1/projects/{project}/files");
    let body = announced("a.txt", "text/plain", b"a");
    let file = manager.post(&files, &body).await.expect(StatusCode::CREATED);
    sqlx::query("UPDATE projects SET status = 'COMPLETED' WHERE id = $1")
        .bind(project)
        .execute(&mut owner)
        .await
        .unwrap();
    manager.post(&files, &body).await.expect(StatusCode::CONFLICT);
    let location = format!("{files}/{}", file["id"].as_str().unwrap());
    let removed = manager.send(Method::DELETE, &location, None, &[]).await;
    removed.expect(StatusCode::CONFLICT);
}

#[tokio::test]
async fn a_file_that_has_changed_since_is_not_taken_away() {
    let mut owner = owner().await;
    let manager = Client::new(&mut owner, "manager", &["project_manager"]).await;
    let project = project(&mut owner, &manager.member, "PUBLIC", "DRAFT").await;
    let files = format!("/v1/projects/{project}/files");
    let reply = manager
        .post(&files, &announced("a.txt", "text/plain", b"a"))
        .await;
    let tag = reply.headers["etag"].to_str().unwrap().to_owned();
    let file = reply.expect(StatusCode::CREATED);
    let location = format!("{files}/{}", file["id"].as_str().unwrap());
    let delete = async |tag: &str| {
        manager
            .send(Method::DELETE, &location, None, &[("if-match", tag)])
            .await
    };
    delete("\"99.x\"").await.expect(StatusCode::PRECONDITION_FAILED);
    delete(&tag).await.expect(StatusCode::NO_CONTENT);
    delete(&tag).await.expect(StatusCode::NOT_FOUND);
}
