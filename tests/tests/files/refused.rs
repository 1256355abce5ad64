//! What is not what was announced: S3 refuses it by its signature, and the function refuses it where S3 has not.

use reqwest::StatusCode;
use serde_json::{Value, json};
use sqlx::PgConnection;

use crate::support::{
    Client, announced, bucket, deliver, event, has_object, invoke, object_key, owner, project, put_object,
    sha256, upload, upload_with,
};

const PLAN: &[u8] = b"the plan of a library";
/// As many bytes, but others.
const OTHER: &[u8] = b"the plan of a lobby!!";

/// A file that waits for its bytes, and the key of its object.
async fn waiting(owner: &mut PgConnection) -> (Value, String) {
    let manager = Client::new(owner, "manager", &["project_manager"]).await;
    let project = project(owner, &manager.member, "PUBLIC", "PUBLISHED").await;
    let files = format!("/v1/projects/{project}/files");
    let file = manager
        .post(&files, &announced("Plan.pdf", "application/pdf", PLAN))
        .await;
    let file = file.expect(StatusCode::CREATED);
    let key = object_key(owner, &file).await;
    (file, key)
}

async fn has_row(owner: &mut PgConnection, key: &str) -> bool {
    sqlx::query_scalar("SELECT EXISTS (SELECT FROM project_files WHERE object_key = $1)")
        .bind(key)
        .fetch_one(owner)
        .await
        .unwrap()
}

#[tokio::test]
async fn an_address_takes_its_own_content_alone() {
    let mut owner = owner().await;
    let (file, key) = waiting(&mut owner).await;
    let ticket = &file["upload"];
    let checksum = sha256(PLAN);
    let pdf = ("content-type", "application/pdf");
    for (content, headers) in [
        (OTHER, vec![pdf, ("x-amz-checksum-sha256", checksum.as_str())]),
        (OTHER, vec![pdf, ("x-amz-checksum-sha256", &sha256(OTHER))]),
        (
            PLAN,
            vec![
                ("content-type", "text/html"),
                ("x-amz-checksum-sha256", &checksum),
            ],
        ),
        (PLAN, vec![pdf]),
        (&PLAN[1..], vec![pdf, ("x-amz-checksum-sha256", &checksum)]),
    ] {
        let status = upload_with(ticket, content, &headers).await;
        assert!(status.is_client_error(), "{status} for {headers:?}");
    }
    assert!(!has_object(&key).await);
    assert_eq!(upload(ticket, PLAN).await, StatusCode::OK);
    assert!(has_object(&key).await);
}

#[tokio::test]
async fn another_size_type_or_content_is_taken_away_with_its_row() {
    let mut owner = owner().await;
    for (media_type, content) in [
        ("application/pdf", &PLAN[1..]),
        ("text/html", PLAN),
        ("application/pdf", OTHER),
    ] {
        let (_, key) = waiting(&mut owner).await;
        put_object(&key, media_type, content).await;
        let again = event(&key).await;
        assert_eq!(deliver(&key).await, "refused", "{media_type} {}", content.len());
        assert!(!has_object(&key).await);
        assert!(!has_row(&mut owner, &key).await);
        let answer = invoke(&again).await;
        assert_eq!(
            answer["objects"],
            json!([[key, "unannounced"]]),
            "the event comes again"
        );
    }
}

#[tokio::test]
async fn a_content_without_a_checksum_is_read_and_compared() {
    let mut owner = owner().await;
    let (_, key) = waiting(&mut owner).await;
    put_object(&key, "application/pdf", PLAN).await;
    assert_eq!(deliver(&key).await, "stored");
}

#[tokio::test]
async fn a_stored_file_outlives_what_is_put_over_it() {
    let mut owner = owner().await;
    let (file, key) = waiting(&mut owner).await;
    assert_eq!(upload(&file["upload"], PLAN).await, StatusCode::OK);
    assert_eq!(deliver(&key).await, "stored");
    put_object(&key, "application/pdf", OTHER).await;
    assert_eq!(deliver(&key).await, "refused");
    assert!(has_row(&mut owner, &key).await);
    assert_eq!(
        deliver(&key).await,
        "storedBefore",
        "the version before is the newest again"
    );
}

#[tokio::test]
async fn an_object_that_nothing_announces_is_left_to_the_sweep() {
    let key = format!("projects/{}", uuid::Uuid::new_v4());
    put_object(&key, "text/plain", b"x").await;
    assert_eq!(deliver(&key).await, "unannounced");
    assert!(has_object(&key).await);
}

#[tokio::test]
async fn events_of_other_buckets_and_of_nothing_are_no_work() {
    let mut elsewhere: Value = serde_json::from_str(include_str!("../../../events/files.json")).unwrap();
    elsewhere["Records"][0]["s3"]["bucket"]["name"] = format!("not-{}", bucket()).into();
    assert_eq!(invoke(&elsewhere).await, json!({ "objects": [] }));
    let test = json!({ "Service": "Amazon S3", "Event": "s3:TestEvent" });
    assert_eq!(invoke(&test).await, json!({ "objects": [] }));
}
