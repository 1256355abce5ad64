use backup::{Action, BackupError, Drill};
use portal_tests::members::Member;
use serde_json::{Value, json};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::support::{World, script, text};

async fn record(world: &mut World) -> Value {
    world
        .scalar(
            "SELECT jsonb_build_object('state', state, 'proven', proven_at IS NOT NULL, 'took', restore_seconds > 0, 'error', error)
            FROM backups ORDER BY started_at DESC LIMIT 1",
        )
        .await
}

#[tokio::test]
async fn a_drill_restores_compares_reads_and_leaves_no_database() {
    let mut world = World::create().await;
    let taken = world.back_up().await;
    // What comes later is no part of the backup, and no difference.
    Member::add(&mut world.owner, "late", &[]).await;
    let proven = world.drill().await.unwrap();
    assert_eq!(proven["backup"], taken["backup"]);
    assert_eq!(
        proven["checks"],
        json!(["projects", "near", "search", "lists", "member"])
    );
    assert_eq!(proven["rows"], taken["rows"]);
    let expected = json!({ "state": "PROVEN", "proven": true, "took": true, "error": null });
    assert_eq!(record(&mut world).await, expected);
    world.check_order().await;

    let again = world.drill().await.unwrap();
    assert_eq!(
        again["backup"], taken["backup"],
        "proven once more, which does no harm"
    );
    assert_eq!(record(&mut world).await, expected);
}

#[tokio::test]
async fn an_empty_database_is_a_backup_too() {
    let mut world = World::create().await;
    world
        .execute("SET session_replication_role = replica; TRUNCATE users, licences CASCADE; SET session_replication_role = origin")
        .await;
    world.back_up().await;
    let proven = world.drill().await.unwrap();
    assert_eq!(
        proven["checks"],
        json!(["lists"]),
        "there is nothing else to be found"
    );
}

#[tokio::test]
async fn without_a_backup_there_is_nothing_to_prove() {
    let mut world = World::create().await;
    assert_eq!(
        world.drill().await.unwrap(),
        json!({ "note": "there is no backup yet" })
    );
    world.check_order().await;
}

#[tokio::test]
async fn the_newest_that_is_complete_is_proven() {
    let mut world = World::create().await;
    let first = world.back_up().await;
    world.settings.pg_dump = script("exit 1");
    world.fail_to_back_up().await;
    let proven = world.drill().await.unwrap();
    assert_eq!(text(&proven, "backup"), text(&first, "backup"));
    assert_eq!(world.states().await, json!(["PROVEN", "FAILED"]));
}

/// What is not the backup's fault leaves it what it was.
#[tokio::test]
async fn a_fault_of_the_server_or_the_settings_fails_the_drill_alone() {
    let mut world = World::create().await;
    world.back_up().await;
    let good = world.settings.clone();
    let drill = good.drill.clone().unwrap();

    // An empty template, without extensions that this role may not bring.
    world.settings.drill = Some(Drill {
        template: "template0".to_owned(),
        ..drill.clone()
    });
    let error = world.drill().await.unwrap_err();
    assert!(matches!(error, BackupError::Program { .. }), "{error}");
    assert!(
        error
            .to_string()
            .contains("permission denied to create extension"),
        "{error}"
    );

    world.settings.drill = Some(Drill {
        reader_secret_id: "portal/database/nobody".to_owned(),
        ..drill
    });
    let error = world.drill().await.unwrap_err();
    assert!(error.to_string().contains("portal/database/nobody"), "{error}");

    world.settings.drill = None;
    let error = world.drill().await.unwrap_err();
    assert!(error.to_string().contains("PORTAL_DRILL_SECRET"), "{error}");

    assert_eq!(record(&mut world).await["state"], "STORED");
    world.check_order().await;
    world.settings = good;
    world.drill().await.unwrap();
    assert_eq!(record(&mut world).await["state"], "PROVEN");
}

/// From then on people rely on it, and not from when somebody began to look.
#[tokio::test]
async fn a_backup_is_proven_when_its_drill_has_ended() {
    let mut world = World::create().await;
    world.back_up().await;
    let began = OffsetDateTime::now_utc();
    Box::pin(world.serve_at(Action::Drill, began)).await.unwrap();
    let (proven_at, restored_in): (OffsetDateTime, f64) =
        sqlx::query_as("SELECT proven_at, restore_seconds FROM backups")
            .fetch_one(&mut world.owner)
            .await
            .unwrap();
    assert!(
        proven_at >= began + time::Duration::seconds_f64(restored_in),
        "{proven_at} {restored_in}"
    );
    assert!(proven_at <= OffsetDateTime::now_utc());
}

/// All rows are there, and this program cannot read them: as of a schema of another release, or of a server that is too slow.
#[tokio::test]
async fn a_read_that_fails_fails_the_drill_alone() {
    let mut world = World::create().await;
    world.execute("DROP FUNCTION app.look_up_words CASCADE").await;
    world.back_up().await;
    let error = world.drill().await.unwrap_err();
    assert!(
        matches!(error, BackupError::NotRead { name: "search", .. }),
        "{error}"
    );
    assert_eq!(record(&mut world).await["state"], "STORED");
    world.check_order().await;
}

/// `migrate` comes before anybody reads a restored database: until then it may lack what this program asks for.
#[tokio::test]
async fn a_backup_of_an_older_schema_is_not_read_as_the_application_reads() {
    let mut world = World::create().await;
    world.back_up().await;
    world
        .execute("UPDATE _sqlx_migrations SET version = 99990101 WHERE version = (SELECT max(version) FROM _sqlx_migrations)")
        .await;
    let proven = world.drill().await.unwrap();
    assert_eq!(proven["checks"], json!([]));
    assert!(
        text(&proven, "note").contains("the application 99990101"),
        "{proven}"
    );
    assert_eq!(record(&mut world).await["state"], "PROVEN");
}

/// ANALYZE of this takes longer than anybody waits, and comes behind the restore.
const SLOW: &str = "
    CREATE FUNCTION public.slow(a integer) RETURNS integer IMMUTABLE LANGUAGE plpgsql AS $$
    BEGIN
        IF current_query() LIKE 'ANALYZE%' THEN PERFORM pg_sleep(600); END IF;
        RETURN a;
    END $$;
    ALTER FUNCTION public.slow(integer) OWNER TO portal_owner;
    CREATE TABLE slow (a integer); ALTER TABLE slow OWNER TO portal_owner; SELECT app.protect('slow'); INSERT INTO slow VALUES (1);
    CREATE INDEX slow_a ON slow (public.slow(a))";

#[tokio::test(flavor = "multi_thread")]
async fn a_drill_ends_at_its_deadline_whatever_it_is_at() {
    let mut world = World::create().await;
    world.execute(SLOW).await;
    world.back_up().await;
    let function = world.function(world.settings.clone()).await;
    // As long as a restore takes on a busy machine.
    let deadline = portal_jobs::Deadline::never().within(std::time::Duration::from_secs(15));
    let drill = function.serve(Action::Drill, Uuid::now_v7(), OffsetDateTime::now_utc(), deadline);
    let error = Box::pin(drill).await.unwrap_err();
    assert!(matches!(error, BackupError::OutOfTime), "{error}");
    assert_eq!(record(&mut world).await["state"], "STORED");
    world.check_order().await;
}
