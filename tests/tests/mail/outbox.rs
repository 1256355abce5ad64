//! What the table itself holds to, and who may do what with it.

use portal_tests::database::TestDatabase;

/// A pending row, as a repository adds it.
const ROW: &str = "INSERT INTO outbox (id, kind, recipient, secret) VALUES (gen_random_uuid(), 'MFA_ENABLED', 'a@example.org', '\\x01')";

#[tokio::test]
async fn every_rule_of_the_table_bites() {
    let mut owner = TestDatabase::create().await.connect("owner").await;
    sqlx::raw_sql(ROW).execute(&mut owner).await.unwrap();
    for (change, constraint) in [
        ("state = 'SENT', sent_at = now()", "outbox_secret_while_pending"),
        ("state = 'SUPPRESSED'", "outbox_secret_while_pending"),
        ("state = 'SENT', secret = NULL", "outbox_sent_at_when_sent"),
        ("sent_at = now()", "outbox_sent_at_when_sent"),
        ("state = 'FAILED', secret = NULL", "outbox_failed_with_reason"),
        (
            "state = 'FAILED', secret = NULL, last_error = 'x', claimed_until = now()",
            "outbox_claim_while_pending",
        ),
        ("attempts = -1", "outbox_attempts_check"),
        ("payload = '[]'", "outbox_payload_check"),
        ("state = 'LOST', secret = NULL", "outbox_state_check"),
        ("channel = 'PIGEON'", "outbox_channel_check"),
    ] {
        let refused = sqlx::raw_sql(&format!("UPDATE outbox SET {change}"))
            .execute(&mut owner)
            .await
            .unwrap_err();
        let refused = refused.as_database_error().unwrap();
        assert_eq!(refused.constraint(), Some(constraint), "{change}");
    }
}

#[tokio::test]
async fn the_api_puts_in_and_neither_reads_nor_says_what_became_of_it() {
    let database = TestDatabase::create().await;
    for role in ["portal_auth", "portal_api", "portal_admin"] {
        let mut connection = database.connect(role).await;
        let put_in = sqlx::raw_sql(ROW).execute(&mut connection).await;
        // Members' requests write mails by functions alone, which choose whom they go to.
        assert_eq!(put_in.is_ok(), role != "portal_api", "{role}");
        for sql in [
            "SELECT id FROM outbox",
            "SELECT payload FROM outbox",
            "SELECT secret FROM outbox",
            "UPDATE outbox SET recipient = 'eve@example.org'",
            "DELETE FROM outbox",
            "INSERT INTO outbox (id, kind, recipient) VALUES (gen_random_uuid(), 'X', 'a@example.org') RETURNING payload",
            "INSERT INTO outbox (id, kind, recipient, state) VALUES (gen_random_uuid(), 'X', 'a@example.org', 'PENDING')",
            "INSERT INTO outbox (id, kind, recipient, attempts) VALUES (gen_random_uuid(), 'X', 'a@example.org', 9)",
            "INSERT INTO outbox (id, kind, recipient, provider_message_id) VALUES (gen_random_uuid(), 'X', 'a@example.org', 'x')",
        ] {
            let refused = sqlx::raw_sql(sql).execute(&mut connection).await.unwrap_err();
            let code = refused.as_database_error().unwrap().code().unwrap().into_owned();
            assert_eq!(code, "42501", "{role}: {sql}");
        }
    }
    let mut jobs = database.connect("portal_jobs").await;
    let seen: i64 = sqlx::query_scalar("SELECT count(payload) + count(secret) FROM outbox")
        .fetch_one(&mut jobs)
        .await
        .unwrap();
    assert_eq!(seen, 4);
}
