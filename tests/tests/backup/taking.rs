use backup::{Action, BackupError};
use portal_data::connect::Login;
use portal_tests::rows::{World as Rows, loosen, tables};
use portal_tests::stack::Stack;
use serde_json::json;
use sha2::{Digest, Sha256};
use sqlx::{Connection, Executor};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::support::{World, manifest_key, script, text};

#[tokio::test]
async fn a_backup_is_a_dump_of_one_moment_and_its_manifest() {
    let mut world = World::create_large().await;
    let details = world.back_up().await;
    let key = text(&details, "objectKey");
    let dump = world.read(key).await;
    let manifest = world.manifest(key).await;
    assert!(
        dump.len() > 10 << 20,
        "so large that it was sent in three parts: {}",
        dump.len()
    );
    assert_eq!(manifest.size_bytes, dump.len() as u64);
    let sha256 = Sha256::digest(&dump);
    let hex: String = sha256.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(manifest.sha256, hex);
    assert!(manifest.wal_position.is_some() && manifest.server_version.starts_with("15."));
    assert!(manifest.extensions.contains_key("postgis"));

    let row = world
        .scalar(
            "SELECT jsonb_build_object('state', state, 'key', object_key, 'manifest', manifest_key, 'size', size_bytes,
                'sha256', encode(sha256, 'hex'), 'migration', (SELECT max(version) FROM _sqlx_migrations)) FROM backups",
        )
        .await;
    let expected = json!({
        "state": "STORED", "key": key, "manifest": manifest_key(key), "size": dump.len(), "sha256": hex,
        "migration": manifest.migration,
    });
    assert_eq!(row, expected);
    world.check_order().await;
}

/// pg_dump leaves out what a policy hides, and says nothing: so every table has a row here, and the superuser counts them.
#[tokio::test]
async fn no_row_of_any_table_is_missed() {
    let mut world = World::create().await;
    loosen(&mut world.owner).await;
    let mut rows = Rows {
        members: (0..3).map(|_| Uuid::now_v7()).collect(),
        ..Rows::default()
    };
    for table in tables() {
        for seed in 0..3 {
            rows.add(table, seed);
        }
    }
    // What a run has begun would be settled before the dump.
    for row in rows.rows.iter().filter(|row| row.table.name != "backups") {
        // A row that the world had already is as good.
        let insert = format!("{} ON CONFLICT DO NOTHING", row.insert(None));
        world.execute(&insert).await;
    }
    let details = world.back_up().await;
    let manifest = world.manifest(text(&details, "objectKey")).await;
    let mut empty = Vec::new();
    for table in &manifest.tables {
        let count = format!("SELECT count(*) FROM ONLY {}", table.name);
        let there: i64 = sqlx::query_scalar(&count)
            .fetch_one(&mut world.owner)
            .await
            .unwrap();
        // Its own run and row are of later.
        if !["public.backups", "public.job_runs"].contains(&table.name.as_str()) {
            assert_eq!(table.rows, there, "{}", table.name);
        }
        if there == 0 {
            empty.push(table.name.as_str());
        }
    }
    for table in tables() {
        let partitioned = manifest
            .tables
            .iter()
            .all(|known| known.name != format!("public.{}", table.name));
        assert!(
            partitioned || !empty.contains(&format!("public.{}", table.name).as_str()),
            "{} is empty, so nothing is shown of it",
            table.name
        );
    }
}

#[tokio::test]
async fn a_table_that_the_backup_does_not_see_stops_it() {
    let mut world = World::create().await;
    world
        .execute(
            "CREATE TABLE unseen (a integer); CREATE TABLE half_seen (a integer);
            SELECT app.protect('half_seen'); DROP POLICY backup_read ON half_seen;
            CREATE POLICY half ON half_seen FOR SELECT TO portal_backup USING (a > 1)",
        )
        .await;
    let BackupError::Unreadable(names) = world.fail_to_back_up().await else {
        panic!("it was made")
    };
    assert_eq!(names, ["public.half_seen", "public.unseen"]);
    world
        .execute("DROP TABLE unseen; DROP POLICY half ON half_seen; CREATE POLICY whole ON half_seen TO portal_backup USING (true);
            CREATE POLICY less ON half_seen AS RESTRICTIVE TO PUBLIC USING (a > 1)")
        .await;
    let BackupError::Unreadable(names) = world.fail_to_back_up().await else {
        panic!("it was made")
    };
    assert_eq!(names, ["public.half_seen"], "a restrictive policy hides, too");
    assert!(world.keys().await.is_empty());
    world.check_order().await;
}

/// What an ALTER TABLE has rewritten is empty to a snapshot from before: dump and count would agree on no rows at all.
#[tokio::test]
async fn a_table_that_is_altered_meanwhile_is_dumped_with_its_rows() {
    let mut world = World::create().await;
    world
        .execute(
            "CREATE TABLE rewritten (a integer); ALTER TABLE rewritten OWNER TO portal_owner; SELECT app.protect('rewritten');
            INSERT INTO rewritten SELECT generate_series(1, 1000)",
        )
        .await;
    let mut holder = world.database.connect("owner").await;
    let mut tx = holder.begin().await.unwrap();
    tx.execute("ALTER TABLE rewritten ALTER a TYPE bigint")
        .await
        .unwrap();
    let mut watch = world.database.connect("owner").await;
    let altering = async {
        while !is_waiting(&mut watch).await {}
        tx.commit().await.unwrap();
    };
    let (details, ()) = tokio::join!(world.back_up(), altering);
    let manifest = world.manifest(text(&details, "objectKey")).await;
    let rewritten = manifest
        .tables
        .iter()
        .find(|table| table.name == "public.rewritten")
        .unwrap();
    assert_eq!(rewritten.rows, 1000);
    world.drill().await.unwrap();
    assert_eq!(world.states().await, json!(["PROVEN"]));
    world.check_order().await;
}

/// Whether the role of the backups waits for a lock.
async fn is_waiting(watch: &mut sqlx::PgConnection) -> bool {
    sqlx::query_scalar(
        "SELECT EXISTS (SELECT FROM pg_stat_activity
        WHERE datname = current_database() AND usename = 'portal_backup' AND wait_event_type = 'Lock')",
    )
    .fetch_one(watch)
    .await
    .unwrap()
}

#[tokio::test]
async fn a_dump_that_fails_leaves_nothing_but_the_reason() {
    let mut world = World::create().await;
    world.settings.pg_dump =
        script("head -c 12000000 /dev/zero; echo 'the disk of the server is gone' >&2; exit 3");
    let error = world.fail_to_back_up().await.to_string();
    assert!(
        error.contains("exit status: 3") && error.contains("the disk of the server is gone"),
        "{error}"
    );
    let recorded = world
        .scalar(
            "SELECT jsonb_build_array(b.state, b.error = r.error, r.state, r.error) FROM backups AS b JOIN job_runs AS r ON r.id = b.id",
        )
        .await;
    assert_eq!(recorded, json!(["FAILED", true, "FAILED", error]));
    assert!(world.keys().await.is_empty());
    world.check_order().await;
}

/// Arguments are for every process of the machine to read.
#[tokio::test]
async fn the_password_is_in_no_argument_and_no_message() {
    let mut world = World::create().await;
    let secrets = Stack::get().secrets().await;
    let login: Login = secrets.get("portal/database/portal_backup").await.unwrap();
    world.settings.pg_dump = script(&format!(
        "echo \"$@\" >&2; test \"$PGPASSWORD\" = '{}' && echo 'it is in the environment' >&2; exit 1",
        login.password
    ));
    let error = world.fail_to_back_up().await.to_string();
    assert!(
        error.contains("--snapshot=") && error.contains("it is in the environment"),
        "{error}"
    );
    assert!(!error.contains(&login.password));
}

/// A dump of 100 MB takes three parts of 5 MiB, and what the function itself needs.
#[tokio::test(flavor = "multi_thread")]
async fn a_dump_is_never_whole_in_memory() {
    let mut world = World::create().await;
    let large = script("exec head -c 100000000 /dev/zero");
    let function = world.start(&[("PORTAL_PG_DUMP", large.to_str().unwrap())]).await;
    let answer = function.invoke(&json!({ "action": "backup" })).await.unwrap();
    assert_eq!(answer["details"]["sizeBytes"], 100_000_000, "{answer}");
    let peak = function.peak_memory();
    assert!(peak < 70_000, "{peak} KiB");
    drop(function);
    world.check_order().await;
}

#[tokio::test]
async fn objects_are_encrypted_with_the_key_that_is_set() {
    let mut world = World::create_large().await;
    let key = "1234abcd-12ab-34cd-56ef-1234567890ab";
    world.settings.kms_key = Some(key.to_owned());
    let details = world.back_up().await;
    let dump = text(&details, "objectKey");
    for object in [dump, &manifest_key(dump)] {
        let head = world.s3.head_object().bucket(&world.settings.bucket).key(object);
        let head = head.send().await.unwrap();
        assert!(
            head.ssekms_key_id().is_some_and(|used| used.contains(key)),
            "{object}: {:?}",
            head.ssekms_key_id()
        );
    }
}

/// A table that is locked keeps the first run waiting for as long as it takes to look at the second.
#[tokio::test]
async fn of_two_runs_at_once_one_does_the_work() {
    let mut world = World::create().await;
    let mut holder = world.database.connect("owner").await;
    let mut tx = holder.begin().await.unwrap();
    tx.execute("LOCK TABLE users IN ACCESS EXCLUSIVE MODE")
        .await
        .unwrap();
    let mut watch = world.database.connect("owner").await;
    let second = async {
        while !is_waiting(&mut watch).await {}
        let details = world.back_up().await;
        tx.rollback().await.unwrap();
        details
    };
    let (first, second) = tokio::join!(world.back_up(), second);
    assert_eq!(second, json!({ "note": "another run is at work" }));
    assert!(first["backup"].is_string(), "{first}");
    assert_eq!(world.states().await, json!(["STORED"]));
    let runs = "SELECT to_jsonb(count(*)) FROM job_runs WHERE job = 'backup'";
    assert_eq!(
        world.scalar(runs).await,
        json!(1),
        "the other has done nothing, and says nothing"
    );
    world.check_order().await;
}

#[tokio::test]
async fn a_run_whose_time_is_over_says_what_to_do() {
    let mut world = World::create().await;
    world.settings.pg_dump = script("exec sleep 600");
    let function = world.function(world.settings.clone()).await;
    let soon = std::time::SystemTime::now() + std::time::Duration::from_secs(1);
    let soon = soon.duration_since(std::time::UNIX_EPOCH).unwrap().as_millis();
    let deadline =
        portal_jobs::Deadline::of_invocation(u64::try_from(soon).unwrap(), std::time::Duration::ZERO);
    let now = OffsetDateTime::now_utc();
    let run = function.serve(Action::Backup, Uuid::now_v7(), now, deadline);
    let error = Box::pin(run).await.unwrap_err();
    assert!(error.to_string().contains("task of a container"), "{error}");
    assert_eq!(world.states().await, json!(["FAILED"]));
    world.check_order().await;
}
