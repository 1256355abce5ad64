//! What a file does to the rows.

use portal_tests::licence_files::{master, row};
use serde_json::json;

use crate::support::World;

/// How many indexes the contractors have.
const INDEXES: &str = "SELECT to_jsonb(count(*)) \
    FROM pg_index WHERE indrelid = 'california_contractors'::regclass AND indisvalid";

#[tokio::test]
async fn a_first_file_becomes_contractors() {
    let mut world = World::create().await;
    let complete = world.scalar(INDEXES).await;
    let mut nevada = row(3, "FAR AWAY");
    nevada.county = "Kern";
    let run = world
        .import(
            "a.csv",
            master(
                24,
                &[row(1, "ACME \"BEST\" BUILDERS, INC"), row(2, "MUÑOZ"), nevada],
            ),
        )
        .await;
    assert_eq!(
        (&run["state"], &run["asOf"], &run["format"]),
        (
            &json!("COMPLETED"),
            &json!("2026-08-24"),
            &json!("LICENSE_MASTER")
        )
    );
    assert_eq!(
        (
            &run["rows"]["read"],
            &run["rows"]["inserted"],
            &run["rows"]["updated"]
        ),
        (&json!(3), &json!(3), &json!(0))
    );
    let rows = world.snapshot().await;
    assert_eq!(rows[0]["business_name"], "ACME \"BEST\" BUILDERS, INC");
    assert_eq!(rows[0]["classifications"], json!(["B", "C-10"]));
    assert_eq!(
        (&rows[0]["phone"], &rows[0]["cb_amount_cents"]),
        (&json!("+15105550101"), &json!(2_500_000))
    );
    assert!(rows[0]["coordinates"].is_string());
    assert_eq!(
        (&rows[1]["business_name"], &rows[1]["table"]),
        (&json!("MUÑOZ"), &json!("california_contractors_north"))
    );
    assert_eq!(rows[2]["table"], "california_contractors_south");
    assert_eq!(
        world.scalar(INDEXES).await,
        complete,
        "indexes that were put off are there again"
    );
}

#[tokio::test]
async fn the_same_event_twice_and_the_same_file_again_write_nothing() {
    let mut world = World::create().await;
    let file = master(24, &[row(1, "ACME"), row(2, "BETA")]);
    let event = world.put("a.csv", file.clone()).await;
    let first = world.run_of(&event).await;
    let before = world.snapshot().await;
    assert_eq!(world.run_of(&event).await, first, "the recorded answer");
    let again = world.import("a.csv", file).await;
    assert_eq!(
        (&again["rows"]["unchanged"], &again["rows"]["updated"]),
        (&json!(2), &json!(0))
    );
    let next_day = world
        .import("b.csv", master(25, &[row(1, "ACME"), row(2, "BETA")]))
        .await;
    assert_eq!(
        (&next_day["rows"]["unchanged"], &next_day["asOf"]),
        (&json!(2), &json!("2026-08-25"))
    );
    assert_eq!(world.snapshot().await, before);
}

#[tokio::test]
async fn only_what_differs_is_written_and_what_vanished_is_marked() {
    let mut world = World::create().await;
    world
        .import(
            "a.csv",
            master(24, &[row(1, "ACME"), row(2, "BETA"), row(3, "GAMMA")]),
        )
        .await;
    world.execute("UPDATE california_contractors SET outreach_notes = 'called', outreach_status = 'CONTACTED', is_namc_member = true").await;
    let before = world.snapshot().await;
    let mut moved = row(2, "BETA");
    moved.county = "Kern";
    let run = world
        .import("b.csv", master(25, &[row(1, "ACME"), moved, row(4, "DELTA")]))
        .await;
    let counts = ["inserted", "updated", "unchanged", "removed"].map(|name| run["rows"][name].clone());
    assert_eq!(counts, [json!(1), json!(1), json!(1), json!(1)]);
    let after = world.snapshot().await;
    assert_eq!(after[0], before[0], "an unchanged row is not touched");
    assert_eq!(
        (&after[1]["region"], &after[1]["table"]),
        (&json!("SOUTH"), &json!("california_contractors_south"))
    );
    assert_eq!(
        (&after[1]["outreach_notes"], &after[1]["is_namc_member"]),
        (&json!("called"), &json!(true))
    );
    assert_eq!(
        (&after[2]["removed_from_source_on"], &after[2]["business_name"]),
        (&json!("2026-08-25"), &json!("GAMMA"))
    );
    let back = world
        .import(
            "c.csv",
            master(
                26,
                &[row(1, "ACME"), row(2, "BETA"), row(3, "GAMMA"), row(4, "DELTA")],
            ),
        )
        .await;
    assert_eq!(
        (&back["rows"]["restored"], &back["rows"]["updated"]),
        (&json!(1), &json!(2))
    );
    let returned = world.snapshot().await;
    assert_eq!(returned[2]["removed_from_source_on"], json!(null));
    assert_eq!(returned[1]["table"], "california_contractors_north");
    assert_eq!(returned.as_array().unwrap().len(), 4);
}

#[tokio::test]
async fn of_a_licence_that_is_there_twice_the_last_row_wins() {
    let mut world = World::create().await;
    let run = world
        .import(
            "a.csv",
            master(24, &[row(1, "OLD"), row(2, "BETA"), row(1, "NEW")]),
        )
        .await;
    assert_eq!(
        (&run["warnings"]["duplicateLicence"], &run["rows"]["inserted"]),
        (&json!(1), &json!(2))
    );
    assert_eq!(world.snapshot().await[0]["business_name"], "NEW");
    // The last row is the one that is stored already, so it is not staged; the one before it must not win all the same.
    let run = world
        .import(
            "b.csv",
            master(25, &[row(1, "OTHER"), row(2, "BETA"), row(1, "NEW")]),
        )
        .await;
    assert_eq!(
        (&run["rows"]["updated"], &run["rows"]["unchanged"]),
        (&json!(0), &json!(2))
    );
    assert_eq!(world.snapshot().await[0]["business_name"], "NEW");
}

#[tokio::test]
async fn a_dry_run_counts_and_changes_nothing() {
    let mut world = World::create().await;
    world
        .import("a.csv", master(24, &[row(1, "ACME"), row(2, "BETA")]))
        .await;
    let before = world.snapshot().await;
    let file = master(25, &[row(1, "ACME TWO"), row(3, "GAMMA")]) + "x,no number\r\n";
    let event = world.put_as("b.csv", file.clone(), true).await;
    let dry = world.run_of(&event).await;
    assert_eq!(
        (&dry["state"], &dry["dryRun"]),
        (&json!("COMPLETED"), &json!(true))
    );
    assert_eq!(world.snapshot().await, before);
    assert_eq!(world.object("b.csv.rejects.csv").await, None);
    let real = world.import("c.csv", file).await;
    assert_eq!(real["rows"], dry["rows"]);
    assert_eq!(real["rows"]["removed"], 1);
}

#[tokio::test]
async fn an_older_file_that_is_uploaded_later_is_wanted() {
    let mut world = World::create().await;
    world.import("new.csv", master(25, &[row(1, "NEW")])).await;
    let run = world.import("old.csv", master(24, &[row(1, "OLD")])).await;
    assert_eq!(
        (&run["state"], &run["rows"]["updated"]),
        (&json!("COMPLETED"), &json!(1)),
        "{run}"
    );
}

#[tokio::test]
async fn an_older_file_that_arrives_late_is_superseded() {
    let mut world = World::create().await;
    let late = world.put("old.csv", master(24, &[row(1, "OLD")])).await;
    world.import("new.csv", master(25, &[row(1, "NEW")])).await;
    // S3 tells the time of an upload to the second.
    let later = "UPDATE import_runs SET uploaded_at = uploaded_at + interval '1 minute'";
    sqlx::raw_sql(later).execute(&mut world.owner).await.unwrap();
    let before = world.snapshot().await;
    let run = world.run_of(&late).await;
    assert_eq!(run["state"], "FAILED");
    assert!(run["error"].as_str().unwrap().starts_with("superseded"), "{run}");
    assert_eq!(world.snapshot().await, before);
    let early = world.event("new.csv");
    world.import("new.csv", master(25, &[row(1, "NEWER")])).await;
    let run = world.run_of(&early).await;
    assert!(
        run["error"].as_str().unwrap().starts_with("superseded"),
        "an event that comes late: {run}"
    );
    assert_ne!(world.snapshot().await, before);
}
