//! Imports that are stopped, killed, doubled or lose their staging.

use std::future::Future;
use std::task::Poll;

use portal_jobs::Deadline;
use portal_tests::licence_files::{many, master};
use serde_json::{Value, json};

use crate::support::{World, passed, run};

/// The file that these tests import over an older one: rows that stay, change, come and go.
fn files() -> (String, String) {
    let rows = many(25_000);
    let mut later = rows.clone();
    later.remove(3);
    later[20_000].name = "CHANGED".to_owned();
    (master(24, &rows[..24_000]), master(25, &later))
}

/// What an undisturbed import makes of them.
async fn expected(first: &str, second: &str) -> Value {
    let mut world = World::create().await;
    world.import("a.csv", first).await;
    world.import("b.csv", second).await;
    world.contents().await
}

#[tokio::test]
async fn a_run_that_stops_at_every_deadline_ends_the_same() {
    let (first, second) = files();
    let mut world = World::create().await;
    world.import("a.csv", first.clone()).await;
    let event = world.put("b.csv", second.clone()).await;
    let mut invocations = 0;
    let ended = loop {
        invocations += 1;
        let answer = world
            .importer
            .serve(event.clone(), "request", passed())
            .await
            .unwrap();
        let run = run(&answer);
        if run["state"] == "COMPLETED" {
            break run;
        }
        let state = run["state"].as_str().unwrap();
        assert!(["LOADING", "MERGING"].contains(&state), "{run}");
        assert!(invocations < 10, "{run}");
    };
    assert!(invocations >= 3, "the file is larger than a part");
    assert_eq!(ended["rows"]["read"], 24_999);
    assert_eq!(world.contents().await, expected(&first, &second).await);
}

#[tokio::test]
async fn a_run_that_is_killed_anywhere_ends_the_same_when_delivered_again() {
    let (first, second) = files();
    let expected = expected(&first, &second).await;
    for wakes in [5, 40, 80, 120, 200] {
        let mut world = World::create().await;
        world.import("a.csv", first.clone()).await;
        let event = world.put("b.csv", second.clone()).await;
        kill_after(
            wakes,
            world.importer.serve(event.clone(), "request", Deadline::never()),
        )
        .await;
        let mut ended = world.run_of(&event).await;
        while ended["state"] != "COMPLETED" {
            // The killed session still has the lock until the server has noticed; a sweep then takes the run up.
            tokio::task::yield_now().await;
            world.serve(&json!({ "action": "sweep" })).await.unwrap();
            ended = world.run_of(&event).await;
        }
        assert_eq!(world.contents().await, expected, "killed after {wakes} steps");
    }
}

/// Drops a future once it has been polled so often, as a process that is killed drops everything at once.
async fn kill_after<F: Future>(wakes: u32, future: F) {
    let mut future = Box::pin(future);
    let mut left = wakes;
    std::future::poll_fn(|context| {
        left = left.saturating_sub(1);
        if left == 0 {
            Poll::Ready(())
        } else {
            future.as_mut().poll(context).map(drop)
        }
    })
    .await;
}

#[tokio::test]
async fn a_crash_of_the_server_that_empties_staging_starts_the_run_over() {
    let (first, second) = files();
    let mut world = World::create().await;
    world.import("a.csv", first.clone()).await;
    let event = world.put("b.csv", second.clone()).await;
    let paused = run(&world
        .importer
        .serve(event.clone(), "request", passed())
        .await
        .unwrap());
    assert!(paused["byteOffset"].as_i64().unwrap() > 0);
    world.execute("TRUNCATE import_staging, import_seen").await;
    assert_eq!(world.run_of(&event).await["state"], "COMPLETED");
    assert_eq!(world.contents().await, expected(&first, &second).await);
}

#[tokio::test]
async fn two_events_at_once_are_imported_one_after_the_other() {
    let (first, second) = files();
    let mut world = World::create().await;
    let events = [
        world.put("a.csv", first.clone()).await,
        world.put("b.csv", second.clone()).await,
    ];
    let (one, other) = tokio::join!(world.serve(&events[0]), world.serve(&events[1]));
    assert!(one.is_ok() && other.is_ok());
    world.serve(&json!({ "action": "sweep" })).await.unwrap();
    let states = world
        .scalar("SELECT jsonb_agg(state ORDER BY object_key) FROM import_runs")
        .await;
    assert_eq!(states[1], "COMPLETED", "{states}");
    let rows = world
        .scalar("SELECT to_jsonb(count(*)) FROM california_contractors")
        .await;
    assert!(rows.as_i64().unwrap() >= 24_999);
}
