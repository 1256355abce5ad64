//! Days are sealed once, in order, and only when nothing can be added to them.

use portal_tests::stack::Stack;
use sqlx::Connection as _;
use time::{Duration, OffsetDateTime};

use crate::support::{Vault, function, until};

#[tokio::test]
async fn days_are_chained_and_the_seal_stands_twice() {
    let mut vault = Vault::sealed().await;
    let seals = vault.seals().await;
    let counts: Vec<_> = seals
        .as_array()
        .unwrap()
        .iter()
        .map(|seal| seal["row_count"].as_i64().unwrap())
        .collect();
    assert_eq!(counts, [5, 5, 0, 5, 5], "the day without rows is sealed too");
    assert_eq!(seals[0]["previous_digest"], serde_json::Value::Null);
    for pair in seals.as_array().unwrap().windows(2) {
        assert_eq!(pair[0]["digest"], pair[1]["previous_digest"]);
    }
    for (seal, day) in seals.as_array().unwrap().iter().zip(20..) {
        let object = vault.read(day).await;
        assert_eq!(
            format!("\\x{}", object["digest"].as_str().unwrap()),
            seal["digest"]
        );
        assert_eq!(
            (&object["day"], &object["rowCount"]),
            (&seal["day"], &seal["row_count"])
        );
    }
    assert_eq!(vault.findings().await, Vec::<String>::new());
}

/// The documented form, computed by other means: PostgreSQL's own.
#[tokio::test]
async fn the_digest_is_that_of_the_documented_form() {
    let mut vault = Vault::sealed().await;
    let computed = vault
        .scalar(
            "WITH fields AS (
                SELECT 1 AS part, a.created_at, lpad(a.id::text, 20, '0') AS id, ARRAY['audit_log', (extract(epoch FROM a.created_at) * 1000000)::bigint::text,
                    a.id::text, a.table_name, a.row_key, a.operation, a.before::text, a.after::text, a.user_id::text,
                    a.database_role, a.application, a.request_id::text] AS texts
                FROM audit_log AS a WHERE a.created_at::date = '2026-08-20'
                UNION ALL
                SELECT 2, a.created_at, a.id::text, ARRAY['admin_actions', (extract(epoch FROM a.created_at) * 1000000)::bigint::text, a.id::text,
                    a.action, a.user_id::text, a.target_user_id::text, a.target_table, a.target_id, a.reason, a.details::text,
                    a.request_id::text]
                FROM admin_actions AS a WHERE a.created_at::date = '2026-08-20'),
            rows AS (
                SELECT part, created_at, id, (SELECT string_agg(COALESCE(octet_length(t) || ':' || t || ',', '-,'), '' ORDER BY n)
                    FROM unnest(texts) WITH ORDINALITY AS u (t, n)) AS text
                FROM fields)
            SELECT to_jsonb(encode(sha256(convert_to(
                'portal-audit-seal/1 2026-08-20 -' || chr(10) || string_agg(text, '' ORDER BY part, created_at, id), 'UTF8')), 'hex'))
            FROM rows",
        )
        .await;
    assert_eq!(vault.read(20).await["digest"], computed);
}

#[tokio::test]
async fn twice_late_and_after_a_gap_the_result_is_the_same() {
    let mut vault = Vault::create().await;
    vault.fill().await;
    vault.seal(until(20)).await.unwrap();
    let first = vault.seals().await;
    let again = vault.seal(until(20)).await.unwrap();
    assert_eq!(again.details["sealed"], serde_json::json!([]));
    assert_eq!(vault.seals().await, first);
    // Four days without a run, then one.
    vault.seal(until(24)).await.unwrap();
    assert_eq!(vault.seals().await.as_array().unwrap().len(), 5);
    assert_eq!(vault.findings().await, Vec::<String>::new());
    let versions = Stack::get()
        .s3()
        .await
        .list_object_versions()
        .bucket(&vault.settings.bucket)
        .prefix(&vault.settings.prefix)
        .send()
        .await
        .unwrap();
    assert_eq!(versions.versions().len(), 5, "no object was written twice");
}

#[tokio::test]
async fn two_at_once_seal_each_day_once() {
    let mut vault = Vault::create().await;
    vault.fill().await;
    let other = function(&vault.database, &vault.store, &vault.settings).await;
    let event = serde_json::json!({ "step": "audit-seal" });
    let (one, two) = tokio::join!(
        vault.serve(&event, until(24)),
        other.serve(
            &event,
            uuid::Uuid::now_v7(),
            until(24),
            portal_jobs::Deadline::never()
        )
    );
    let sealed = |answer: maintenance::Answer| answer.details["sealed"].as_array().unwrap().len();
    let (one, two) = (sealed(one.unwrap()), sealed(two.unwrap()));
    // Whoever finds the lock taken leaves the rest to the other.
    assert_eq!(one + two, vault.seals().await.as_array().unwrap().len());
    vault.seal(until(24)).await.unwrap();
    assert_eq!(vault.seals().await.as_array().unwrap().len(), 5);
    assert_eq!(vault.findings().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_run_that_dies_between_object_and_row_is_made_good() {
    let mut vault = Vault::sealed().await;
    let before = vault.seals().await;
    vault
        .tamper("DELETE FROM audit_seals WHERE day = '2026-08-24'")
        .await;
    assert_eq!(vault.findings().await, ["2026-08-24 RECORD_MISSING"]);
    vault.seal(until(24) + Duration::DAY / 2).await.unwrap();
    assert_eq!(
        vault.seals().await,
        before,
        "the row is what the object says, its time too"
    );
    assert_eq!(vault.findings().await, Vec::<String>::new());
}

#[tokio::test]
async fn an_object_that_somebody_else_wrote_stops_the_step() {
    let mut vault = Vault::sealed().await;
    vault
        .tamper("DELETE FROM audit_seals WHERE day = '2026-08-24'")
        .await;
    vault
        .tamper("DELETE FROM audit_log WHERE created_at::date = '2026-08-24'")
        .await;
    let refused = vault.seal(until(24)).await.unwrap_err().to_string();
    assert!(refused.contains("2026-08-24 is sealed in S3 as"), "{refused}");
    let run = vault
        .scalar("SELECT to_jsonb(r) FROM job_runs AS r ORDER BY started_at DESC, id DESC LIMIT 1")
        .await;
    assert_eq!(
        (&run["job"], &run["state"], &run["error"]),
        (&"audit-seal".into(), &"FAILED".into(), &refused.into())
    );
}

#[tokio::test]
async fn a_day_is_not_sealed_while_a_transaction_may_still_log_into_it() {
    let mut vault = Vault::create().await;
    let tomorrow = OffsetDateTime::now_utc()
        .date()
        .next_day()
        .unwrap()
        .midnight()
        .assume_utc();
    let mut slow = vault.database.connect("owner").await;
    let mut open = slow.begin().await.unwrap();
    let today: time::Date = sqlx::query_scalar("SELECT now()::date")
        .fetch_one(&mut *open)
        .await
        .unwrap();
    sqlx::query("UPDATE roles SET description = 'late'")
        .execute(&mut *open)
        .await
        .unwrap();

    let early = vault.seal(tomorrow + Duration::minutes(59)).await.unwrap();
    assert_eq!(
        early.details["sealed"],
        serde_json::json!([]),
        "within the time of grace"
    );
    let blocked = vault.seal(tomorrow + Duration::minutes(61)).await.unwrap();
    assert_eq!(blocked.details["sealed"], serde_json::json!([]));
    assert!(
        blocked.details["note"]
            .as_str()
            .unwrap()
            .contains("has been open since"),
        "{blocked:?}"
    );

    open.commit().await.unwrap();
    let sealed = vault.seal(tomorrow + Duration::minutes(61)).await.unwrap();
    assert_eq!(sealed.details["sealed"][0]["day"], today.to_string());
    let rows = vault
        .scalar("SELECT to_jsonb((SELECT count(*) FROM audit_log) + (SELECT count(*) FROM admin_actions))")
        .await;
    assert_eq!(
        sealed.details["sealed"][0]["rowCount"], rows,
        "the late rows are in it"
    );
}

#[tokio::test]
async fn a_role_that_cannot_see_open_transactions_does_not_seal() {
    let vault = Vault::create().await;
    let portal = vault.database.open("portal_jobs", false).await;
    let context = portal_data::RequestContext::new(uuid::Uuid::now_v7(), portal_domain::Caller::Anonymous);
    let mut tx = portal.begin(&context).await.unwrap();
    let refused = portal_data::audit::find_transaction_before(&mut tx, OffsetDateTime::now_utc())
        .await
        .unwrap_err();
    assert!(refused.to_string().contains("pg_read_all_stats"), "{refused}");
}
