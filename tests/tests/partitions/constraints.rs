//! The constraints, triggers and policies of what the night shift keeps.

use portal_tests::database::TestDatabase;
use sqlx::postgres::PgConnection;

const ARCHIVE: &str = "INSERT INTO partition_archives (object_key, manifest_key, table_name, partition_name, from_at, until_at, row_count,
    content_sha256, size_bytes, archived_at) VALUES ";

async fn refusal(connection: &mut PgConnection, statement: &str) -> String {
    let refused = sqlx::raw_sql(statement).execute(connection).await;
    let refused = refused.expect_err(statement);
    let cause = refused.as_database_error().unwrap();
    cause
        .constraint()
        .map_or_else(|| cause.code().unwrap().into_owned(), str::to_owned)
}

#[tokio::test]
async fn an_archive_is_what_it_says() {
    let database = TestDatabase::create().await;
    let mut owner = database.connect("owner").await;
    let good = "('k', 'm', 'audit_log', 'p', '2024-01-01', '2024-02-01', 1, sha256(''), 1, now())";
    sqlx::raw_sql(&format!("{ARCHIVE} {good}"))
        .execute(&mut owner)
        .await
        .unwrap();
    for (values, expected) in [
        (good, "partition_archives_pkey"),
        (
            "('k2', 'm', 'audit_log', 'p', '2024-01-01', '2024-02-01', 1, sha256(''), 1, now())",
            "partition_archives_manifest_key_key",
        ),
        (
            "('k2', 'm2', 'nothing', 'p', '2024-01-01', '2024-02-01', 1, sha256(''), 1, now())",
            "partition_archives_table_name_fkey",
        ),
        (
            "('k2', 'm2', 'audit_log', 'p', '2024-02-01', '2024-02-01', 1, sha256(''), 1, now())",
            "partition_archives_range",
        ),
        (
            "('k2', 'm2', 'audit_log', 'p', '2024-01-01', '2024-02-01', 0, sha256(''), 1, now())",
            "partition_archives_row_count",
        ),
        (
            "('k2', 'm2', 'audit_log', 'p', '2024-01-01', '2024-02-01', 1, '\\x00', 1, now())",
            "partition_archives_digest_length",
        ),
        (
            "('k2', 'm2', 'audit_log', 'p', '2024-01-01', '2024-02-01', 1, sha256(''), 0, now())",
            "partition_archives_size",
        ),
    ] {
        assert_eq!(
            refusal(&mut owner, &format!("{ARCHIVE} {values}")).await,
            expected
        );
    }
    for statement in [
        "UPDATE partition_archives SET row_count = 2",
        "DELETE FROM partition_archives",
        "TRUNCATE partition_archives",
    ] {
        assert_eq!(refusal(&mut owner, statement).await, "42501", "{statement}");
    }
    let baseline = "INSERT INTO index_baselines (index_name, bytes_per_row, noted_at) VALUES ('i', 0, now())";
    assert_eq!(refusal(&mut owner, baseline).await, "index_baselines_positive");
}

#[tokio::test]
async fn only_partitions_are_dropped_and_none_is_made_twice() {
    let database = TestDatabase::create().await;
    let mut maintenance = database.connect("portal_maintenance").await;
    for statement in [
        "SELECT app.drop_partition('audit_log', 'users')",
        "SELECT app.drop_partition('audit_log', 'audit_log_default')",
        "SELECT app.drop_partition('admin_actions', (SELECT name FROM app.partitions('audit_log') LIMIT 1))",
        "SELECT app.drop_partition('audit_log', 'nothing')",
    ] {
        assert_eq!(refusal(&mut maintenance, statement).await, "42809", "{statement}");
    }
    let twice = "SELECT app.make_partition('audit_log', '2031-05-07') = app.make_partition('audit_log', '2031-05-20')";
    let same: bool = sqlx::query_scalar(twice)
        .fetch_one(&mut maintenance)
        .await
        .unwrap();
    assert!(same);
    // One that is being filled is none yet, and must not be taken for one.
    let filling = "SELECT app.fill_partition('audit_log', '2032-05-01', 10)";
    sqlx::raw_sql(filling).execute(&mut maintenance).await.unwrap();
    assert_eq!(
        refusal(
            &mut maintenance,
            "SELECT app.make_partition('audit_log', '2032-05-01')"
        )
        .await,
        "55006"
    );
    let owners: Vec<String> = sqlx::query_scalar(
        "SELECT DISTINCT relowner::regrole::text FROM pg_class WHERE relname ~ '^audit_log_203[12]'",
    )
    .fetch_all(&mut maintenance)
    .await
    .unwrap();
    assert_eq!(owners, ["portal_owner"], "who logs in owns nothing");
}

#[tokio::test]
async fn nobody_else_makes_or_drops_partitions() {
    let database = TestDatabase::create().await;
    for role in [
        "portal_api",
        "portal_admin",
        "portal_auth",
        "portal_jobs",
        "portal_backup",
        "portal_monitor",
    ] {
        let mut connection = database.connect(role).await;
        for statement in [
            "SELECT app.make_partition('audit_log', '2031-05-07')",
            "SELECT app.drain_default('audit_log')",
            "SELECT app.fill_partition('audit_log', '2031-05-01', 10)",
            "SELECT app.drop_partition('audit_log', 'audit_log_default')",
            "INSERT INTO partition_archives DEFAULT VALUES",
            "DELETE FROM view_refreshes",
        ] {
            assert_eq!(
                refusal(&mut connection, statement).await,
                "42501",
                "{role}: {statement}"
            );
        }
    }
}
