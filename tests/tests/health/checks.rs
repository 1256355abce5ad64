//! What each check finds of what is made wrong here, and that none finds anything where nothing is.

use crate::support::{House, found};

/// Checks about the whole cluster, which other tests work on meanwhile, and about nothing that a quiet database has.
const OURS: [&str; 15] = [
    "dead-rows",
    "index-bloat",
    "unused-indexes",
    "duplicate-indexes",
    "invalid-indexes",
    "partition-runway",
    "default-partition",
    "backup-age",
    "failed-jobs",
    "stuck-jobs",
    "late-jobs",
    "outbox-backlog",
    "failed-mails",
    "unsealed-days",
    "disk-use",
];

#[tokio::test]
async fn a_new_database_is_well() {
    let house = House::create().await;
    let answer = house.look(0).await;
    for check in OURS {
        assert_eq!(found(&answer, check), Vec::<String>::new(), "{check}");
    }
}

#[tokio::test]
async fn jobs_that_fail_die_and_do_not_come_are_found() {
    let mut house = House::create().await;
    house.job("audit-seal", "COMPLETED", -60 * 30).await;
    house.job("purge", "COMPLETED", -60).await;
    house.job("partitions", "RUNNING", -30).await;
    house.job("notify", "RUNNING", -5).await;
    let answer = house.look(0).await;
    assert_eq!(found(&answer, "stuck-jobs"), ["partitions"]);
    let late = found(&answer, "late-jobs");
    assert!(
        late.contains(&"audit-seal".to_owned()) && !late.contains(&"purge".to_owned()),
        "{late:?}"
    );
    assert!(
        late.contains(&"vacuum".to_owned()),
        "one that never came, a day after others did: {late:?}"
    );
}

/// A run that found another at work, or only said what it would do, is no end of what failed before, and nothing that was done.
#[tokio::test]
async fn runs_that_did_nothing_do_not_count() {
    let mut house = House::create().await;
    house.job("partitions", "FAILED", -60 * 30).await;
    house.job("vacuum", "FAILED", -60 * 24 * 20).await;
    house.job("vacuum", "COMPLETED", -60 * 24 * 21).await;
    house
        .execute(
            "INSERT INTO job_runs (id, job, state, details, finished_at) VALUES
                (gen_random_uuid(), 'partitions', 'COMPLETED', '{\"dryRun\": true}', now()),
                (gen_random_uuid(), 'vacuum', 'COMPLETED', '{\"skipped\": true}', now())",
        )
        .await;
    let answer = house.look(1).await;
    assert_eq!(
        found(&answer, "failed-jobs"),
        ["partitions", "vacuum"],
        "however long ago"
    );
    let late = found(&answer, "late-jobs");
    for job in ["partitions", "vacuum", "billing", "files-sweep"] {
        assert!(late.contains(&job.to_owned()), "{job}: {late:?}");
    }
    house.job("files-sweep", "COMPLETED", -60 * 2).await;
    assert!(!found(&house.look(2).await, "late-jobs").contains(&"files-sweep".to_owned()));
    assert!(found(&house.look(65).await, "late-jobs").contains(&"files-sweep".to_owned()));
}

#[tokio::test]
async fn a_backup_is_as_old_as_the_newest_that_was_proven() {
    let mut house = House::create().await;
    let add = |state: &str, hours: i32| {
        format!(
            "INSERT INTO backups (id, object_key, manifest_key, size_bytes, sha256, state, started_at, finished_at, proven_at, restore_seconds,
                error)
            VALUES (gen_random_uuid(), gen_random_uuid()::text, 'm', 1, sha256(''), '{state}', now() - {hours} * interval '1 hour', now(), now(),
                1, 'it broke');"
        )
    };
    house.execute(&(add("STORED", 30) + &add("FAILED", 2))).await;
    assert_eq!(
        found(&house.look(0).await, "backup-age"),
        [""],
        "one that is not proven does not count"
    );
    house.execute(&add("PROVEN", 25)).await;
    assert_eq!(found(&house.look(1).await, "backup-age"), Vec::<String>::new());
    assert_eq!(found(&house.look(62).await, "backup-age"), [""]);
    // One that a wrong clock has dated ahead would be young for a year.
    house.execute(&add("PROVEN", -24 * 300)).await;
    assert_eq!(found(&house.look(63).await, "backup-age"), [""]);
}

/// Where a backup and its proof take long, or a drill a week is enough.
#[tokio::test]
async fn how_old_a_backup_may_be_can_be_set() {
    let mut house = House::create().await;
    house.backup_hours = 30.0;
    house.job("restore-drill", "COMPLETED", -60 * 28).await;
    house.job("backup", "COMPLETED", -60 * 28).await;
    let answer = house.look(0).await;
    assert_eq!(found(&answer, "backup-age"), Vec::<String>::new());
    let late = found(&answer, "late-jobs");
    assert!(
        late.contains(&"backup".to_owned()) && !late.contains(&"restore-drill".to_owned()),
        "{late:?}"
    );
    house.backup_hours = 27.0;
    let answer = house.look(1).await;
    assert_eq!(found(&answer, "backup-age"), [""]);
    assert!(found(&answer, "late-jobs").contains(&"restore-drill".to_owned()));
}

#[tokio::test]
async fn mails_that_wait_and_mails_that_failed_are_found() {
    let mut house = House::create().await;
    house
        .execute(
            "INSERT INTO outbox (id, kind, recipient, state, last_error, not_before, created_at) VALUES
                (gen_random_uuid(), 'MFA_ENABLED', 'a@example.org', 'PENDING', NULL, now() - interval '16 minutes', now()),
                (gen_random_uuid(), 'MFA_ENABLED', 'b@example.org', 'PENDING', NULL, now() + interval '1 hour', now())",
        )
        .await;
    let answer = house.look(0).await;
    assert_eq!(found(&answer, "outbox-backlog"), ["EMAIL"]);
    assert_eq!(found(&answer, "failed-mails"), Vec::<String>::new());
    house
        .execute(
            "UPDATE outbox SET state = 'FAILED', last_error = 'refused' WHERE recipient = 'a@example.org'",
        )
        .await;
    let answer = house.look(1).await;
    assert_eq!(found(&answer, "outbox-backlog"), Vec::<String>::new());
    assert_eq!(found(&answer, "failed-mails"), ["EMAIL"]);
}

#[tokio::test]
async fn indexes_that_are_one_too_many_or_half_made_are_found() {
    let mut house = House::create().await;
    house
        .execute(
            "CREATE TABLE heap (id integer, note text);
            CREATE INDEX heap_one ON heap (id); CREATE INDEX heap_two ON heap (id); CREATE INDEX heap_part ON heap (id) WHERE id > 0;
            CREATE INDEX heap_half ON heap (note);
            UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'heap_half'::regclass",
        )
        .await;
    let answer = house.look(0).await;
    assert_eq!(found(&answer, "duplicate-indexes"), ["heap_one"]);
    assert_eq!(found(&answer, "invalid-indexes"), ["heap_half"]);
}

#[tokio::test]
async fn the_audit_and_the_partitions_are_looked_at() {
    let mut house = House::create().await;
    house
        .execute(
            "INSERT INTO audit_log (id, table_name, row_key, operation, database_role, application, created_at)
            VALUES (nextval('audit_log_id'), 'users', 'x', 'DELETE', 'r', 'a', now() - interval '4 days')",
        )
        .await;
    assert_eq!(found(&house.look(0).await, "unsealed-days"), [""]);
    house
        .execute("INSERT INTO audit_seals (day, row_count, digest, object_key) VALUES (((now() AT TIME ZONE 'UTC') - interval '1 day')::date, 0, sha256(''), 'k')")
        .await;
    assert_eq!(found(&house.look(1).await, "unsealed-days"), Vec::<String>::new());
    // Three days ahead are two the day after tomorrow, and one is too few.
    let later = house.look(3 * 24 * 60).await;
    assert_eq!(found(&later, "partition-runway"), ["system_metrics"]);
}
