//! County lists: fewer columns, and no word on what has vanished.

use portal_tests::licence_files::{COUNTY_HEADER, master, row};
use serde_json::json;

use crate::support::World;

fn county_list(number: u32, name: &str) -> String {
    format!(
        "{COUNTY_HEADER}\r\n{number},Corporation,{name},{number} SAMPLE ST,OAKLAND,CA,94607,Alameda,(510) 555 0199,01/10/2015,01/31/2027,\
         B| C10,CLEAR,EXAMPLE SURETY,B{number},01/01/2023,,Exempt,,,01/10/2015,,,\r\n"
    )
}

#[tokio::test]
async fn only_the_columns_that_it_carries_are_written() {
    let mut world = World::create().await;
    world
        .import("a.csv", master(24, &[row(1, "ACME"), row(2, "BETA")]))
        .await;
    let run = world.import("county.csv", county_list(1, "ACME")).await;
    assert_eq!(
        (&run["format"], &run["rows"]["updated"], &run["rows"]["removed"]),
        (&json!("COUNTY_LIST"), &json!(1), &json!(0))
    );
    let rows = world.snapshot().await;
    assert_eq!(
        (&rows[0]["phone"], &rows[0]["cb_amount_cents"]),
        (&json!("+15105550199"), &json!(2_500_000))
    );
    assert_eq!(rows[1]["removed_from_source_on"], json!(null));
    // The next License Master must not take the row for unchanged.
    let master = world
        .import("b.csv", master(25, &[row(1, "ACME"), row(2, "BETA")]))
        .await;
    assert_eq!(
        (&master["rows"]["updated"], &master["rows"]["unchanged"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(world.snapshot().await[0]["phone"], "+15105550101");
}

#[tokio::test]
async fn lists_of_two_counties_do_not_supersede_each_other() {
    let mut world = World::create().await;
    assert_eq!(
        world.import("alameda.csv", county_list(1, "ACME")).await["rows"]["inserted"],
        1
    );
    assert_eq!(
        world.import("kern.csv", county_list(2, "BETA")).await["rows"]["inserted"],
        1
    );
    assert_eq!(
        world.import("alameda.csv", county_list(1, "ACME")).await["rows"]["unchanged"],
        1
    );
}
