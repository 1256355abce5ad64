//! What goes to S3, and what must not.

use portal_tests::stack::Stack;
use serde_json::json;
use time::Duration;

use crate::support::{House, TABLES, day};

/// A house with rows that are past their retention today, sealed.
async fn old_house() -> House {
    let mut house = House::create().await;
    house
        .write("admin_actions", day(-800), Duration::days(20), 40)
        .await;
    house
        .write("audit_log", day(-900), Duration::days(140), 200)
        .await;
    house
        .write("system_metrics", day(-95), Duration::days(3), 60)
        .await;
    house.seal(day(0)).await;
    house
}

#[tokio::test]
async fn what_is_past_its_retention_is_in_s3_row_by_row() {
    let mut house = old_house().await;
    let answer = house.run(day(0)).await.unwrap();
    for (table, _) in TABLES {
        assert!(!answer.tables[table].archived.is_empty(), "{answer:?}");
    }
    house.restore().await;
    house.nothing_is_lost_or_doubled().await;
    house.nothing_is_left_over().await;
    let run = house
        .scalar("SELECT to_jsonb(r) FROM job_runs AS r WHERE job = 'partitions'")
        .await;
    assert_eq!(run["state"], "COMPLETED");
    assert_eq!(run["details"]["tables"]["audit_log"]["drained"], 200);
}

#[tokio::test]
async fn a_dry_run_says_what_would_be_done_and_does_nothing() {
    let mut house = old_house().await;
    house.run(day(-10)).await.unwrap();
    let before = (house.keys().await, house.partitions("audit_log").await);
    let event = json!({ "detail": { "dryRun": true } });
    house.write("audit_log", day(200), Duration::hours(1), 4).await;
    let answer = house.serve(&event, day(60)).await.unwrap();
    assert!(answer.dry_run);
    let audit = &answer.tables["audit_log"];
    assert_eq!(audit.drained, 4, "{audit:?}");
    assert!(!answer.tables["system_metrics"].created.is_empty(), "{answer:?}");
    assert!(audit.archived.iter().all(|one| one.object_key.is_none()));
    assert_eq!((house.keys().await, house.partitions("audit_log").await), before);
    house.restore().await;
    house.nothing_is_lost_or_doubled().await;
}

/// An event that says that it is later prepares for that, and makes nothing old.
#[tokio::test]
async fn an_event_from_the_future_makes_nothing_old() {
    let mut house = House::create().await;
    house
        .write("system_metrics", day(0), Duration::hours(1), 10)
        .await;
    let later = day(30)
        .format(&time::format_description::well_known::Rfc3339)
        .unwrap();
    let event = json!({ "detail-type": "Scheduled Event", "time": later, "detail": {} });
    let answer = house.serve(&event, day(0) + Duration::hours(2)).await.unwrap();
    assert!(answer.tables["system_metrics"].archived.is_empty(), "{answer:?}");
    assert!(answer.tables["system_metrics"].created.len() >= 30, "{answer:?}");
    house.nothing_is_lost_or_doubled().await;
}

/// A wrong clock would have partitions made for years.
#[tokio::test]
async fn an_event_from_far_ahead_is_refused() {
    let mut house = House::create().await;
    let before = house.partitions("system_metrics").await;
    let event = json!({ "detail-type": "Scheduled Event", "time": "2099-01-01T00:00:00Z", "detail": {} });
    let refused = house.serve(&event, day(0)).await.unwrap_err().to_string();
    assert!(refused.contains("2099"), "{refused}");
    assert_eq!(house.partitions("system_metrics").await, before);
}

/// Seals go on from the last: what is dated back to before it never gets one, and must not hold up all that is past its retention.
#[tokio::test]
async fn days_that_no_seal_will_cover_are_archived_with_a_note() {
    let mut house = House::create().await;
    house.write("audit_log", day(-800), Duration::hours(20), 8).await;
    house.seal(day(0)).await;
    house.write("audit_log", day(-9000), Duration::hours(1), 3).await;
    let answer = house.run(day(0)).await.unwrap();
    let archived = &answer.tables["audit_log"].archived;
    assert_eq!(archived.len(), 2, "{archived:?}");
    let mut notes = Vec::new();
    for archive in archived {
        let key = format!("{}.manifest.json", archive.object_key.as_ref().unwrap());
        let text = house.store.read(&house.object(&key)).await.unwrap();
        let manifest: partitions::Manifest = serde_json::from_slice(&text).unwrap();
        notes.push(manifest.unsealed_days);
    }
    assert_eq!(notes, [vec![day(-9000).date().to_string()], Vec::new()]);
    house.restore().await;
    house.nothing_is_lost_or_doubled().await;
    house.nothing_is_left_over().await;
}

/// What docs/operations.md says of having one back: the manifest is enough to make a table for it, wherever that is.
#[tokio::test]
async fn an_archive_comes_back_by_its_manifest_alone() {
    let mut house = old_house().await;
    house.run(day(0)).await.unwrap();
    let (key, rows): (String, i64) = sqlx::query_as(
        "SELECT object_key, row_count FROM partition_archives WHERE table_name = 'audit_log' LIMIT 1",
    )
    .fetch_one(&mut house.owner)
    .await
    .unwrap();
    let manifest = house.object(&format!("{key}.manifest.json"));
    let text = house.store.read(&manifest).await.unwrap();
    let manifest: partitions::Manifest = serde_json::from_slice(&text).unwrap();
    let columns: Vec<_> = manifest
        .columns
        .iter()
        .map(|column| format!("{} {}", column.name, column.kind))
        .collect();
    let table = format!(
        "CREATE TEMP TABLE {} ({})",
        manifest.partition,
        columns.join(", ")
    );
    house.execute(&table).await;
    let copy = format!(
        "COPY pg_temp.{} FROM STDIN WITH (FORMAT csv, HEADER)",
        manifest.partition
    );
    let csv = house.content(&key).await;
    let mut copy = house.owner.copy_in_raw(&copy).await.unwrap();
    copy.send(csv).await.unwrap();
    assert_eq!(i64::try_from(copy.finish().await.unwrap()).unwrap(), rows);
}

/// The audit is sealed before it goes.
#[tokio::test]
async fn days_that_are_not_sealed_stay() {
    let mut house = House::create().await;
    house.write("audit_log", day(-800), Duration::hours(20), 8).await;
    let refused = house.run(day(0)).await.unwrap_err().to_string();
    assert!(refused.contains("not sealed yet"), "{refused}");
    house.nothing_is_lost_or_doubled().await;
    house.seal(day(0)).await;
    house.run(day(0)).await.unwrap();
    house.restore().await;
    house.nothing_is_lost_or_doubled().await;
}

/// An object that was damaged after its manifest was written is found, and the rows stay. The other partitions of its table go.
#[tokio::test]
async fn a_damaged_archive_is_found_before_the_rows_go() {
    let mut house = old_house().await;
    let objects = leave_undropped(&mut house).await;
    let damaged = objects.first().unwrap();
    put(&house, damaged, b"not what was written".to_vec()).await;
    let refused = house.run(day(0)).await.unwrap_err().to_string();
    assert!(refused.contains("cannot be trusted"), "{refused}");
    let gone = house
        .scalar("SELECT to_jsonb(count(*) > 0) FROM partition_archives WHERE table_name = 'audit_log'")
        .await;
    assert_eq!(gone, json!(true), "{refused}");
    house.restore().await;
    house.nothing_is_lost_or_doubled().await;
}

/// One that was damaged before its manifest was written is written anew.
#[tokio::test]
async fn half_an_archive_without_a_manifest_is_written_anew() {
    let mut house = old_house().await;
    let objects = leave_undropped(&mut house).await;
    let s3 = Stack::get().s3().await;
    for object in &objects {
        let whole = house.store.head(&house.object(object)).await.unwrap().size;
        assert!(whole > 0);
        put(&house, object, b"half".to_vec()).await;
        s3.delete_object()
            .bucket(&house.settings.bucket)
            .key(format!("{object}.manifest.json"))
            .send()
            .await
            .unwrap();
    }
    house.run(day(0)).await.unwrap();
    house.restore().await;
    house.nothing_is_lost_or_doubled().await;
    house.nothing_is_left_over().await;
}

/// A run that stopped between the manifest and the drop is gone on with, and writes nothing twice.
#[tokio::test]
async fn what_is_in_s3_already_is_not_written_again() {
    let mut house = old_house().await;
    leave_undropped(&mut house).await;
    let versions = house.versions().await;
    house.run(day(0)).await.unwrap();
    house.restore().await;
    house.nothing_is_lost_or_doubled().await;
    let archived = house
        .scalar("SELECT to_jsonb(count(*)) FROM partition_archives WHERE table_name = 'audit_log'")
        .await;
    let of_others = house
        .scalar("SELECT to_jsonb(count(*)) FROM partition_archives WHERE table_name <> 'audit_log'")
        .await;
    assert!(archived.as_i64().unwrap() >= 2);
    // The first of the audit's was there, the object and its manifest; all others were written once.
    let expected = 2 * (archived.as_i64().unwrap() + of_others.as_i64().unwrap());
    assert_eq!(i64::try_from(house.versions().await).unwrap(), expected);
    assert!(versions > 0);
}

/// Has a run archive the audit's oldest partition while somebody reads the table, so that it cannot be dropped; what is in S3 then of it.
async fn leave_undropped(house: &mut House) -> Vec<String> {
    let mut reader = house.database.connect("owner").await;
    // The partitions have to be there first: the reader would keep them from being made.
    house.run(day(-60)).await.unwrap();
    sqlx::raw_sql("BEGIN; LOCK TABLE audit_log IN ACCESS SHARE MODE")
        .execute(&mut reader)
        .await
        .unwrap();
    let failed = house.run(day(0)).await.unwrap_err().to_string();
    assert!(
        failed.contains("audit_log:") && failed.contains("lock timeout"),
        "{failed}"
    );
    sqlx::raw_sql("ROLLBACK").execute(&mut reader).await.unwrap();
    let known: Vec<String> = sqlx::query_scalar("SELECT object_key FROM partition_archives")
        .fetch_all(&mut house.owner)
        .await
        .unwrap();
    let keys = house.keys().await;
    let left: Vec<_> = keys
        .into_iter()
        .filter(|key| key.ends_with(".csv.gz") && !known.contains(key))
        .collect();
    assert!(!left.is_empty(), "the run did not come to S3: {failed}");
    left
}

async fn put(house: &House, key: &str, content: Vec<u8>) {
    let s3 = Stack::get().s3().await;
    s3.put_object()
        .bucket(&house.settings.bucket)
        .key(key)
        .body(content.into())
        .send()
        .await
        .unwrap();
}
