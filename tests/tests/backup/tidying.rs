use backup::{Action, BackupError};
use portal_domain::backup::Retention;
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::support::{World, manifest_key, text};

/// A backup of some days ago, which is as complete as any for whoever does not restore it.
async fn add(world: &mut World, days_ago: i32, state: &str) -> String {
    let id = Uuid::now_v7();
    let key = format!("{}{days_ago}-days-ago/{id}.dump", world.settings.prefix);
    let manifest = manifest_key(&key);
    world.write(&key, b"dump".to_vec()).await;
    world.write(&manifest, b"manifest".to_vec()).await;
    sqlx::query(
        "INSERT INTO backups (id, object_key, manifest_key, size_bytes, sha256, state, started_at, finished_at, proven_at,
            restore_seconds, error)
        VALUES ($1, $2, $3, 4, sha256('dump'), $4, now() - make_interval(days => $5), now(), now(), 1, 'x')",
    )
    .bind(id)
    .bind(&key)
    .bind(&manifest)
    .bind(state)
    .bind(days_ago)
    .execute(&mut world.owner)
    .await
    .unwrap();
    key
}

async fn tidied_at(world: &World, now: OffsetDateTime) -> Value {
    let answer = world.serve_at(Action::Backup, now).await.unwrap();
    answer.details["tidied"].clone()
}

async fn tidied(world: &World) -> Value {
    tidied_at(world, OffsetDateTime::now_utc()).await
}

#[tokio::test]
async fn what_the_rule_does_not_keep_is_deleted_for_good() {
    let mut world = World::create().await;
    world.settings.retention = Retention { daily: 3, monthly: 0 };
    for days_ago in [9, 8, 2, 1] {
        add(&mut world, days_ago, "STORED").await;
    }
    let oldest = add(&mut world, 10, "PROVEN").await;
    assert_eq!(tidied(&world).await["expired"], 2);
    assert_eq!(
        world.states().await,
        json!(["PROVEN", "EXPIRED", "EXPIRED", "STORED", "STORED", "STORED"]),
        "three days, and the only one that is proven"
    );
    world.check_order().await;
    assert!(world.keys().await.contains(&oldest));
    let request = world.s3.list_object_versions().bucket(&world.settings.bucket);
    let request = request.prefix(format!("{}9-days-ago/", world.settings.prefix));
    let versions = request.send().await.unwrap();
    assert!(
        versions.versions().is_empty() && versions.delete_markers().is_empty(),
        "no version of them is left either"
    );
}

#[tokio::test]
async fn what_is_no_backup_goes_after_a_day() {
    let mut world = World::create().await;
    let prefix = world.settings.prefix.clone();
    let (dump, manifest) = (format!("{prefix}d/lone.dump"), format!("{prefix}d/lonely.json"));
    let others = prefix.replace("/backups/", "/others/x.dump");
    for key in [&dump, &manifest, &others] {
        world.write(key, b"x".to_vec()).await;
    }
    let begun = world.s3.create_multipart_upload().bucket(&world.settings.bucket);
    begun.key(format!("{prefix}d/y.dump")).send().await.unwrap();

    let today = tidied(&world).await;
    assert_eq!((&today["orphans"], &today["uploads"]), (&json!(0), &json!(0)));
    let keys = world.keys().await;
    assert!(keys.contains(&dump) && keys.contains(&manifest));
    assert_eq!(world.unfinished().await, 1);

    let later = tidied_at(&world, OffsetDateTime::now_utc() + Duration::days(2)).await;
    assert_eq!((&later["orphans"], &later["uploads"]), (&json!(2), &json!(1)));
    world.check_order().await;
    assert_eq!(
        world.read(&others).await,
        b"x",
        "what lies elsewhere is nobody's here"
    );
}

/// A database that was restored from an older backup does not know of those that came later.
#[tokio::test]
async fn a_backup_that_the_record_does_not_know_is_taken_into_it() {
    let mut world = World::create().await;
    let first = world.back_up().await;
    let recorded = "SELECT jsonb_agg(to_jsonb(b) - 'finished_at' ORDER BY id) FROM backups AS b";
    let before = world.scalar(recorded).await;
    world.execute("DELETE FROM backups").await;
    assert_eq!(tidied(&world).await["adopted"], 1);
    let after = world.scalar(recorded).await;
    assert_eq!(after[0], before[0]);
    assert_eq!(after.as_array().unwrap().len(), 2);
    world.check_order().await;
    assert!(world.keys().await.contains(&text(&first, "objectKey").to_owned()));
}

/// A database that was recovered to the middle of a dump says that it is being written: the next run must not take it away.
#[tokio::test]
async fn a_backup_that_is_unfinished_in_the_record_alone_is_complete() {
    let mut world = World::create().await;
    let first = world.back_up().await;
    world
        .execute("UPDATE backups SET state = 'RUNNING', manifest_key = NULL, size_bytes = NULL, sha256 = NULL, finished_at = NULL")
        .await;
    world.back_up().await;
    assert_eq!(world.states().await, json!(["STORED", "STORED"]));
    assert!(world.keys().await.contains(&text(&first, "objectKey").to_owned()));
    world.check_order().await;
}

/// What is in the dump of a backup is the moment before its row is written, with its run at work.
#[tokio::test]
async fn the_run_of_the_backup_that_was_restored_has_not_failed() {
    let mut world = World::create().await;
    let restored = world.back_up().await;
    world
        .execute(
            "DELETE FROM backups;
            UPDATE job_runs SET state = 'RUNNING', details = '{}', heartbeat_at = started_at, finished_at = NULL",
        )
        .await;
    let now = world.back_up().await;
    let run = text(&restored, "backup");
    let found = world
        .scalar(&format!(
            "SELECT jsonb_build_object('state', state, 'error', error, 'backup', details -> 'backup', 'rows', details -> 'rows',
                'note', details -> 'note',
                'ended_then', finished_at < (SELECT started_at FROM job_runs WHERE id = '{}'))
            FROM job_runs WHERE id = '{run}'",
            text(&now, "backup")
        ))
        .await;
    assert_eq!(
        found,
        json!({
            "state": "COMPLETED", "error": null, "backup": run, "rows": restored["rows"],
            "note": "the database was restored from this backup", "ended_then": true,
        })
    );
    assert_eq!(world.states().await, json!(["STORED", "STORED"]));
    world.check_order().await;
}

/// One that has died beside a restored database is still one that has died.
#[tokio::test]
async fn a_run_without_a_backup_has_failed() {
    let mut world = World::create().await;
    world
        .execute("INSERT INTO job_runs (id, job) VALUES (gen_random_uuid(), 'backup')")
        .await;
    world.back_up().await;
    let states = "SELECT jsonb_agg(state ORDER BY started_at) FROM job_runs WHERE job = 'backup'";
    assert_eq!(world.scalar(states).await, json!(["FAILED", "COMPLETED"]));
}

#[tokio::test]
async fn a_backup_whose_objects_are_gone_counts_no_more() {
    for gone in [0, 1] {
        let mut world = World::create().await;
        let first = world.back_up().await;
        let dump = text(&first, "objectKey");
        let keys = [dump.to_owned(), manifest_key(dump)];
        world.store.erase(&world.object(&keys[gone])).await.unwrap();
        assert_eq!(tidied(&world).await["lost"], 1);
        assert_eq!(world.states().await, json!(["FAILED", "STORED"]));
        let reason = world
            .scalar("SELECT to_jsonb(error) FROM backups WHERE state = 'FAILED'")
            .await;
        assert!(reason.as_str().unwrap().contains("is gone"), "{reason}");
        // And what is left of it goes, too.
        tidied_at(&world, OffsetDateTime::now_utc() + Duration::days(2)).await;
        world.check_order().await;
    }
}

/// Somebody may want to know why, or have nothing better.
#[tokio::test]
async fn a_broken_backup_is_kept_for_as_long_as_a_daily_one() {
    let mut world = World::create().await;
    let broken = add(&mut world, 1, "FAILED").await;
    tidied_at(&world, OffsetDateTime::now_utc() + Duration::days(29)).await;
    assert!(world.keys().await.contains(&broken));
    tidied_at(&world, OffsetDateTime::now_utc() + Duration::days(31)).await;
    assert!(!world.keys().await.contains(&broken));
    world.check_order().await;
}

/// A setting that is wrong for one night must not cost a single backup.
#[tokio::test]
async fn whoever_looks_in_the_wrong_place_changes_nothing() {
    let mut world = World::create().await;
    for days_ago in [40, 2, 1] {
        add(&mut world, days_ago, "PROVEN").await;
    }
    let (right, keys) = (world.settings.prefix.clone(), world.keys().await);
    world.settings.prefix = right.replace("/backups/", "/elsewhere/");
    let error = world.fail_to_back_up().await;
    let BackupError::Lost { keys: lost, .. } = &error else {
        panic!("{error}")
    };
    assert_eq!(lost.len(), 3);
    let run = world
        .scalar("SELECT jsonb_build_array(state, error) FROM job_runs WHERE job = 'backup'")
        .await;
    assert_eq!(run, json!(["FAILED", error.to_string()]));
    assert_eq!(
        world.states().await,
        json!(["PROVEN", "PROVEN", "PROVEN", "STORED"])
    );
    world.settings.prefix = right;
    assert_eq!(world.keys().await, keys);
}

/// One alone, of which nothing is there, either.
#[tokio::test]
async fn the_only_one_is_not_given_up_where_nothing_is_there() {
    let mut world = World::create().await;
    add(&mut world, 1, "STORED").await;
    world.settings.prefix = world.settings.prefix.replace("/backups/", "/elsewhere/");
    assert!(matches!(world.fail_to_back_up().await, BackupError::Lost { .. }));
    assert_eq!(world.states().await, json!(["STORED", "STORED"]));
}

/// Somebody has taken the mark of deletion away again.
#[tokio::test]
async fn a_backup_that_is_found_again_is_one_again() {
    let mut world = World::create().await;
    let first = world.back_up().await;
    let manifest = manifest_key(text(&first, "objectKey"));
    let content = world.read(&manifest).await;
    world.store.erase(&world.object(&manifest)).await.unwrap();
    assert_eq!(tidied(&world).await["lost"], 1);
    let lost = "SELECT to_jsonb(count(*)) FROM backups WHERE lost_at IS NOT NULL";
    assert_eq!(world.scalar(lost).await, json!(1));
    world.write(&manifest, content).await;
    assert_eq!(tidied(&world).await["adopted"], 1);
    assert_eq!(world.states().await, json!(["STORED", "STORED", "STORED"]));
    assert_eq!(world.scalar(lost).await, json!(0));
    world.check_order().await;
}

/// The clock of the server was wrong when the others were made, or is now.
#[tokio::test]
async fn a_backup_is_never_deleted_by_the_run_that_has_made_it() {
    let mut world = World::create().await;
    world.settings.retention = Retention { daily: 1, monthly: 0 };
    add(&mut world, -300, "PROVEN").await;
    let made = world.back_up().await;
    assert_eq!(made["tidied"]["expired"], 0, "{made}");
    assert_eq!(world.states().await, json!(["STORED", "PROVEN"]));
    assert!(world.keys().await.contains(&text(&made, "objectKey").to_owned()));
}
