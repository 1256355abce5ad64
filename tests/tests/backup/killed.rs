//! The function killed at every turn of its work: what the next run makes of it.

use std::time::{Duration, Instant};

use rand::{Rng as _, SeedableRng as _};
use serde_json::{Value, json};
use sqlx::{Connection, Executor};

use crate::support::{World, script, text};

const PATIENCE: Duration = Duration::from_secs(60);
/// Between two looks.
const LOOK: Duration = Duration::from_millis(2);
/// How often the function is killed at a moment that chance picks.
const KILLS: usize = 6;

/// Waits until a look says so.
async fn until(world: &mut World, query: &str) {
    let began = Instant::now();
    while world.scalar(query).await != json!(true) {
        assert!(began.elapsed() < PATIENCE, "{query}");
        tokio::time::sleep(LOOK).await;
    }
}

/// Waits until the server has noticed that a process and its children are gone.
async fn settle(world: &mut World) {
    let name = world.database.name().to_owned();
    let gone = format!(
        "SELECT to_jsonb(NOT EXISTS (SELECT FROM pg_stat_activity
            WHERE usename IN ('portal_backup', 'portal_maintenance', 'portal_api') AND datname IN (
                SELECT datname FROM pg_database WHERE datname = '{name}' OR starts_with(datname, 'drill_{name}_'))))"
    );
    until(world, &gone).await;
}

const WAITING: &str = "SELECT to_jsonb(EXISTS (SELECT FROM pg_stat_activity
    WHERE datname = current_database() AND usename = 'portal_backup' AND wait_event_type = 'Lock'))";

/// It looks whether it sees every table whole before it writes anything down, and waits there.
#[tokio::test(flavor = "multi_thread")]
async fn killed_before_its_row_is_written() {
    let mut world = World::create().await;
    let mut holder = world.database.connect("owner").await;
    let mut tx = holder.begin().await.unwrap();
    tx.execute("LOCK TABLE users IN ACCESS EXCLUSIVE MODE")
        .await
        .unwrap();
    let mut function = world.start(&[]).await;
    drop(function.invoke(&json!({ "action": "backup" })));
    until(&mut world, WAITING).await;
    function.kill();
    tx.rollback().await.unwrap();
    settle(&mut world).await;
    assert_eq!(world.states().await, json!([]));
    world.back_up().await;
    assert_eq!(world.states().await, json!(["STORED"]));
    world.check_order().await;
}

/// What is dumped comes to more than one part, and then hardly on, until nobody takes it any more.
#[tokio::test(flavor = "multi_thread")]
async fn killed_between_two_parts() {
    let mut world = World::create().await;
    let slow = script("head -c 6000000 /dev/zero; while printf x; do sleep 0.1; done");
    let slow = slow.to_str().unwrap();
    let mut function = world.start(&[("PORTAL_PG_DUMP", slow)]).await;
    drop(function.invoke(&json!({ "action": "backup" })));
    let began = Instant::now();
    while world.unfinished().await == 0 {
        assert!(began.elapsed() < PATIENCE, "{}", function.log());
    }
    function.kill();
    settle(&mut world).await;
    let left = (world.states().await, world.unfinished().await);
    assert_eq!(left, (json!(["RUNNING"]), 1));
    world.back_up().await;
    assert_eq!(world.states().await, json!(["FAILED", "STORED"]));
    world.check_order().await;
}

/// The row is held, so that the run can write everything but its last word.
#[tokio::test(flavor = "multi_thread")]
async fn killed_between_the_manifest_and_the_record() {
    let mut world = World::create_large().await;
    let mut function = world.start(&[]).await;
    drop(function.invoke(&json!({ "action": "backup" })));
    until(&mut world, "SELECT to_jsonb(EXISTS (SELECT FROM backups))").await;
    let mut holder = world.database.connect("owner").await;
    let mut tx = holder.begin().await.unwrap();
    tx.execute("SELECT FROM backups FOR UPDATE").await.unwrap();
    until(&mut world, WAITING).await;
    function.kill();
    tx.rollback().await.unwrap();
    settle(&mut world).await;
    assert_eq!(world.states().await, json!(["RUNNING"]));
    assert_eq!(world.keys().await.len(), 2, "dump and manifest");
    world.back_up().await;
    assert_eq!(
        world.states().await,
        json!(["STORED", "STORED"]),
        "it was complete"
    );
    world.check_order().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_while_it_restores() {
    let mut world = World::create_large().await;
    let taken = world.back_up().await;
    let mut function = world.start(&[]).await;
    drop(function.invoke(&json!({ "action": "drill" })));
    let restoring = format!(
        "SELECT to_jsonb(EXISTS (SELECT FROM pg_stat_activity
            WHERE starts_with(datname, 'drill_{}_') AND query LIKE 'COPY %'))",
        world.database.name()
    );
    until(&mut world, &restoring).await;
    function.kill();
    assert_eq!(world.scratch_databases().await, json!(1));
    settle(&mut world).await;
    assert_eq!(world.states().await, json!(["STORED"]));
    let proven = world.drill().await.unwrap();
    assert_eq!(text(&proven, "backup"), text(&taken, "backup"));
    assert_eq!(world.states().await, json!(["PROVEN"]));
    world.check_order().await;
}

/// At moments that chance picks, from the first look to long after the end.
#[tokio::test(flavor = "multi_thread")]
async fn killed_at_any_moment() {
    let mut world = World::create_large().await;
    world.back_up().await;
    let mut chance = rand::rngs::StdRng::seed_from_u64(20_260_824);
    let mut cut_short = 0;
    for round in 0..KILLS {
        let action = ["backup", "drill"][round % 2];
        let mut function = world.start(&[]).await;
        let begun = world
            .scalar("SELECT to_jsonb(count(*)) FROM job_runs WHERE job <> 'large'")
            .await;
        drop(function.invoke(&json!({ "action": action })));
        let more = format!("SELECT to_jsonb(count(*) > {begun}) FROM job_runs WHERE job <> 'large'");
        until(&mut world, &more).await;
        for _ in 0..chance.random_range(0..250) {
            tokio::time::sleep(LOOK).await;
        }
        function.kill();
        settle(&mut world).await;
        let running = world
            .scalar("SELECT to_jsonb(count(*)) FROM job_runs WHERE state = 'RUNNING'")
            .await;
        cut_short += running.as_u64().unwrap();
        world.back_up().await;
        world.drill().await.unwrap();
        world.check_order().await;
    }
    assert!(cut_short > 0, "no kill came in time: the test shows nothing");
    let newest: Value = world
        .scalar("SELECT to_jsonb(state) FROM backups ORDER BY started_at DESC LIMIT 1")
        .await;
    assert_eq!(newest, "PROVEN");
}

/// The task of a container is the same program, which asks for no event. The last one proves what it has made itself.
#[tokio::test(flavor = "multi_thread")]
async fn a_task_serves_its_actions() {
    let mut world = World::create().await;
    for (word, proven, stored) in [("1", 0, 1), ("drill", 1, 0), ("both", 2, 0)] {
        let function = world.start(&[("PORTAL_BACKUP_ONCE", word)]).await;
        let done = format!(
            "SELECT to_jsonb((SELECT count(*) FROM backups WHERE state = 'PROVEN') = {proven}
                AND (SELECT count(*) FROM backups WHERE state = 'STORED') = {stored}
                AND NOT EXISTS (SELECT FROM job_runs WHERE state = 'RUNNING'))"
        );
        until(&mut world, &done).await;
        drop(function);
        settle(&mut world).await;
    }
    world.check_order().await;
}

/// A task may run for hours: by its heartbeat others know that it does.
#[tokio::test]
async fn a_run_shows_that_it_is_alive() {
    let mut world = World::create().await;
    world.settings.heartbeat = std::time::Duration::from_millis(20);
    world.settings.pg_dump = script("exec sleep 600");
    let mut watch = world.database.connect("owner").await;
    let beaten = async {
        loop {
            let has_beaten: bool = sqlx::query_scalar(
                "SELECT EXISTS (SELECT FROM job_runs
                WHERE job = 'backup' AND state = 'RUNNING' AND heartbeat_at > started_at + interval '100 milliseconds')",
            )
            .fetch_one(&mut watch)
            .await
            .unwrap();
            if has_beaten {
                break;
            }
        }
    };
    // The run itself would go on: what it shows ends the test.
    tokio::select! {
        () = beaten => {}
        error = Box::pin(world.fail_to_back_up()) => panic!("{error}"),
    }
}
