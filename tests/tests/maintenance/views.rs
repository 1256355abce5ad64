//! Materialized views that are made anew when their tables were written to.

use serde_json::json;

use crate::support::House;

const FIRM: &str = "
    INSERT INTO licences (license_number, region) VALUES ('1', 'NORTH');
    INSERT INTO california_contractors (license_number, region, business_name, city, primary_status, in_good_standing, coordinates)
    VALUES ('1', 'NORTH', 'ACME', 'OAKLAND', 'CLEAR', true, ST_Point(-122.27, 37.80, 4326)::geography)";

#[tokio::test]
async fn a_view_is_made_anew_when_its_tables_were_written_to_and_only_then() {
    let mut house = House::create().await;
    let first = house.step("refresh-views").await;
    assert_eq!(first["refreshed"], json!(["contractor_places"]), "{first}");
    let idle = house.step("refresh-views").await;
    assert_eq!(
        (&idle["refreshed"], &idle["current"]),
        (&json!([]), &json!(["contractor_places"])),
        "{idle}"
    );
    house.execute(FIRM).await;
    house.count_now().await;
    let count = "SELECT to_jsonb(COALESCE(sum(contractors), 0)) FROM contractor_places";
    assert_eq!(house.scalar(count).await, json!(0));
    let after = house.step("refresh-views").await;
    assert_eq!(after["refreshed"], json!(["contractor_places"]), "{after}");
    assert_eq!(house.scalar(count).await, json!(1));
    let owner = "SELECT to_jsonb(relowner::regrole::text) FROM pg_class WHERE relname = 'contractor_places'";
    assert_eq!(house.scalar(owner).await, json!("portal_definer"));
}

/// Whoever reads the view meanwhile is not waited for, and does not wait.
#[tokio::test]
async fn readers_go_on_meanwhile() {
    let mut house = House::create().await;
    let mut reader = house.database.connect("portal_api").await;
    sqlx::raw_sql("BEGIN; SELECT FROM contractor_places")
        .execute(&mut reader)
        .await
        .unwrap();
    let report = house.step("refresh-views").await;
    assert_eq!(report["refreshed"], json!(["contractor_places"]), "{report}");
    sqlx::raw_sql("SELECT FROM contractor_places; COMMIT")
        .execute(&mut reader)
        .await
        .unwrap();
    assert_eq!(
        house
            .scalar("SELECT to_jsonb(count(*)) FROM view_refreshes")
            .await,
        json!(1)
    );
}

/// A view that fails every night would say what it said on the first for ever: the run has failed, although it has done the others.
#[tokio::test]
async fn a_view_that_fails_fails_the_run() {
    let mut house = House::create().await;
    house
        .execute(
            "CREATE TABLE parts (a integer); INSERT INTO parts VALUES (1); ALTER TABLE parts OWNER TO portal_owner;
            CREATE MATERIALIZED VIEW broken AS SELECT 1 / a AS x FROM parts; ALTER MATERIALIZED VIEW broken OWNER TO portal_owner;
            UPDATE parts SET a = 0",
        )
        .await;
    house.count_now().await;
    let error = house
        .serve(&json!({ "step": "refresh-views" }))
        .await
        .unwrap_err()
        .to_string();
    assert!(error.contains("not everything was done: broken: "), "{error}");
    let run = house
        .scalar("SELECT jsonb_build_array(state, error, details -> 'refreshed') FROM job_runs WHERE job = 'refresh-views'")
        .await;
    assert_eq!(run, json!(["FAILED", error, ["contractor_places"]]));
}
