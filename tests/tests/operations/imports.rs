//! Imports as staff follow and begin them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use portal_data::Tx;
use portal_data::imports::{self, ImportFilters};
use portal_domain::contractor::ImportState;
use portal_tests::people::{Person, next_page};
use portal_tests::primary::{marker, owner};
use portal_tests::stack::Stack;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::support::{House, table};

#[tokio::test]
async fn progress_is_what_is_read_of_the_file() {
    let mut house = House::create().await;
    let id = Uuid::now_v7();
    house
        .execute(&format!(
            "INSERT INTO import_runs (id, bucket, object_key, state, format, object_bytes, byte_offset, rows_read, started_at,
                heartbeat_at, warnings)
            VALUES ('{id}', 'b', 'k', 'LOADING', 'LICENSE_MASTER', 1000, 250, 500, now() - interval '10 seconds', now(),
                '{{\"badDate\": 3}}')"
        ))
        .await;
    let shown = house
        .read(async |tx: &mut Tx| imports::show(tx, id.into()).await)
        .await;
    assert_eq!(
        shown["progress"],
        json!({
            "bytesRead": 250, "bytesTotal": 1000, "percent": 25.0, "rowsRead": 500, "rowsPerSecond": 50.0, "secondsLeft": 30.0,
        })
    );
    assert_eq!(shown["warnings"], json!({"badDate": 3}));
    house
        .execute("UPDATE import_runs SET state = 'MERGING', heartbeat_at = now()")
        .await;
    let shown = house
        .read(async |tx: &mut Tx| imports::show(tx, id.into()).await)
        .await;
    assert_eq!(shown["progress"]["percent"], 100.0);
    assert_eq!(shown["progress"]["rowsPerSecond"], Value::Null);
}

#[tokio::test]
async fn every_import_is_listed_once_also_where_times_tie() {
    let mut house = House::create().await;
    house
        .execute(
            "INSERT INTO import_runs (id, bucket, object_key, state, created_at)
            SELECT gen_random_uuid(), 'b', 'k' || n, CASE WHEN n % 3 = 0 THEN 'FAILED' ELSE 'QUEUED' END,
                timestamptz '2020-01-01' + (n / 4) * interval '1 second'
            FROM generate_series(1, 23) AS n",
        )
        .await;
    let expected: Vec<String> = sqlx::query_scalar(
        "SELECT object_key FROM import_runs WHERE state = 'QUEUED' ORDER BY created_at DESC, id DESC",
    )
    .fetch_all(&mut house.owner)
    .await
    .unwrap();
    let filters = ImportFilters {
        states: vec![ImportState::Queued],
        object_key: None,
    };
    let mut tx = house.admin.begin(&house.staff.request()).await.unwrap();
    let (mut listed, mut after) = (Vec::new(), None);
    loop {
        let page = imports::browse(&mut tx, &filters, after, 5).await.unwrap();
        after = page.last().map(imports::ImportPosition::after);
        listed.extend(page.iter().map(|import| import.object_key.clone()));
        if page.len() < 5 {
            break;
        }
    }
    assert_eq!(listed, expected);
    let count = imports::count(&mut tx, &filters).await.unwrap();
    assert_eq!(usize::try_from(count).unwrap(), expected.len());
    tx.rollback().await.unwrap();
}

/// A failed import of long ago with these rejects.
async fn import_with(rejects: &[(i64, &str, &str)]) -> (Uuid, String) {
    let (id, key) = (Uuid::now_v7(), marker());
    let mut owner = owner().await;
    sqlx::query(
        "INSERT INTO import_runs (id, bucket, object_key, state, error, finished_at) VALUES ($1, 'b', $2, 'FAILED', 'No', '1999-01-01')",
    )
    .bind(id)
    .bind(&key)
    .execute(&mut owner)
    .await
    .unwrap();
    for (line, reason, record) in rejects {
        sqlx::query("INSERT INTO import_rejects (import_id, line, reason, record) VALUES ($1, $2, $3, $4)")
            .bind(id)
            .bind(line)
            .bind(reason)
            .bind(record)
            .execute(&mut owner)
            .await
            .unwrap();
    }
    (id, key)
}

#[tokio::test]
async fn rejects_are_read_in_the_order_of_the_file() {
    let rejects = [
        (2, "no licence number", "x,y"),
        (17, "no name", "=HYPERLINK(\"http://example.org\")"),
        (90, "the wrong number of fields", "a\r\nb"),
    ];
    let (id, key) = import_with(&rejects).await;
    let staff = Person::with(&["administrator"]).await;
    let path = format!("/v1/admin/imports/{id}/rejects");
    let items = staff.follow(&format!("{path}?limit=1")).await;
    let expected: Vec<_> = rejects
        .iter()
        .map(|(line, reason, record)| json!({"line": line, "reason": reason, "record": record}))
        .collect();
    assert_eq!(items, expected);
    assert_eq!(staff.json(&format!("{path}?count=exact")).await["total"], 3);
    let csv = table(&staff, &path).await;
    let text = String::from_utf8(csv.bytes).unwrap();
    assert!(text.contains("17,no name,\"'=HYPERLINK("), "{text}");
    let listed = staff
        .json(&format!(
            "/v1/admin/imports?objectKey={key}&state=FAILED&count=exact"
        ))
        .await;
    assert_eq!(
        (&listed["total"], &listed["items"][0]["id"]),
        (&json!(1), &json!(id))
    );
    let missing = format!("/v1/admin/imports/{}/rejects", Uuid::now_v7());
    staff.get(&missing).await.expect(StatusCode::NOT_FOUND);
}

fn new_import(content: &str, dry_run: bool) -> Value {
    json!({
        "sizeBytes": content.len(), "checksumSha256": STANDARD.encode(Sha256::digest(content)), "dryRun": dry_run,
        "reason": "The state's file of today",
    })
}

#[tokio::test]
async fn a_file_is_put_where_its_import_will_find_it() {
    let staff = Person::with(&["administrator"]).await;
    let content = "LicenseNo\r\n1\r\n";
    let body = new_import(content, true);
    let key = Uuid::now_v7().to_string();
    let headers = [("idempotency-key", key.as_str())];
    let first = staff
        .send(Method::POST, "/v1/admin/imports", Some(&body), &headers)
        .await;
    let location = first.header("location").to_owned();
    let announced = first.expect(StatusCode::CREATED);
    let again = staff
        .send(Method::POST, "/v1/admin/imports", Some(&body), &headers)
        .await
        .expect(StatusCode::CREATED);
    assert_eq!(again["objectKey"], announced["objectKey"]);
    assert_eq!(
        staff.json(&location).await["items"],
        json!([]),
        "S3 has not told of it yet"
    );
    let upload = &again["upload"];
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let mut put = client.put(upload["url"].as_str().unwrap()).body(content);
    for (name, value) in upload["headers"].as_object().unwrap() {
        put = put.header(name, value.as_str().unwrap());
    }
    assert_eq!(put.send().await.unwrap().status(), StatusCode::OK);
    let stored = Stack::get().s3().await;
    let stored = stored
        .head_object()
        .bucket(&Stack::get().imports_bucket)
        .key(announced["objectKey"].as_str().unwrap());
    let stored = stored.send().await.unwrap();
    assert_eq!(stored.metadata().unwrap()["dry-run"], "true");
    let actions: Vec<(String, String)> = sqlx::query_as(
        "SELECT action, reason FROM admin_actions WHERE user_id = $1 AND target_table = 'import_runs' AND target_id = $2",
    )
    .bind(staff.id())
    .bind(announced["objectKey"].as_str().unwrap())
    .fetch_all(&mut owner().await)
    .await
    .unwrap();
    assert_eq!(
        actions,
        [("imports.add".to_owned(), "The state's file of today".to_owned())],
        "once, however often it was asked for"
    );
}

#[tokio::test]
async fn what_cannot_be_imported_is_refused_by_name() {
    let staff = Person::with(&["administrator"]).await;
    let nothing = staff.post("/v1/admin/imports", &json!({})).await;
    assert_eq!(
        nothing.pointers(),
        ["/body/checksumSha256", "/body/reason", "/body/sizeBytes"]
    );
    let mut body = new_import("x", false);
    body["sizeBytes"] = json!(2_000_000_000);
    let too_large = staff.post("/v1/admin/imports", &body).await;
    assert_eq!(too_large.pointers(), ["/body/sizeBytes"]);
    let finance = Person::with(&["finance"]).await;
    let reply = finance.post("/v1/admin/imports", &new_import("x", false)).await;
    reply.expect(StatusCode::FORBIDDEN);
    finance
        .get("/v1/admin/imports")
        .await
        .expect(StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn the_list_goes_on_where_it_ended() {
    let staff = Person::with(&["administrator"]).await;
    import_with(&[]).await;
    import_with(&[]).await;
    let first = staff.get("/v1/admin/imports?state=FAILED&limit=1").await;
    let next = next_page(&first).expect("there is another");
    let first = first.expect(StatusCode::OK);
    let second = staff.json(&next).await;
    assert_ne!(first["items"][0]["id"], second["items"][0]["id"]);
}
