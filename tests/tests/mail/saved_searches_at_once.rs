//! Saved searches, whatever runs, dies or commits at the same time: no news is lost, and none told twice.

use std::time::{Duration, Instant};

use portal_jobs::Deadline;
use portal_tests::members::Member;
use serde_json::{Value, json};
use sqlx::Executor as _;

use crate::process::Process;
use crate::support::{World, schedule};
use crate::watching::{let_a_day_pass, publish, publish_on, save, told, watcher};

const PATIENCE: Duration = Duration::from_secs(60);

#[tokio::test]
async fn runs_at_once_write_one_mail() {
    let mut world = World::create().await;
    for number in 0..5 {
        let member = watcher(&mut world, &format!("ana{number}"), &json!({ "q": "zephyrwall" })).await;
        save(&mut world, &member, &json!({ "q": "east" })).await;
    }
    publish(&mut world, "Zephyrwall east", 5, "").await;
    let notifiers = [
        world.notifier().await,
        world.notifier().await,
        world.notifier().await,
        world.notifier().await,
    ];
    let runs = notifiers
        .iter()
        .map(|notifier| notifier.serve(schedule(), Deadline::never()));
    let reports = futures_util::future::join_all(runs).await;
    let mut written: u64 = reports.into_iter().map(|report| report.unwrap().alerts).sum();
    // A member whom each left to another waits for the next.
    written += world.run().await.alerts;
    assert_eq!(written, 5);
    for number in 0..5 {
        let told = told(&mut world, &format!("ana{number}")).await;
        assert_eq!(told, [[["Zephyrwall east"], ["Zephyrwall east"]]]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_killed_before_its_commit_has_done_nothing() {
    let mut world = World::create().await;
    watcher(&mut world, "ana", &json!({ "q": "zephyrwall" })).await;
    publish(&mut world, "Zephyrwall east", 5, "").await;
    let marks = "SELECT jsonb_agg(matched_until ORDER BY id) FROM saved_searches";
    let mark = world.scalar(marks).await;
    // The mail is written and then waits.
    world
        .execute(
            "CREATE FUNCTION public.hold() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN PERFORM pg_catalog.pg_advisory_xact_lock(77); RETURN NULL; END $$;
            CREATE TRIGGER hold AFTER INSERT ON outbox FOR EACH ROW EXECUTE FUNCTION public.hold()",
        )
        .await;
    let mut holder = world.database.connect("owner").await;
    holder.execute("SELECT pg_advisory_lock(77)").await.unwrap();
    let mut process = Process::start(&world, &[]).await;
    let waiting = "SELECT to_jsonb(count(*)) FROM pg_stat_activity
        WHERE datname = current_database() AND usename = 'portal_jobs' AND wait_event = 'advisory'";
    until(&mut world, waiting, 1, &process).await;
    process.kill();
    holder.execute("SELECT pg_advisory_unlock(77)").await.unwrap();
    let busy = "SELECT to_jsonb(count(*)) FROM pg_stat_activity
        WHERE datname = current_database() AND usename = 'portal_jobs' AND state <> 'idle'";
    until(&mut world, busy, 0, &process).await;
    assert_eq!(told(&mut world, "ana").await.len(), 0);
    assert_eq!(world.scalar(marks).await, mark);
    assert_eq!(world.run().await.alerts, 1);
    assert_eq!(told(&mut world, "ana").await, [[["Zephyrwall east"]]]);
}

/// Waits until a count is reached.
async fn until(world: &mut World, count: &str, wanted: i64, process: &Process) {
    let began = Instant::now();
    while world.scalar(count).await != json!(wanted) {
        assert!(began.elapsed() < PATIENCE, "{}", process.log());
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

#[tokio::test]
async fn what_is_committed_late_is_not_lost() {
    let mut world = World::create().await;
    watcher(&mut world, "ana", &json!({ "q": "zephyrwall" })).await;
    let owner = Member::add(&mut world.owner, "builder", &[]).await;
    let mut late = world.database.connect("owner").await;
    late.execute("BEGIN").await.unwrap();
    publish_on(&mut late, owner, "Zephyrwall late", 0, "").await;
    // Looked at while it is not there to be seen: the mark stays before it, however long it takes.
    assert_eq!(world.run().await.alerts, 0);
    let passed = "SELECT to_jsonb(bool_and(matched_until > now() - interval '1 day')) FROM saved_searches";
    assert_eq!(world.scalar(passed).await, json!(true), "it was not looked at");
    late.execute("COMMIT").await.unwrap();
    let_a_day_pass(&mut world).await;
    assert_eq!(world.run().await.alerts, 1);
    assert_eq!(told(&mut world, "ana").await, [[["Zephyrwall late"]]]);
}

#[tokio::test]
async fn a_transaction_that_is_open_for_long_keeps_the_mark_before_it() {
    let mut world = World::create().await;
    let mut open = world.database.connect("owner").await;
    open.execute("BEGIN").await.unwrap();
    let began: Value = sqlx::query_scalar("SELECT to_jsonb(now())")
        .fetch_one(&mut open)
        .await
        .unwrap();
    let before = "SELECT to_jsonb(app.settled_until('-1 hour') < $1::timestamptz)";
    let is_before: Value =
        sqlx::query_scalar(&before.replace("$1", &format!("'{}'", began.as_str().unwrap())))
            .fetch_one(&mut world.owner)
            .await
            .unwrap();
    assert_eq!(is_before, json!(true));
    open.execute("ROLLBACK").await.unwrap();
}
