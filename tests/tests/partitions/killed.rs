//! The function killed in the middle of its work, again and again.

use std::time::{Duration, Instant};

use portal_tests::function::Function;
use rand::{Rng as _, SeedableRng as _};
use serde_json::json;

use crate::support::{House, day};

/// How often it is killed before it is let finish.
const KILLS: usize = 10;
const PATIENCE: Duration = Duration::from_secs(120);
const LOOK: Duration = Duration::from_millis(1);

/// How far the work has come: batches that were copied, partitions, objects' records.
const PROGRESS: &str = "
    SELECT to_jsonb((SELECT count(*) FROM pg_class WHERE relname ~ '^(admin_actions|audit_log|system_metrics)_[0-9]' AND relkind = 'r')
        + 10 * (SELECT count(*) FROM partition_archives)
        + (SELECT COALESCE(sum(pg_relation_size(oid)), 0)::bigint / 8192 FROM pg_class
            WHERE relname ~ '^audit_log_[0-9]' AND relkind = 'r' AND NOT relispartition))";

#[tokio::test(flavor = "multi_thread")]
async fn kills_at_any_moment_lose_and_double_nothing() {
    let mut house = House::create().await;
    for table in ["admin_actions", "audit_log"] {
        house
            .write(table, day(-950), time::Duration::days(210), 600)
            .await;
    }
    house
        .write("system_metrics", day(-140), time::Duration::days(40), 300)
        .await;
    house.seal(day(0)).await;
    let mut chance = rand::rngs::StdRng::seed_from_u64(20_260_824);
    let mut died_at_work = 0;
    for kill in 0..KILLS {
        let before = progress(&mut house).await;
        let enough = before + chance.random_range(0..10 + 20 * i64::try_from(kill).unwrap());
        let mut process = start(&house).await;
        let outcome = process.invoke(&json!({ "detail-type": "Scheduled Event", "detail": {} }));
        let outcome = tokio::spawn(outcome);
        let began = Instant::now();
        while progress(&mut house).await <= enough && !outcome.is_finished() {
            assert!(began.elapsed() < PATIENCE, "{}", process.log());
            tokio::time::sleep(LOOK).await;
        }
        if !outcome.is_finished() {
            died_at_work += 1;
        }
        process.kill();
        settle(&mut house).await;
    }
    assert!(
        died_at_work >= 3,
        "the kills came too late: the test shows nothing"
    );
    let last = start(&house).await;
    let answer = last
        .invoke(&json!({ "detail-type": "Scheduled Event", "detail": {} }))
        .await
        .unwrap_or_else(|error| panic!("{error}\n{}", last.log()));
    assert_eq!(answer["skipped"], false, "{answer}");
    house.restore().await;
    house.nothing_is_lost_or_doubled().await;
    house.nothing_is_left_over().await;
    let strays = house
        .scalar("SELECT to_jsonb((SELECT count(*) FROM audit_log_default) + (SELECT count(*) FROM system_metrics_default))")
        .await;
    assert_eq!(strays, json!(0));
    let dead = house
        .scalar(
            "SELECT to_jsonb(count(*)) FROM job_runs WHERE error = 'the invocation ended before its run did'",
        )
        .await;
    assert_eq!(
        dead,
        json!(died_at_work),
        "the runs that died are recorded as such"
    );
}

async fn start(house: &House) -> Function {
    let settings = [
        ("PORTAL_DATABASE_NAME", house.database.name()),
        ("PORTAL_DATABASE_SECRET", "portal/database/portal_maintenance"),
        ("PORTAL_ARCHIVES_PREFIX", house.settings.prefix.as_str()),
        ("PORTAL_PARTITIONS_BATCH", "20"),
        ("PORTAL_PARTITIONS_DEADLINE_MARGIN_SECONDS", "0"),
    ];
    Function::start("partitions", &settings).await
}

async fn progress(house: &mut House) -> i64 {
    house.scalar(PROGRESS).await.as_i64().unwrap()
}

/// Waits until the database has dealt with whatever the process had sent it.
async fn settle(house: &mut House) {
    let busy = "SELECT to_jsonb(count(*)) FROM pg_stat_activity
        WHERE datname = current_database() AND usename = 'portal_maintenance' AND state <> 'idle'";
    let began = Instant::now();
    while house.scalar(busy).await != json!(0) {
        assert!(
            began.elapsed() < PATIENCE,
            "the server goes on for a client that is dead"
        );
        tokio::time::sleep(LOOK).await;
    }
}
