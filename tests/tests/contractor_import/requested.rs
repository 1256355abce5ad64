//! Imports that staff have asked to have taken back.

use portal_tests::licence_files::{master, row};
use portal_tests::members::Member;
use serde_json::{Value, json};

use crate::support::World;

/// Staff write down that a run is to be taken back.
async fn request(world: &mut World, run: &Value) {
    let staff = Member::add(&mut world.owner, &format!("staff-{}", run["id"]), &[]).await;
    sqlx::query(
        "UPDATE import_runs SET undo_requested_at = now(), undo_requested_by = $1 WHERE id = $2::uuid",
    )
    .bind(staff.id)
    .bind(run["id"].as_str().unwrap())
    .execute(&mut world.owner)
    .await
    .unwrap();
}

async fn sweep(world: &World) {
    let answer = world.serve(&json!({"action": "sweep"})).await.unwrap();
    assert_eq!(answer.errors, Vec::<String>::new());
}

#[tokio::test]
async fn a_sweep_takes_back_what_was_asked_for() {
    let mut world = World::create().await;
    world.import("a.csv", master(24, &[row(1, "ACME")])).await;
    let before = world.contents().await;
    let later = world
        .import("b.csv", master(25, &[row(1, "ACME TWO"), row(2, "BETA")]))
        .await;
    sweep(&world).await;
    assert_ne!(world.contents().await, before, "nobody has asked");
    request(&mut world, &later).await;
    sweep(&world).await;
    assert_eq!(world.contents().await, before);
    let states = "SELECT jsonb_agg(state ORDER BY object_key) FROM import_runs";
    assert_eq!(world.scalar(states).await, json!(["COMPLETED", "UNDONE"]));
    sweep(&world).await;
    assert_eq!(world.contents().await, before);
}

#[tokio::test]
async fn what_cannot_be_taken_back_any_more_is_noted_and_asked_for_no_longer() {
    let mut world = World::create().await;
    let first = world.import("a.csv", master(24, &[row(1, "ACME")])).await;
    world.import("b.csv", master(25, &[row(1, "ACME TWO")])).await;
    let before = world.contents().await;
    request(&mut world, &first).await;
    sweep(&world).await;
    assert_eq!(world.contents().await, before);
    let asked = "SELECT jsonb_agg(jsonb_build_array(undo_requested_at, undo_requested_by, cardinality(notes)) ORDER BY object_key)
        FROM import_runs";
    assert_eq!(
        world.scalar(asked).await,
        json!([[null, null, 1], [null, null, 0]])
    );
}

#[tokio::test]
async fn the_next_event_of_a_file_finds_the_request_too() {
    let mut world = World::create().await;
    let first = world.import("a.csv", master(24, &[row(1, "ACME")])).await;
    request(&mut world, &first).await;
    let second = world.import("b.csv", master(25, &[row(2, "BETA")])).await;
    assert_eq!(second["state"], "COMPLETED");
    let there = "SELECT jsonb_agg(license_number) FROM california_contractors";
    assert_eq!(world.scalar(there).await, json!(["2"]));
}
