//! What an owner could do to the audit, and that it is found.

use crate::support::{Vault, function, until};
use serde_json::json;

/// Does one thing to a sealed audit, and gives what is found then.
async fn found(statement: &str) -> Vec<String> {
    let mut vault = Vault::sealed().await;
    assert_eq!(vault.findings().await, Vec::<String>::new());
    vault.tamper(statement).await;
    vault.findings().await
}

#[tokio::test]
async fn a_changed_row_is_found() {
    for statement in [
        "UPDATE audit_log SET after = '{\"title\": \"Clerk\"}' WHERE created_at::date = '2026-08-21' AND row_key = '2'",
        "UPDATE audit_log SET created_at = created_at + interval '1 microsecond' WHERE created_at::date = '2026-08-21'",
        "UPDATE admin_actions SET reason = 'on request' WHERE created_at::date = '2026-08-21'",
    ] {
        assert_eq!(found(statement).await, ["2026-08-21 ROWS"], "{statement}");
    }
}

#[tokio::test]
async fn a_deleted_row_is_found() {
    let statement = "DELETE FROM audit_log WHERE created_at::date = '2026-08-23' AND row_key = '1'";
    assert_eq!(found(statement).await, ["2026-08-23 ROWS"]);
}

#[tokio::test]
async fn an_added_row_is_found() {
    let add = |at: &str| {
        format!(
            "INSERT INTO audit_log (id, table_name, row_key, operation, database_role, application, created_at)
            VALUES (1000000, 'users', 'x', 'DELETE', 'r', 'a', '{at}')"
        )
    };
    assert_eq!(found(&add("2026-08-22 12:00+00")).await, ["2026-08-22 ROWS"]);
    assert_eq!(
        found(&add("2026-08-01 12:00+00")).await,
        ["2026-08-01 ROWS_BEFORE"]
    );
}

#[tokio::test]
async fn a_row_moved_to_another_day_is_found_on_both() {
    let statement = "UPDATE admin_actions SET created_at = created_at + interval '1 day' WHERE created_at::date = '2026-08-20'";
    assert_eq!(found(statement).await, ["2026-08-20 ROWS", "2026-08-21 ROWS"]);
}

#[tokio::test]
async fn a_dropped_seal_is_found_also_with_its_object() {
    let mut vault = Vault::sealed().await;
    vault
        .tamper("DELETE FROM audit_seals WHERE day = '2026-08-21'")
        .await;
    assert_eq!(vault.findings().await, ["2026-08-21 RECORD_MISSING"]);
    vault.remove(21).await;
    assert_eq!(
        vault.findings().await,
        ["2026-08-21 DAY_MISSING", "2026-08-22 CHAIN"]
    );
    vault.remove(23).await;
    assert!(
        vault
            .findings()
            .await
            .contains(&"2026-08-23 OBJECT_MISSING".to_owned())
    );
}

#[tokio::test]
async fn a_dropped_day_is_found() {
    let mut vault = Vault::sealed().await;
    vault
        .tamper("DELETE FROM audit_log WHERE created_at::date = '2026-08-20'")
        .await;
    vault
        .tamper("DELETE FROM admin_actions WHERE created_at::date = '2026-08-20'")
        .await;
    assert_eq!(vault.findings().await, ["2026-08-20 ROWS"]);
    // Days that are past their retention go by whole partitions, and that is no tampering.
    vault
        .tamper("UPDATE partition_policies SET retention = '1 day'")
        .await;
    assert_eq!(vault.findings().await, Vec::<String>::new());
    vault
        .tamper("DELETE FROM audit_log WHERE created_at::date = '2026-08-21' AND row_key = '1'")
        .await;
    assert_eq!(
        vault.findings().await,
        ["2026-08-21 ROWS"],
        "but single rows do not"
    );
}

#[tokio::test]
async fn a_rewritten_chain_is_found() {
    let mut vault = Vault::sealed().await;
    vault
        .tamper("DELETE FROM audit_log WHERE created_at::date = '2026-08-23' AND row_key = '3'")
        .await;
    vault.tamper("DELETE FROM audit_seals").await;
    // The same function computes a chain without a fault, beside the objects that it cannot replace.
    let mut elsewhere = vault.settings.clone();
    elsewhere.prefix = elsewhere.prefix.replace("audit-seals", "forged");
    let forger = function(&vault.database, &vault.store, &elsewhere).await;
    let event = json!({ "step": "audit-seal" });
    forger
        .serve(
            &event,
            uuid::Uuid::now_v7(),
            until(24),
            portal_jobs::Deadline::never(),
        )
        .await
        .unwrap();
    let rename = format!(
        "UPDATE audit_seals SET object_key = replace(object_key, '{}', '{}')",
        elsewhere.prefix, vault.settings.prefix
    );
    vault.tamper(&rename).await;
    assert_eq!(
        vault.findings().await,
        ["2026-08-23 RECORD", "2026-08-23 ROWS", "2026-08-24 RECORD"],
        "from the forged day on nothing agrees"
    );
}

#[tokio::test]
async fn a_changed_object_is_found() {
    let vault = Vault::sealed().await;
    vault.remove(22).await;
    vault
        .store
        .create(&vault.object(22), "application/json", b"{}".to_vec())
        .await
        .unwrap();
    assert_eq!(vault.findings().await, ["2026-08-22 OBJECT"]);
}

#[tokio::test]
async fn a_range_looks_at_its_days_alone() {
    let mut vault = Vault::sealed().await;
    vault
        .tamper("DELETE FROM audit_log WHERE created_at::date = '2026-08-21'")
        .await;
    let verify =
        |from: &str, to: &str| json!({ "detail": { "step": "audit-verify", "from": from, "to": to } });
    let clean = vault
        .serve(&verify("2026-08-22", "2026-08-24"), until(24))
        .await
        .unwrap();
    assert_eq!(
        (&clean.details["days"], &clean.details["findings"]),
        (&json!(3), &json!([]))
    );
    let found = vault
        .serve(&verify("2026-08-21", "2026-08-21"), until(24))
        .await
        .unwrap();
    let finding = &found.details["findings"][0];
    assert_eq!(
        (&finding["day"], &finding["problem"]),
        (&json!("2026-08-21"), &json!("ROWS"))
    );
    assert!(
        finding["expected"].as_str().unwrap().ends_with("over 5 rows"),
        "{finding}"
    );
    assert!(
        finding["found"].as_str().unwrap().ends_with("over 2 rows"),
        "{finding}"
    );
}
