//! Taking an import back.

use portal_tests::licence_files::{master, row};
use portal_tests::members::Member;
use serde_json::json;

use crate::support::{World, run};

#[tokio::test]
async fn an_undone_import_leaves_the_rows_as_they_were() {
    let mut world = World::create().await;
    world
        .import(
            "a.csv",
            master(24, &[row(1, "ACME"), row(2, "BETA"), row(3, "GAMMA")]),
        )
        .await;
    let before = world.contents().await;
    let mut moved = row(2, "BETA");
    moved.county = "Kern";
    let later = world
        .import("b.csv", master(25, &[row(1, "ACME TWO"), moved, row(4, "DELTA")]))
        .await;
    assert_ne!(world.contents().await, before);
    assert_eq!(run(&world.undo(&later["id"]).await)["state"], "UNDONE");
    assert_eq!(world.contents().await, before);
    let again = world.undo(&later["id"]).await;
    assert!(again.notes[0].contains("undone before"), "{again:?}");
    assert_eq!(world.contents().await, before);
    let next = world
        .import(
            "c.csv",
            master(
                26,
                &[
                    row(1, "ACME TWO"),
                    row(2, "BETA"),
                    row(3, "GAMMA"),
                    row(4, "DELTA"),
                ],
            ),
        )
        .await;
    assert_eq!(
        (
            &next["rows"]["inserted"],
            &next["rows"]["updated"],
            &next["rows"]["unchanged"]
        ),
        (&json!(1), &json!(1), &json!(2))
    );
}

#[tokio::test]
async fn rows_that_staff_have_worked_on_are_kept() {
    let mut world = World::create().await;
    let first = world
        .import("a.csv", master(24, &[row(1, "ACME"), row(2, "BETA")]))
        .await;
    world
        .execute("UPDATE california_contractors SET outreach_status = 'CONTACTED' WHERE license_number = '1'")
        .await;
    world.undo(&first["id"]).await;
    let rows = world.snapshot().await;
    assert_eq!(rows.as_array().unwrap().len(), 1);
    assert_eq!(rows[0]["outreach_status"], "CONTACTED");
    assert!(rows[0]["removed_from_source_on"].is_string());
    let back = world
        .import("b.csv", master(25, &[row(1, "ACME"), row(2, "BETA")]))
        .await;
    assert_eq!(
        (&back["rows"]["restored"], &back["rows"]["inserted"]),
        (&json!(1), &json!(1))
    );
}

#[tokio::test]
async fn only_the_newest_completed_import_can_be_undone() {
    let mut world = World::create().await;
    let first = world.import("a.csv", master(24, &[row(1, "ACME")])).await;
    let second = world.import("b.csv", master(25, &[row(1, "BETA")])).await;
    let refused = world.undo(&first["id"]).await;
    assert!(
        refused.errors[0].contains(second["id"].as_str().unwrap()),
        "{refused:?}"
    );
    assert_eq!(run(&refused)["state"], "COMPLETED");
    let failed = world.import("c.csv", "nonsense").await;
    assert!(world.undo(&failed["id"]).await.errors[0].contains("FAILED"));
    let unknown = world.undo(&json!("0198a7c0-0000-7000-8000-000000000001")).await;
    assert!(unknown.errors[0].contains("no import"));
    assert_eq!(run(&world.undo(&second["id"]).await)["state"], "UNDONE");
    assert_eq!(run(&world.undo(&first["id"]).await)["state"], "UNDONE");
    assert_eq!(world.snapshot().await, json!([]));
}

#[tokio::test]
async fn a_licence_that_a_member_has_claimed_is_kept() {
    let mut world = World::create().await;
    world.import("a.csv", master(24, &[row(1, "ACME")])).await;
    let before = world.contents().await;
    let later = world
        .import(
            "b.csv",
            master(25, &[row(1, "ACME"), row(2, "BETA"), row(3, "GAMMA")]),
        )
        .await;
    Member::add(&mut world.owner, "beta", &[]).await;
    world
        .execute("UPDATE users SET contractor_license = '2' WHERE first_name = 'beta'")
        .await;
    assert_eq!(run(&world.undo(&later["id"]).await)["state"], "UNDONE");
    let rows = world.snapshot().await;
    let numbers: Vec<_> = rows
        .as_array()
        .unwrap()
        .iter()
        .map(|row| &row["license_number"])
        .collect();
    assert_eq!(
        numbers,
        ["1", "2"],
        "only the claimed row stays of what was added"
    );
    assert!(
        rows[1]["removed_from_source_on"].is_string(),
        "the claimed row is marked: {}",
        rows[1]
    );
    assert_eq!(rows[1]["business_name"], "BETA");
    assert_eq!(world.contents().await[0], before[0]);
    let licences = world
        .scalar("SELECT jsonb_agg(license_number ORDER BY license_number) FROM licences")
        .await;
    assert_eq!(licences, json!(["1", "2"]));
    let claimed = world
        .scalar("SELECT to_jsonb(contractor_license) FROM users WHERE first_name = 'beta'")
        .await;
    assert_eq!(claimed, "2", "the member's claim outlives the undo");
}
