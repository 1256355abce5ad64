//! VACUUM and ANALYZE by what the statistics say.

use serde_json::json;

use crate::support::{House, names};

const VACUUMED: &str =
    "SELECT to_jsonb(last_vacuum IS NOT NULL) FROM pg_stat_user_tables WHERE relname = 'heap'";

#[tokio::test]
async fn a_table_with_dead_rows_is_vacuumed_once() {
    let mut house = House::with_table(20_000).await;
    house.execute("DELETE FROM heap WHERE id % 2 = 0").await;
    house.count_now().await;
    let report = house.step("vacuum").await;
    assert!(names(&report["vacuumed"], "heap"), "{report}");
    assert_eq!(
        (&report["failed"], &report["complete"]),
        (&json!([]), &json!(true)),
        "{report}"
    );
    assert_eq!(house.scalar(VACUUMED).await, json!(true));
    let analyzed = "SELECT to_jsonb(reltuples = 10000) FROM pg_class WHERE relname = 'heap'";
    assert_eq!(house.scalar(analyzed).await, json!(true));
    let again = house.step("vacuum").await;
    assert!(
        !names(&again["vacuumed"], "heap") && !names(&again["analyzed"], "heap"),
        "{again}"
    );
    let run = "SELECT to_jsonb(count(*)) FROM job_runs WHERE job = 'vacuum' AND state = 'COMPLETED'";
    assert_eq!(house.scalar(run).await, json!(2));
}

#[tokio::test]
async fn a_table_that_was_never_analysed_is_analysed_and_one_that_is_idle_is_not() {
    let mut house = House::with_table(700).await;
    let report = house.step("vacuum").await;
    assert!(names(&report["analyzed"], "heap"), "{report}");
    assert!(!names(&report["vacuumed"], "heap"), "{report}");
    let known = house
        .scalar("SELECT to_jsonb(count(*)) FROM pg_stats WHERE tablename = 'heap'")
        .await;
    assert_eq!(known, json!(2), "the planner knows its columns");
    let again = house.step("vacuum").await;
    assert!(!names(&again["analyzed"], "heap"), "{again}");
}

/// Nobody else analyses a partitioned table: autovacuum does its partitions alone.
#[tokio::test]
async fn a_partitioned_table_is_analysed_as_a_whole() {
    let mut house = House::create().await;
    house
        .execute(
            "INSERT INTO system_metrics (id, metric, value) SELECT gen_random_uuid(), 'm' || n % 7, n FROM generate_series(1, 900) AS n",
        )
        .await;
    house.count_now().await;
    let report = house.step("vacuum").await;
    assert!(names(&report["analyzed"], "system_metrics"), "{report}");
    let whole = "SELECT to_jsonb(n_distinct = 7) FROM pg_stats WHERE tablename = 'system_metrics' AND attname = 'metric' AND inherited";
    assert_eq!(house.scalar(whole).await, json!(true));
}

#[tokio::test]
async fn what_the_budget_leaves_is_done_the_next_time() {
    let mut house = House::with_table(20_000).await;
    house.execute("DELETE FROM heap WHERE id % 2 = 0").await;
    house.count_now().await;
    let event = json!({ "detail": { "step": "vacuum", "budgetSeconds": 0 } });
    let report = house.serve(&event).await.unwrap();
    assert_eq!(
        (&report["vacuumed"], &report["complete"]),
        (&json!([]), &json!(false)),
        "{report}"
    );
    assert!(report["left"].as_u64().unwrap() >= 1, "{report}");
    assert_eq!(house.scalar(VACUUMED).await, json!(false));
    let rest = house.step("vacuum").await;
    assert!(names(&rest["vacuumed"], "heap"), "{rest}");
}

/// Who works on a table is not waited for: the next run comes to it.
#[tokio::test]
async fn a_table_that_is_locked_holds_nothing_up() {
    let mut house = House::with_table(20_000).await;
    house.execute("DELETE FROM heap WHERE id % 2 = 0").await;
    house.count_now().await;
    let mut other = house.database.connect("owner").await;
    sqlx::raw_sql("BEGIN; LOCK TABLE heap IN SHARE MODE")
        .execute(&mut other)
        .await
        .unwrap();
    let report = house.step("vacuum").await;
    assert_eq!(report["failed"], json!([]), "{report}");
    assert!(
        names(&report["locked"], "heap") && !names(&report["vacuumed"], "heap"),
        "the server only warns of it: {report}"
    );
    assert_eq!(report["complete"], json!(false), "{report}");
    assert_eq!(house.scalar(VACUUMED).await, json!(false));
    sqlx::raw_sql("ROLLBACK").execute(&mut other).await.unwrap();
    house.step("vacuum").await;
    assert_eq!(house.scalar(VACUUMED).await, json!(true));
}

/// Somebody who is at the step is left alone.
#[tokio::test]
async fn one_run_at_a_time_works() {
    let house = House::create().await;
    let mut other = house.database.connect("owner").await;
    sqlx::raw_sql("BEGIN; SELECT pg_advisory_xact_lock(hashtextextended('job vacuum', 0))")
        .execute(&mut other)
        .await
        .unwrap();
    let report = house.step("vacuum").await;
    assert!(
        report["note"].as_str().unwrap().contains("another invocation"),
        "{report}"
    );
    assert_eq!(
        report["skipped"],
        json!(true),
        "whoever looks at runs leaves it out"
    );
    // Another step is another lock.
    assert_eq!(house.step("reindex").await["complete"], json!(true));
}

/// A run that died says so once the next one comes, and not before it can have died.
#[tokio::test]
async fn a_run_that_died_is_recorded_as_such() {
    let mut house = House::create().await;
    house
        .execute(
            "INSERT INTO job_runs (id, job, heartbeat_at) VALUES
                (gen_random_uuid(), 'vacuum', now() - interval '21 minutes'), (gen_random_uuid(), 'vacuum', now() - interval '19 minutes'),
                (gen_random_uuid(), 'reindex', now() - interval '21 minutes')",
        )
        .await;
    house.step("vacuum").await;
    let states = house
        .scalar("SELECT jsonb_agg(job || ' ' || state ORDER BY job, state) FROM job_runs")
        .await;
    assert_eq!(
        states,
        json!([
            "reindex RUNNING",
            "vacuum COMPLETED",
            "vacuum FAILED",
            "vacuum RUNNING"
        ])
    );
}
