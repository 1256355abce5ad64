//! Files that are not what they should be.

use portal_tests::licence_files::{HEADER, many, master, row};
use serde_json::json;

use crate::support::World;

#[tokio::test]
async fn what_is_no_contractor_file_fails_with_a_reason_and_changes_nothing() {
    let mut world = World::create().await;
    world.import("a.csv", master(24, &[row(1, "ACME")])).await;
    let before = world.snapshot().await;
    let endless = vec![b'x'; 3 << 20];
    let files: [(&str, Vec<u8>, &str); 7] = [
        ("empty.csv", Vec::new(), "empty"),
        ("blank.csv", b"\r\n\r\n".to_vec(), "empty"),
        ("zip.csv", b"PK\x03\x04\0\0".to_vec(), "ZIP"),
        ("page.csv", b"<html>".to_vec(), "web page"),
        ("header.csv", b"a,b,c\r\n1,2,3\r\n".to_vec(), "not the header"),
        ("endless.csv", endless, "longer than a megabyte"),
        ("rows.csv", format!("{HEADER}\r\n").into_bytes(), "no rows"),
    ];
    for (name, content, reason) in files {
        let run = world.import(name, content).await;
        assert_eq!(run["state"], "FAILED", "{name}");
        assert!(run["error"].as_str().unwrap().contains(reason), "{name}: {run}");
    }
    let missing = world.event("missing.csv");
    let run = world.run_of(&missing).await;
    assert!(run["error"].as_str().unwrap().contains("does not exist"), "{run}");
    assert_eq!(world.snapshot().await, before);
}

#[tokio::test]
async fn events_without_bucket_or_key_are_answered_with_what_is_wrong() {
    let mut world = World::create().await;
    let mut event = world.event("a.csv");
    event["Records"][0]["s3"]["object"] = json!({});
    assert_eq!(
        world.serve(&event).await.unwrap().errors,
        ["the S3 record names no object key"]
    );
    assert!(world.serve(&json!({ "hello": 1 })).await.is_err());
    let test = json!({ "Service": "Amazon S3", "Event": "s3:TestEvent" });
    assert!(world.serve(&test).await.unwrap().runs.is_empty());
}

#[tokio::test]
async fn a_cut_file_removes_nothing() {
    let mut world = World::create().await;
    let rows = many(100);
    world.import("a.csv", master(24, &rows)).await;
    let mut cut = master(25, &rows[..99]);
    cut.truncate(cut.len() - 60);
    let run = world.import("b.csv", cut).await;
    assert_eq!(
        (&run["state"], &run["rows"]["removed"]),
        (&json!("COMPLETED"), &json!(0))
    );
    assert_eq!(
        (&run["rows"]["removalsRefused"], &run["warnings"]["cutFile"]),
        (&json!(1), &json!(1))
    );
    assert!(
        run["notes"][0].as_str().unwrap().contains("middle of a row"),
        "{run}"
    );
    let short = world.import("c.csv", master(26, &rows[..90])).await;
    assert_eq!(
        (&short["rows"]["removed"], &short["rows"]["removalsRefused"]),
        (&json!(0), &json!(10))
    );
    let near = world.import("d.csv", master(27, &rows[..95])).await;
    assert_eq!(
        (&near["rows"]["removed"], &near["rows"]["removalsRefused"]),
        (&json!(5), &json!(0))
    );
}

#[tokio::test]
async fn rejects_are_kept_and_written_beside_the_object() {
    let mut world = World::create().await;
    let good = master(24, &[row(1, "ACME"), row(2, "BETA")]);
    world.import("a.csv", good.clone()).await;
    let long = "x".repeat(2 << 20);
    let file = format!(
        "{}1,\"two\" few\r\n,08/24/2026{}\r\n7,\"unclosed\r\n8,{long}\r\n{}",
        master(25, &[]),
        ",".repeat(50),
        row(2, "BETA").line(25),
    );
    let run = world.import("b.csv", file).await;
    assert_eq!(
        (&run["rows"]["read"], &run["rows"]["rejected"]),
        (&json!(5), &json!(4))
    );
    assert_eq!(
        run["rows"]["removed"], 0,
        "a licence whose row is rejected has not vanished"
    );
    let rejects = world.object("b.csv.rejects.csv").await.unwrap();
    let lines: Vec<_> = rejects
        .lines()
        .map(|line| line.split(',').next().unwrap())
        .collect();
    assert_eq!(lines, ["line", "2", "3", "4", "5"]);
    assert!(
        rejects.contains("no licence number")
            && rejects.contains("longer than")
            && rejects.contains("not closed")
    );
    let event = world.event("b.csv.rejects.csv");
    let answer = world.serve(&event).await.unwrap();
    assert!(answer.runs.is_empty() && answer.notes[0].contains("rejects"));
}

#[tokio::test]
async fn windows_1252_is_read_with_its_letters() {
    let mut world = World::create().await;
    let text = master(24, &[row(1, "MU\u{d1}OZ")]);
    let bytes: Vec<u8> = text
        .chars()
        .map(|letter| u8::try_from(u32::from(letter)).unwrap())
        .collect();
    let run = world.import("a.csv", bytes).await;
    assert_eq!(run["warnings"]["windows1252"], 1);
    assert_eq!(world.snapshot().await[0]["business_name"], "MUÑOZ");
}
