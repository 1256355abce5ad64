//! The life of a file: announced, sent, stored, fetched, taken away.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::support::{
    Client, announced, await_replica, deliver, has_object, object_key, owner, project, upload,
};

const PLAN: &[u8] = b"%PDF-1.7 the plan of a library";

/// The addenda of a project, and how many mails they have made.
async fn addenda(owner: &mut PgConnection, project: Uuid) -> (Vec<String>, i64) {
    let summaries = sqlx::query_scalar("SELECT summary FROM addenda WHERE project_id = $1 ORDER BY number");
    let summaries = summaries.bind(project).fetch_all(&mut *owner).await.unwrap();
    let mails = sqlx::query_scalar(
        "SELECT count(*) FROM outbox WHERE kind = 'PROJECT_ADDENDUM' AND payload ->> 'projectId' = $1",
    );
    let mails = mails
        .bind(project.to_string())
        .fetch_one(&mut *owner)
        .await
        .unwrap();
    (summaries, mails)
}

async fn add_bid(owner: &mut PgConnection, project: Uuid, bidder: Uuid) {
    sqlx::query(
        "INSERT INTO project_applications (id, project_id, user_id) VALUES (gen_random_uuid(), $1, $2)",
    )
    .bind(project)
    .bind(bidder)
    .execute(owner)
    .await
    .unwrap();
}

#[tokio::test]
async fn a_file_is_announced_sent_stored_fetched_and_taken_away() {
    let mut owner = owner().await;
    let manager = Client::new(&mut owner, "manager", &["project_manager"]).await;
    let bidder = Client::new(&mut owner, "bidder", &[]).await;
    let project = project(&mut owner, &manager.member, "PUBLIC", "BIDDING_OPEN").await;
    add_bid(&mut owner, project, bidder.member.id).await;
    await_replica(&mut owner).await;
    let files = format!("/v1/projects/{project}/files");

    let reply = manager
        .post(&files, &announced("Plan.pdf", "application/pdf", PLAN))
        .await;
    let location = reply
        .headers
        .get("location")
        .unwrap()
        .to_str()
        .unwrap()
        .to_owned();
    let file = reply.expect(StatusCode::CREATED);
    assert_eq!(
        (&file["name"], &file["state"]),
        (&json!("Plan.pdf"), &json!("PENDING"))
    );
    let headers: Vec<_> = file["upload"]["headers"].as_object().unwrap().keys().collect();
    assert_eq!(headers, ["content-type", "x-amz-checksum-sha256"]);
    let key = object_key(&mut owner, &file).await;
    assert!(!key.contains("Plan") && !file.to_string().contains("objectKey"));
    await_replica(&mut owner).await;
    assert_eq!(
        manager.get(&location).await.expect(StatusCode::OK)["download"],
        Value::Null
    );
    bidder.get(&location).await.expect(StatusCode::NOT_FOUND);
    assert_eq!(
        bidder.get(&files).await.expect(StatusCode::OK)["items"],
        json!([])
    );

    assert_eq!(upload(&file["upload"], PLAN).await, StatusCode::OK);
    assert_eq!(deliver(&key).await, "stored");
    assert_eq!(deliver(&key).await, "storedBefore");
    let (summaries, mails) = addenda(&mut owner, project).await;
    assert_eq!((summaries, mails), (vec!["New file: Plan.pdf".to_owned()], 1));
    await_replica(&mut owner).await;
    let list = bidder.get(&files).await.expect(StatusCode::OK);
    assert_eq!(
        (&list["items"][0]["id"], &list["items"][0]["state"]),
        (&file["id"], &json!("STORED"))
    );
    fetch(&bidder, &location).await;

    let removed = manager.send(Method::DELETE, &location, None, &[]).await;
    removed.expect(StatusCode::NO_CONTENT);
    await_replica(&mut owner).await;
    manager.get(&location).await.expect(StatusCode::NOT_FOUND);
    let (summaries, mails) = addenda(&mut owner, project).await;
    assert_eq!(
        (summaries.last().unwrap().as_str(), mails),
        ("File taken away: Plan.pdf", 2)
    );
    assert!(has_object(&key).await, "it is kept for a while");
}

async fn fetch(client: &Client, location: &str) {
    let file = client.get(location).await.expect(StatusCode::OK);
    let url = file["download"]["url"].as_str().unwrap();
    assert!(url.contains("X-Amz-Expires=300"), "{url}");
    let response = reqwest::Client::builder()
        .no_proxy()
        .build()
        .unwrap()
        .get(url)
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("content-type"), "application/pdf");
    assert_eq!(
        header("content-disposition"),
        "attachment; filename=\"Plan.pdf\"; filename*=UTF-8''Plan.pdf"
    );
    assert_eq!(&*response.bytes().await.unwrap(), PLAN);
}

#[tokio::test]
async fn a_name_comes_back_as_it_was_given() {
    let mut owner = owner().await;
    let manager = Client::new(&mut owner, "manager", &["project_manager"]).await;
    let project = project(&mut owner, &manager.member, "PRIVATE", "DRAFT").await;
    let name = "Plan \"A\"; Muñoz & Söhne – 屋根 50%.pdf";
    let files = format!("/v1/projects/{project}/files");
    let file = manager
        .post(&files, &announced(name, "application/pdf", PLAN))
        .await;
    let file = file.expect(StatusCode::CREATED);
    assert_eq!(upload(&file["upload"], PLAN).await, StatusCode::OK);
    assert_eq!(deliver(&object_key(&mut owner, &file).await).await, "stored");
    assert_eq!(
        addenda(&mut owner, project).await.0,
        Vec::<String>::new(),
        "nobody knows of a draft"
    );
    await_replica(&mut owner).await;
    let location = format!("{files}/{}", file["id"].as_str().unwrap());
    let file = manager.get(&location).await.expect(StatusCode::OK);
    assert_eq!(file["name"], name);
    let url = file["download"]["url"].as_str().unwrap();
    let response = reqwest::Client::builder()
        .no_proxy()
        .build()
        .unwrap()
        .get(url)
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    let disposition = response.headers()["content-disposition"]
        .to_str()
        .unwrap()
        .to_owned();
    assert!(
        disposition.starts_with("attachment; filename=\"Plan _A_; Mu_oz & S_hne _ __ 50_.pdf\";"),
        "{disposition}"
    );
    assert!(
        disposition.ends_with("%E5%B1%8B%E6%A0%B9%2050%25.pdf"),
        "{disposition}"
    );
}

#[tokio::test]
async fn an_event_that_comes_twice_at_once_makes_one_addendum() {
    let mut owner = owner().await;
    let manager = Client::new(&mut owner, "manager", &["project_manager"]).await;
    let project = project(&mut owner, &manager.member, "PUBLIC", "PUBLISHED").await;
    let files = format!("/v1/projects/{project}/files");
    let file = manager
        .post(&files, &announced("a.txt", "text/plain", b"a"))
        .await;
    let file = file.expect(StatusCode::CREATED);
    assert_eq!(upload(&file["upload"], b"a").await, StatusCode::OK);
    let key = object_key(&mut owner, &file).await;
    let (one, other) = tokio::join!(deliver(&key), deliver(&key));
    let mut outcomes = [one, other];
    outcomes.sort();
    assert_eq!(outcomes, ["stored", "storedBefore"]);
    assert_eq!(addenda(&mut owner, project).await.0, ["New file: a.txt"]);
}

#[tokio::test]
async fn a_file_that_was_taken_away_before_it_came_is_no_addendum() {
    let mut owner = owner().await;
    let manager = Client::new(&mut owner, "manager", &["project_manager"]).await;
    let project = project(&mut owner, &manager.member, "PUBLIC", "PUBLISHED").await;
    let files = format!("/v1/projects/{project}/files");
    let file = manager
        .post(&files, &announced("a.txt", "text/plain", b"a"))
        .await;
    let file = file.expect(StatusCode::CREATED);
    assert_eq!(upload(&file["upload"], b"a").await, StatusCode::OK);
    let location = format!("{files}/{}", file["id"].as_str().unwrap());
    let removed = manager.send(Method::DELETE, &location, None, &[]).await;
    removed.expect(StatusCode::NO_CONTENT);
    assert_eq!(
        deliver(&object_key(&mut owner, &file).await).await,
        "storedBefore"
    );
    let state: String = sqlx::query_scalar("SELECT state FROM project_files WHERE project_id = $1")
        .bind(project)
        .fetch_one(&mut owner)
        .await
        .unwrap();
    assert_eq!(state, "PENDING");
    assert_eq!(addenda(&mut owner, project).await.0, Vec::<String>::new());
}

#[tokio::test]
async fn a_page_follows_the_other() {
    let mut owner = owner().await;
    let manager = Client::new(&mut owner, "manager", &["project_manager"]).await;
    let project = project(&mut owner, &manager.member, "PUBLIC", "DRAFT").await;
    let files = format!("/v1/projects/{project}/files");
    for name in ["a.txt", "b.txt", "c.txt"] {
        manager
            .post(&files, &announced(name, "text/plain", b"x"))
            .await
            .expect(StatusCode::CREATED);
    }
    await_replica(&mut owner).await;
    let first = manager
        .get(&format!("{files}?limit=2&count=exact"))
        .await
        .expect(StatusCode::OK);
    let cursor = first["nextCursor"].as_str().unwrap();
    let second = manager
        .get(&format!("{files}?limit=2&cursor={cursor}"))
        .await
        .expect(StatusCode::OK);
    let names = |page: &Value| {
        let items = page["items"].as_array().unwrap().iter();
        items
            .map(|item| item["name"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        (names(&first), names(&second)),
        (vec!["a.txt".into(), "b.txt".into()], vec!["c.txt".into()])
    );
    assert_eq!(
        (&first["total"], &second["nextCursor"]),
        (&json!(3), &Value::Null)
    );
}
