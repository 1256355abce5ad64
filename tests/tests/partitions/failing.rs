//! A table that fails, and two runs at once.

use serde_json::json;
use time::Duration;

use crate::support::{House, day};

#[tokio::test]
async fn a_table_that_fails_does_not_stop_the_others() {
    let mut house = House::create().await;
    house.write("audit_log", day(-40), Duration::hours(5), 30).await;
    house
        .write("system_metrics", day(-40), Duration::hours(5), 30)
        .await;
    let mut reader = house.database.connect("owner").await;
    sqlx::raw_sql("BEGIN; LOCK TABLE audit_log IN ACCESS SHARE MODE")
        .execute(&mut reader)
        .await
        .unwrap();
    let failed = house.run(day(10)).await.unwrap_err().to_string();
    assert!(failed.starts_with("audit_log:"), "{failed}");
    assert!(!failed.contains("system_metrics"), "{failed}");
    let run = house
        .scalar("SELECT to_jsonb(r) FROM job_runs AS r WHERE job = 'partitions'")
        .await;
    assert_eq!((&run["state"], &run["error"]), (&json!("FAILED"), &json!(failed)));
    assert_eq!(run["details"]["tables"]["system_metrics"]["drained"], 30, "{run}");
    assert_eq!(
        house
            .scalar("SELECT to_jsonb(count(*)) FROM audit_log_default")
            .await,
        json!(30)
    );
    // Who was not told to wait behind us for long goes on, and so does the next night.
    sqlx::raw_sql("ROLLBACK").execute(&mut reader).await.unwrap();
    let answer = house.run(day(10)).await.unwrap();
    assert_eq!(answer.tables["audit_log"].drained, 30, "{answer:?}");
    house.nothing_is_lost_or_doubled().await;
    house.nothing_is_left_over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_runs_at_once_one_works() {
    let mut house = House::create().await;
    house.write("audit_log", day(-820), Duration::days(60), 300).await;
    house.seal(day(0)).await;
    let (one, two) = tokio::join!(house.run(day(0)), house.run(day(0)));
    let (one, two) = (one.unwrap(), two.unwrap());
    let drained =
        |answer: &partitions::Answer| answer.tables.get("audit_log").map_or(0, |table| table.drained);
    assert_eq!(drained(&one) + drained(&two), 300);
    house.restore().await;
    house.nothing_is_lost_or_doubled().await;
    house.nothing_is_left_over().await;
}

#[tokio::test]
async fn an_event_of_another_kind_is_refused() {
    let house = House::create().await;
    let refused = house
        .serve(&json!({ "drop": "everything" }), day(0))
        .await
        .unwrap_err();
    assert!(refused.to_string().contains("drop"), "{refused}");
}
