//! Backups and partitions as staff see them.

use portal_data::{Tx, backups, partitions};
use portal_tests::people::Person;
use reqwest::StatusCode;
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::macros::datetime;
use uuid::Uuid;

use crate::support::House;

const NOW: OffsetDateTime = datetime!(2026-08-24 12:00 UTC);

#[tokio::test]
async fn the_newest_that_can_be_restored_and_the_newest_that_was_are_told() {
    let mut house = House::create().await;
    let [failed, stored, proven, expired, drill] = [(); 5].map(|()| Uuid::now_v7());
    house
        .execute(&format!(
            "INSERT INTO backups (id, object_key, manifest_key, size_bytes, sha256, state, started_at, finished_at, proven_at,
                restore_seconds, error)
            VALUES
                ('{failed}', 'f', NULL, NULL, NULL, 'FAILED', '2026-08-24 11:00Z', NULL, NULL, NULL, 'The disk was full'),
                ('{stored}', 's', 's.json', 20, sha256(''), 'STORED', '2026-08-24 03:00Z', '2026-08-24 03:10Z', NULL, NULL, NULL),
                ('{proven}', 'p', 'p.json', 10, sha256(''), 'PROVEN', '2026-08-23 03:00Z', '2026-08-23 03:10Z', '2026-08-23 05:00Z',
                    41.5, NULL),
                ('{expired}', 'e', 'e.json', 5, sha256(''), 'EXPIRED', '2026-01-01 03:00Z', '2026-01-01 03:10Z', NULL, NULL, NULL);
            INSERT INTO job_runs (id, job, state, error, started_at, finished_at)
            VALUES ('{drill}', 'restore-drill', 'FAILED', 'A row is missing', '2026-08-24 04:00Z', '2026-08-24 04:30Z');
            INSERT INTO health_alerts (id, check_name, value, threshold, started_at, seen_at)
            VALUES ('{drill}', 'backup-age', 33, 26, '2026-08-24 05:00Z', '2026-08-24 11:55Z')"
        ))
        .await;
    let summary = house
        .read(async |tx: &mut Tx| backups::summary(tx, NOW).await)
        .await;
    assert_eq!(
        summary["newest"],
        json!({"id": stored, "at": "2026-08-24T03:00:00Z", "ageSeconds": 9 * 3600, "sizeBytes": 20})
    );
    assert_eq!(summary["newestProven"]["id"], json!(proven));
    assert_eq!(summary["newestProven"]["ageSeconds"], 33 * 3600);
    assert_eq!(summary["lastDrill"]["error"], "A row is missing");
    assert_eq!(summary["lastDrill"]["state"], "FAILED");
    assert_eq!(summary["alert"]["startedAt"], "2026-08-24T05:00:00Z");
    let all = house
        .read(async |tx: &mut Tx| backups::browse(tx, None, 10).await)
        .await;
    let ids: Vec<_> = all
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["id"].clone())
        .collect();
    assert_eq!(ids, [failed, stored, proven, expired].map(|id| json!(id)));
    assert_eq!(all[2]["restoreSeconds"], 41.5);
    assert_eq!(all[0]["error"], "The disk was full");
}

#[tokio::test]
async fn partitions_are_those_of_the_catalog_with_what_is_missing() {
    let mut house = House::create().await;
    house
        .execute(
            "SET ROLE portal_owner;
            SELECT app.create_partition('audit_log', '2026-05-10');
            DROP TABLE IF EXISTS audit_log_2026_08, audit_log_2026_09;
            INSERT INTO partition_archives (object_key, manifest_key, table_name, partition_name, from_at, until_at, row_count,
                content_sha256, size_bytes, archived_at)
            VALUES ('a/1', 'a/1.json', 'audit_log', 'audit_log_2024_01', '2024-01-01Z', '2024-02-01Z', 7, sha256(''), 70, '2026-02-01Z'),
                ('a/2', 'a/2.json', 'audit_log', 'audit_log_2024_02', '2024-02-01Z', '2024-03-01Z', 8, sha256(''), 80, '2026-03-01Z');
            INSERT INTO health_alerts (id, check_name, subject, value, threshold, started_at, seen_at)
            VALUES (gen_random_uuid(), 'partition-runway', 'audit_log', 1, 2, '2026-08-24 05:00Z', '2026-08-24 11:55Z');
            RESET ROLE",
        )
        .await;
    let expected: Vec<String> = sqlx::query_scalar(
        "SELECT c.relname::text FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'audit_log'::regclass AND c.relname <> 'audit_log_default' ORDER BY 1",
    )
    .fetch_all(&mut house.owner)
    .await
    .unwrap();
    let report = house
        .read(async |tx: &mut Tx| partitions::report(tx, NOW).await)
        .await;
    let tables = report["items"].as_array().unwrap();
    let names: Vec<_> = tables.iter().map(|table| table["table"].clone()).collect();
    assert_eq!(names, ["admin_actions", "audit_log", "system_metrics"]);
    let audit = &tables[1];
    let partitions = audit["partitions"].as_array().unwrap();
    let listed: Vec<_> = partitions
        .iter()
        .map(|partition| partition["name"].as_str().unwrap())
        .collect();
    assert_eq!(listed, expected);
    assert_eq!(audit["oldest"], "2026-05-01T00:00:00Z");
    let missing = audit["missing"].as_array().unwrap();
    assert!(missing.contains(&json!("2026-08-01")), "{missing:?}");
    assert_eq!(audit["archives"]["rows"], 15);
    assert_eq!(audit["archives"]["newest"]["objectKey"], "a/2");
    assert_eq!(audit["findings"][0]["check"], "partition-runway");
    assert_eq!(audit["retentionDays"], 720);
    assert_eq!(report["lastRun"], Value::Null);
}

#[tokio::test]
async fn both_are_for_those_who_run_the_system() {
    let staff = Person::with(&["administrator"]).await;
    let member = Person::with(&["support"]).await;
    for path in ["/v1/admin/backups", "/v1/admin/partitions"] {
        assert!(staff.json(path).await["items"].is_array());
        member.get(path).await.expect(StatusCode::FORBIDDEN);
    }
    let backups = staff.json("/v1/admin/backups?limit=1&count=exact").await;
    assert!(backups["summary"].get("newestProven").is_some());
    assert!(backups["total"].is_number());
}
