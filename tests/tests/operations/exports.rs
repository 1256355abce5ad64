//! Tables that are too large for an answer.

use portal_tests::people::Person;
use portal_tests::primary::{marker, owner};
use reqwest::StatusCode;

use crate::support::table as table_of;

/// So many that they are more than five megabytes.
const ROWS: i32 = 9_000;

#[tokio::test]
async fn a_large_table_is_fetched_from_the_bucket_whole() {
    let table = marker();
    sqlx::query(
        "INSERT INTO audit_log (id, table_name, row_key, operation, after, database_role, application)
        SELECT nextval('audit_log_id'), $1, n::text, 'INSERT', jsonb_build_object('note', repeat('x', 700)), 'portal_jobs', 'tests'
        FROM generate_series(1, $2) AS n",
    )
    .bind(&table)
    .bind(ROWS)
    .execute(&mut owner().await)
    .await
    .unwrap();
    let staff = Person::with(&["administrator"]).await;
    let path = format!("/v1/admin/audit?table={table}");
    let reply = table_of(&staff, &path).await;
    assert!(reply.header("content-type").starts_with("application/json"));
    let link = reply.expect(StatusCode::OK);
    assert_eq!(link["name"], "audit.csv");
    assert_eq!(link["rows"], ROWS);
    assert_eq!(link["next"], serde_json::Value::Null);
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let address = link["download"]["url"].as_str().unwrap();
    let fetched = client.get(address).send().await.unwrap();
    assert_eq!(fetched.status(), StatusCode::OK);
    let disposition = fetched.headers()["content-disposition"]
        .to_str()
        .unwrap()
        .to_owned();
    assert!(disposition.contains("audit.csv"), "{disposition}");
    let bytes = fetched.bytes().await.unwrap();
    assert_eq!(link["bytes"], bytes.len());
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    let mut keys: Vec<i32> = text
        .lines()
        .skip(1)
        .map(|line| line.split(',').nth(7).unwrap().parse().unwrap())
        .collect();
    assert_eq!(keys.len(), usize::try_from(ROWS).unwrap());
    keys.sort_unstable();
    keys.dedup();
    assert_eq!((keys.first(), keys.last()), (Some(&1), Some(&ROWS)));
    assert_eq!(keys.len(), usize::try_from(ROWS).unwrap(), "every row once");
}

#[tokio::test]
async fn a_page_of_it_is_still_answered_directly() {
    let staff = Person::with(&["administrator"]).await;
    let reply = table_of(&staff, "/v1/admin/audit?limit=100").await;
    assert_eq!(reply.status, StatusCode::OK);
    assert!(reply.header("content-type").starts_with("text/csv"));
}
