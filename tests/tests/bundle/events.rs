//! Every sample event of `events/`, sent to the function that it is for.

use std::collections::BTreeSet;

use portal_tests::licence_files::{master, row};
use serde_json::json;
use uuid::Uuid;

use crate::bundle::Bundle;
use crate::files;
use crate::imports::completed;
use crate::requests;
use crate::sample::{names, read};

/// The sample events in an order in which each finds what it speaks of. A new one gets its line here and its branch in [`replay`].
const EVENTS: [&str; 44] = [
    "admin-show-health.json",
    "admin-list-users.json",
    "auth-log-in.json",
    "auth-show-jwks.json",
    "backup.json",
    "backup-drill.json",
    "contractor-import-test.json",
    "contractor-import-schedule.json",
    "contractor-import-sweep.json",
    "contractor-import-continue.json",
    "contractor-import.json",
    "directory-list-contractors.json",
    "directory-show-contractor.json",
    "docs-list-problem-types.json",
    "docs-show-openapi.json",
    "docs-show-problem-type.json",
    "events-list-events.json",
    "events-show-event-calendar.json",
    "files.json",
    "files-schedule.json",
    "health.json",
    "learning-list-courses.json",
    "learning-verify-certificate.json",
    "maintenance.json",
    "maintenance-audit-verify.json",
    "maintenance-purge.json",
    "maintenance-refresh-views.json",
    "maintenance-reindex.json",
    "maintenance-vacuum.json",
    "maintenance-search-terms.json",
    "messaging-list-conversations.json",
    "messaging-unsubscribe.json",
    "billing.json",
    "notify.json",
    "partitions-dry-run.json",
    "partitions.json",
    "payments-list-membership-tiers.json",
    "payments-take-webhook.json",
    "projects-geo-list-projects.json",
    "projects-geo-list-projects-near.json",
    "projects-geo-show-project.json",
    "search-search-everything.json",
    "search-suggest-searches.json",
    "contractor-import-undo.json",
];

/// The run and the project of the sample events.
pub(crate) const ID: &str = "0198a7c0-0000-7000-8000-000000000001";

/// A member's project near Oakland.
const PROJECT: &str = "
    INSERT INTO users (id, email, first_name, last_name, is_verified, approved_at)
    VALUES ('0198a7c0-0000-7000-8000-000000000002', 'owner@example.org', 'Olive', 'Owner', true, now());
    INSERT INTO projects (id, owner_id, title, category, status, city, coordinates, deadline_date, published_at)
    VALUES ('0198a7c0-0000-7000-8000-000000000001', '0198a7c0-0000-7000-8000-000000000002', 'A new roof', 'COMMERCIAL',
        'BIDDING_OPEN', 'Oakland', ST_Point(-122.27, 37.80, 4326)::geography, now() + interval '30 days', now());";

/// A dinner there, on a summer's evening.
const DINNER: &str = "
    INSERT INTO events (id, organizer_id, title, type, status, starts_at, ends_at, place, city, coordinates, published_at)
    VALUES ('0198a7c0-0000-7000-8000-000000000003', '0198a7c0-0000-7000-8000-000000000002', 'A dinner', 'AWARDS',
        'REGISTRATION_OPEN', '2120-07-02 01:00:00+00', '2120-07-02 04:00:00+00', 'The hall', 'Oakland',
        ST_Point(-122.27, 37.80, 4326)::geography, now());";

#[tokio::test]
async fn every_sample_event_comes_to_what_it_should() {
    let expected: BTreeSet<_> = EVENTS.map(str::to_owned).into();
    let unpaired: Vec<_> = names().symmetric_difference(&expected).cloned().collect();
    assert!(
        unpaired.is_empty(),
        "no sample event, or no expectation in tests/tests/bundle/events.rs: {unpaired:?}"
    );
    let mut bundle = Bundle::take().await;
    bundle.empty().await;
    bundle.execute(PROJECT).await;
    bundle.execute(DINNER).await;
    bundle.await_replica().await;
    for event in EVENTS {
        replay(&mut bundle, event).await;
    }
}

async fn replay(bundle: &mut Bundle, event: &str) {
    match event {
        "backup.json" => backs_up(bundle, event).await,
        "backup-drill.json" => {
            let answer = bundle.invoke("backup", &read(event)).await;
            let details = &answer["details"];
            assert!(details["restoreSeconds"].as_f64().unwrap() > 0.0, "{answer}");
            let state = "SELECT to_jsonb(state) FROM backups ORDER BY started_at DESC LIMIT 1";
            assert_eq!(bundle.scalar(state).await, json!("PROVEN"));
        }
        "contractor-import-test.json" => {
            let answer = bundle.invoke("contractor-import", &read(event)).await;
            assert_eq!(answer["runs"], json!([]));
            assert!(
                answer["notes"][0].as_str().unwrap().contains("test event"),
                "{answer}"
            );
        }
        "contractor-import-schedule.json" => takes_up(bundle, event, master(20, &[row(1, "ACME")])).await,
        "contractor-import-sweep.json" => {
            takes_up(bundle, event, master(21, &[row(1, "ACME"), row(2, "BETA")])).await;
        }
        "contractor-import-continue.json" => goes_on(bundle, event).await,
        "contractor-import.json" => {
            let run = completed(&bundle.invoke("contractor-import", &read(event)).await);
            assert_eq!(
                (&run["id"], &run["invocations"]),
                (&json!(ID), &json!(1)),
                "the run that was continued is this object's, and it had ended"
            );
        }
        "contractor-import-undo.json" => {
            let answer = bundle.invoke("contractor-import", &read(event)).await;
            assert_eq!(
                (&answer["runs"][0]["id"], &answer["runs"][0]["state"]),
                (&json!(ID), &json!("UNDONE"))
            );
            assert_eq!(bundle.scalar(LICENCES).await, json!(["1", "2"]));
        }
        "maintenance.json" => seals(bundle, event).await,
        "maintenance-audit-verify.json" => {
            let answer = bundle.invoke("maintenance", &read(event)).await;
            assert_eq!(answer["details"]["findings"], json!([]), "{answer}");
        }
        "maintenance-purge.json" => purges(bundle, event).await,
        "maintenance-search-terms.json" => refreshes(bundle, event).await,
        "maintenance-refresh-views.json" | "maintenance-reindex.json" | "maintenance-vacuum.json" => {
            let answer = bundle.invoke("maintenance", &read(event)).await;
            assert_eq!(answer["details"]["failed"], json!([]), "{answer}");
        }
        "health.json" => looks(bundle, event).await,
        "partitions-dry-run.json" => {
            let answer = bundle.invoke("partitions", &read(event)).await;
            assert_eq!(
                (&answer["dryRun"], &answer["skipped"]),
                (&json!(true), &json!(false)),
                "{answer}"
            );
        }
        "partitions.json" => prepares(bundle, event).await,
        "billing.json" => bills(bundle, event).await,
        "notify.json" => notify(bundle, event).await,
        name if name.starts_with("payments-") => requests::payments(bundle, name).await,
        name if name.starts_with("admin-") => requests::admin(bundle, name).await,
        name if name.starts_with("auth-") => requests::auth(bundle, name).await,
        name if name.starts_with("directory-") => requests::directory(bundle, name).await,
        name if name.starts_with("docs-") => requests::docs(bundle, name).await,
        name if name.starts_with("events-") => requests::events(bundle, name).await,
        name if name.starts_with("files") => files::replay(bundle, name).await,
        name if name.starts_with("admin-") => requests::admin(bundle, name).await,
        name if name.starts_with("messaging-") => requests::messaging(bundle, name).await,
        name if name.starts_with("learning-") => requests::learning(bundle, name).await,
        name if name.starts_with("projects-geo-") => requests::projects_geo(bundle, name).await,
        name if name.starts_with("search-") => requests::search(bundle, name).await,
        other => panic!("events/{other} has no expectation: say here what comes of it"),
    }
}

const LICENCES: &str =
    "SELECT jsonb_agg(license_number ORDER BY license_number::bigint) FROM california_contractors";

/// An event that names no run takes up the one that was left queued.
async fn takes_up(bundle: &mut Bundle, event: &str, file: String) {
    leave_queued(bundle, Uuid::now_v7(), event, &file).await;
    let answer = bundle.invoke("contractor-import", &read(event)).await;
    assert_eq!(answer, json!({ "runs": [] }), "the event names no run");
    let run = "SELECT to_jsonb(run) FROM import_runs AS run ORDER BY created_at DESC LIMIT 1";
    let run = bundle.scalar(run).await;
    assert_eq!(
        (&run["object_key"], &run["state"], &run["rows_inserted"]),
        (&json!(event), &json!("COMPLETED"), &json!(1))
    );
}

/// The schedule's event leaves a record of a night on which there was nothing to do.
async fn bills(bundle: &mut Bundle, event: &str) {
    let answer = bundle.invoke("billing", &read(event)).await;
    assert_eq!(
        (&answer["failed"], &answer["isCutShort"]),
        (&json!(0), &json!(false)),
        "{answer}"
    );
    let run = "SELECT to_jsonb(state = 'COMPLETED' AND details ->> 'reconciledUntil' IS NOT NULL) FROM job_runs WHERE job = 'billing'";
    assert_eq!(bundle.scalar(run).await, json!(true));
}

/// The schedule's event sends what waits in the outbox.
async fn notify(bundle: &mut Bundle, event: &str) {
    bundle
        .execute("INSERT INTO outbox (id, kind, recipient) VALUES (gen_random_uuid(), 'MFA_ENABLED', 'owner@example.org')")
        .await;
    let answer = bundle.invoke("notify", &read(event)).await;
    assert_eq!(
        (&answer["sent"], &answer["stopped"]),
        (&json!(1), &json!("empty"))
    );
    let sent = "SELECT to_jsonb(state = 'SENT' AND provider_message_id IS NOT NULL) FROM outbox
        WHERE recipient = 'owner@example.org'";
    assert_eq!(bundle.scalar(sent).await, json!(true));
}

/// The schedule's event looks at everything, and says what it found.
async fn looks(bundle: &mut Bundle, event: &str) {
    let answer = bundle.invoke("health", &read(event)).await;
    assert_eq!(
        answer["checks"],
        json!(portal_data::health::CHECKS.len()),
        "{answer}"
    );
    let recorded = bundle
        .scalar("SELECT to_jsonb(state) FROM job_runs WHERE job = 'health' ORDER BY started_at DESC LIMIT 1")
        .await;
    assert_eq!(recorded, json!("COMPLETED"));
}

/// The schedule's event moves a row that found no partition to one.
async fn prepares(bundle: &mut Bundle, event: &str) {
    bundle
        .execute(
            "INSERT INTO system_metrics (id, metric, value, recorded_at)
            VALUES (gen_random_uuid(), 'stray', 1, '2026-08-23 12:00:00+00')",
        )
        .await;
    let answer = bundle.invoke("partitions", &read(event)).await;
    assert_eq!(answer["tables"].as_object().unwrap().len(), 3, "{answer}");
    let strays = bundle
        .scalar("SELECT to_jsonb(count(*)) FROM system_metrics_default")
        .await;
    assert_eq!(strays, json!(0), "{answer}");
}

/// The schedule's event leaves a dump and its manifest.
async fn backs_up(bundle: &mut Bundle, event: &str) {
    let answer = bundle.invoke("backup", &read(event)).await;
    let stored =
        "SELECT jsonb_build_array(id, state, object_key) FROM backups ORDER BY started_at DESC LIMIT 1";
    let details = &answer["details"];
    assert_eq!(
        bundle.scalar(stored).await,
        json!([details["backup"], "STORED", details["objectKey"]]),
        "{answer}"
    );
}

/// The schedule's event seals the days of the audit that are over.
async fn seals(bundle: &mut Bundle, event: &str) {
    bundle
        .execute(
            "INSERT INTO audit_log (id, table_name, row_key, operation, database_role, application, created_at)
            VALUES (nextval('audit_log_id'), 'users', 'x', 'DELETE', 'r', 'a', now() - interval '2 days')",
        )
        .await;
    let answer = bundle.invoke("maintenance", &read(event)).await;
    assert_eq!(answer["details"]["sealed"][0]["rowCount"], 1, "{answer}");
    let recorded = bundle
        .scalar("SELECT to_jsonb(state) FROM job_runs WHERE job = 'audit-seal'")
        .await;
    assert_eq!(recorded, json!("COMPLETED"));
}

/// The schedule's event deletes a session that ran out long ago.
async fn purges(bundle: &mut Bundle, event: &str) {
    bundle
        .execute(
            "INSERT INTO sessions (id, user_id, refresh_token_hash, expires_at)
            VALUES (gen_random_uuid(), '0198a7c0-0000-7000-8000-000000000002', '\\x01', now() - interval '31 days')",
        )
        .await;
    let answer = bundle.invoke("maintenance", &read(event)).await;
    assert_eq!(
        (
            &answer["details"]["deleted"]["sessions"],
            &answer["details"]["complete"]
        ),
        (&json!(1), &json!(true)),
        "{answer}"
    );
}

/// The schedule's event learns the words of the sample project.
async fn refreshes(bundle: &mut Bundle, event: &str) {
    let answer = bundle.invoke("maintenance", &read(event)).await;
    let details = &answer["details"];
    assert_eq!(details["complete"], json!(true), "{answer}");
    let terms = bundle
        .scalar("SELECT jsonb_agg(term ORDER BY term) FROM search_terms WHERE kind = 'PROJECT'")
        .await;
    assert_eq!(terms, json!(["new", "oakland", "roof"]), "{answer}");
}

/// The run of the sample events is left queued, with the object that they name, and continued.
async fn goes_on(bundle: &mut Bundle, event: &str) {
    let object = &read("contractor-import.json")["Records"][0]["s3"]["object"];
    let key = object["key"].as_str().unwrap().replace('+', " ");
    let file = master(24, &[row(1, "ACME"), row(2, "BETA"), row(1_999_001, "GAMMA")]);
    leave_queued(bundle, ID.parse().unwrap(), &key, &file).await;
    let run = completed(&bundle.invoke("contractor-import", &read(event)).await);
    assert_eq!(
        (&run["id"], &run["rows"]["inserted"], &run["rows"]["unchanged"]),
        (&json!(ID), &json!(1), &json!(2))
    );
    assert_eq!(bundle.scalar(LICENCES).await, json!(["1", "2", "1999001"]));
}

/// A run whose event was taken but not served: the bucket and the order of events are those of the sample event.
async fn leave_queued(bundle: &mut Bundle, id: Uuid, key: &str, file: &str) {
    bundle.put(key, file).await;
    let record = &read("contractor-import.json")["Records"][0]["s3"];
    sqlx::query("INSERT INTO import_runs (id, bucket, object_key, sequencer) VALUES ($1, $2, $3, $4)")
        .bind(id)
        .bind(record["bucket"]["name"].as_str())
        .bind(key)
        .bind(record["object"]["sequencer"].as_str())
        .execute(&mut bundle.owner)
        .await
        .unwrap();
}
