//! What the function's role may do: look at statistics, and at when things happened.

use portal_tests::database::TestDatabase;
use sqlx::postgres::PgConnection;

async fn refusal(connection: &mut PgConnection, statement: &str) -> String {
    let refused = sqlx::raw_sql(statement).execute(connection).await;
    let refused = refused.expect_err(statement);
    let cause = refused.as_database_error().unwrap();
    cause
        .constraint()
        .map_or_else(|| cause.code().unwrap().into_owned(), str::to_owned)
}

#[tokio::test]
async fn the_monitor_sees_nobody_and_changes_nothing_else() {
    let database = TestDatabase::create().await;
    let mut monitor = database.connect("portal_monitor").await;
    for statement in [
        "SELECT FROM users",
        "SELECT FROM sessions",
        "SELECT recipient FROM outbox",
        "SELECT payload FROM outbox",
        "SELECT after FROM audit_log",
        "SELECT after FROM audit_log_default",
        "SELECT value FROM system_metrics_default",
        "SELECT digest FROM audit_seals",
        "SELECT object_key FROM backups",
        "UPDATE backups SET state = 'PROVEN'",
        "DELETE FROM health_alerts",
        "DELETE FROM system_metrics",
        "DELETE FROM job_runs",
        "UPDATE partition_policies SET ahead = 1",
        "CREATE TABLE x (y integer)",
    ] {
        assert_eq!(refusal(&mut monitor, statement).await, "42501", "{statement}");
    }
    let mut owner = database.connect("owner").await;
    sqlx::raw_sql(
        "INSERT INTO job_runs (id, job) VALUES (gen_random_uuid(), 'purge'), (gen_random_uuid(), 'health')",
    )
    .execute(&mut owner)
    .await
    .unwrap();
    let touched = sqlx::raw_sql("UPDATE job_runs SET state = 'FAILED'")
        .execute(&mut monitor)
        .await
        .unwrap();
    assert_eq!(touched.rows_affected(), 1, "its own runs alone");
    assert_eq!(
        refusal(&mut monitor, "INSERT INTO job_locks (job) VALUES ('purge')").await,
        "42501"
    );
}

#[tokio::test]
async fn an_alert_is_what_it_says() {
    let database = TestDatabase::create().await;
    let mut owner = database.connect("owner").await;
    let insert = "INSERT INTO health_alerts (id, check_name, value, threshold, started_at, seen_at, ended_at, start_told_at, end_told_at) VALUES ";
    let good = "(gen_random_uuid(), 'pool-use', 90, 80, now(), now(), NULL, NULL, NULL)";
    sqlx::raw_sql(&format!("{insert} {good}"))
        .execute(&mut owner)
        .await
        .unwrap();
    for (values, expected) in [
        (good, "health_alerts_open"),
        (
            "(gen_random_uuid(), 'Pool Use', 90, 80, now(), now(), NULL, NULL, NULL)",
            "health_alerts_check_name",
        ),
        (
            "(gen_random_uuid(), 'x', 90, 80, now(), now(), now() - interval '1 hour', NULL, NULL)",
            "health_alerts_end",
        ),
        (
            "(gen_random_uuid(), 'x', 90, 80, now(), now(), now(), NULL, now())",
            "health_alerts_told",
        ),
        (
            "(gen_random_uuid(), 'x', 90, 80, now(), now(), NULL, now(), now())",
            "health_alerts_told",
        ),
    ] {
        assert_eq!(
            refusal(&mut owner, &format!("{insert} {values}")).await,
            expected,
            "{values}"
        );
    }
    // One that is over leaves room for the next.
    sqlx::raw_sql(&format!(
        "UPDATE health_alerts SET ended_at = now(); {insert} {good}"
    ))
    .execute(&mut owner)
    .await
    .unwrap();
}
