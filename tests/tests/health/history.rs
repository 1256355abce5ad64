//! Checks that go by what `health` itself has seen, and by what the server does not forget.

use serde_json::json;

use crate::support::{House, found};

/// PostgreSQL does not say since when it counts scans: a month is one of looks that found none.
#[tokio::test]
async fn an_index_is_unused_after_a_month_of_looks() {
    let mut house = House::create().await;
    // More than 10 MB each.
    house
        .execute(
            "CREATE TABLE heap AS SELECT n AS a, n AS b FROM generate_series(1, 600000) AS n;
            CREATE INDEX heap_a ON heap (a); CREATE INDEX heap_b ON heap (b)",
        )
        .await;
    assert_eq!(
        found(&house.look(0).await, "unused-indexes"),
        Vec::<String>::new()
    );
    let since = "SELECT to_jsonb(count(*)) FROM system_metrics WHERE metric = 'health.unused-indexes'";
    assert_eq!(house.scalar(since).await, json!(2), "both are being watched");
    // As if the one had been watched for a month.
    house
        .execute(
            "UPDATE system_metrics SET metadata = metadata || jsonb_build_object('since', now() - interval '31 days')
            WHERE metric = 'health.unused-indexes' AND metadata ->> 'subject' = 'heap_a'",
        )
        .await;
    assert_eq!(found(&house.look(5).await, "unused-indexes"), ["heap_a"]);
    assert_eq!(found(&house.look(10).await, "unused-indexes"), ["heap_a"]);
    assert_eq!(
        found(&house.look(10 + 7 * 60).await, "unused-indexes"),
        Vec::<String>::new(),
        "nobody has looked for hours: it may have been read and its count lost"
    );
}

/// What is not in the server's list any more would otherwise end its alert.
#[tokio::test]
async fn a_replica_that_is_gone_is_behind() {
    let mut house = House::create().await;
    house
        .execute(
            "INSERT INTO system_metrics (id, metric, value, metadata, recorded_at) VALUES
                (gen_random_uuid(), 'health.replica-lag', 0, '{\"subject\": \"gone\", \"state\": \"streaming\"}', now() - interval '1 hour'),
                (gen_random_uuid(), 'health.replica-lag', 0, '{\"subject\": \"older\", \"state\": \"streaming\"}', now() - interval '2 days')",
        )
        .await;
    for minutes in [0, 5] {
        let lagging = found(&house.look(minutes).await, "replica-lag");
        assert!(
            lagging.contains(&"gone".to_owned()) && !lagging.contains(&"older".to_owned()),
            "{lagging:?}"
        );
    }
    let later = found(&house.look(24 * 60).await, "replica-lag");
    assert!(!later.contains(&"gone".to_owned()), "a day later: {later:?}");
}

#[tokio::test]
async fn a_slot_that_nobody_uses_is_a_replica_that_is_gone() {
    let mut house = House::create().await;
    let name = format!("test_{}", uuid::Uuid::now_v7().simple());
    house
        .execute(&format!("SELECT pg_create_physical_replication_slot('{name}')"))
        .await;
    let (first, second) = (house.look(0).await, house.look(5).await);
    // The slot is the whole cluster's, and must not stay whatever was found.
    house
        .execute(&format!("SELECT pg_drop_replication_slot('{name}')"))
        .await;
    let subject = format!("slot {name}");
    assert!(
        !found(&first, "replica-lag").contains(&subject),
        "it may be on its way"
    );
    assert!(found(&second, "replica-lag").contains(&subject));
    assert!(!found(&house.look(10).await, "replica-lag").contains(&subject));
}

/// What lies behind a gap prepares nothing for the periods before it.
#[tokio::test]
async fn a_runway_ends_at_its_first_gap() {
    let mut house = House::create().await;
    house
        .execute(
            "SELECT app.make_partition('system_metrics', (now() + interval '300 days')::date),
                app.make_partition('system_metrics', (now() + interval '301 days')::date)",
        )
        .await;
    assert_eq!(
        found(&house.look(0).await, "partition-runway"),
        Vec::<String>::new()
    );
    assert_eq!(
        found(&house.look(3 * 24 * 60).await, "partition-runway"),
        ["system_metrics"]
    );
}

/// Statistics are gone after a crash, and not there after a restore.
#[tokio::test]
async fn rows_in_a_default_partition_are_found_without_statistics() {
    let mut house = House::create().await;
    house
        .execute(
            "INSERT INTO system_metrics (id, metric, value, recorded_at) VALUES (gen_random_uuid(), 'm', 1, now() - interval '300 days');
            SELECT pg_stat_force_next_flush()",
        )
        .await;
    house.execute("SELECT pg_stat_reset()").await;
    assert_eq!(
        found(&house.look(0).await, "default-partition"),
        ["system_metrics"]
    );
}
