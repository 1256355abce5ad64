//! A rebuild that is killed, and the run after it.

use std::time::{Duration, Instant};

use portal_tests::function::Function;
use serde_json::json;

use crate::support::House;

const PATIENCE: Duration = Duration::from_secs(60);
const LOOK: Duration = Duration::from_millis(2);

/// The invalid copy that a rebuild leaves when it dies.
const LEFTOVER: &str =
    "SELECT to_jsonb(count(*)) FROM pg_index WHERE indrelid = 'heap'::regclass AND NOT indisvalid";

#[tokio::test(flavor = "multi_thread")]
async fn a_rebuild_that_is_killed_is_cleared_away_and_made_again() {
    let mut house = House::with_table(1000).await;
    // One that asks to be mended: whatever its size.
    house
        .execute("CREATE INDEX heap_half ON heap (note); UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'heap_half'::regclass")
        .await;
    // A writer that does not end holds the rebuild up in the middle.
    let mut writer = house.database.connect("owner").await;
    sqlx::raw_sql("BEGIN; INSERT INTO heap VALUES (0, 'new')")
        .execute(&mut writer)
        .await
        .unwrap();
    let settings = [
        ("PORTAL_DATABASE_NAME", house.database.name()),
        ("PORTAL_DATABASE_SECRET", "portal/database/portal_maintenance"),
    ];
    let mut process = Function::start("maintenance", &settings).await;
    let outcome = tokio::spawn(process.invoke(&json!({ "step": "reindex" })));
    wait(&mut house, LEFTOVER, &json!(2), &process).await;
    assert!(!outcome.is_finished(), "{}", process.log());
    process.kill();
    let busy = "SELECT to_jsonb(count(*)) FROM pg_stat_activity
        WHERE datname = current_database() AND usename = 'portal_maintenance' AND state <> 'idle'";
    wait(&mut house, busy, &json!(0), &process).await;
    sqlx::raw_sql("COMMIT").execute(&mut writer).await.unwrap();
    assert_eq!(
        house.scalar(LEFTOVER).await,
        json!(2),
        "the index, and what the rebuild has left"
    );

    let report = house.step("reindex").await;
    assert_eq!(report["mended"], json!(["heap_half"]), "{report}");
    assert_eq!(report["dropped"].as_array().unwrap().len(), 1, "{report}");
    assert_eq!(report["complete"], json!(true), "{report}");
    assert_eq!(house.scalar(LEFTOVER).await, json!(0));
    let indexes = "SELECT to_jsonb(count(*)) FROM pg_index WHERE indrelid = 'heap'::regclass";
    assert_eq!(house.scalar(indexes).await, json!(2));
}

async fn wait(house: &mut House, query: &str, expected: &serde_json::Value, process: &Function) {
    let began = Instant::now();
    while house.scalar(query).await != *expected {
        assert!(began.elapsed() < PATIENCE, "{query}: {}", process.log());
        tokio::time::sleep(LOOK).await;
    }
}
