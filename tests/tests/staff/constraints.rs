//! What the database itself refuses, whatever writes, and what its list of references says.

use portal_tests::database::TestDatabase;
use portal_tests::members::Member;
use uuid::Uuid;

#[tokio::test]
async fn rows_that_cannot_be_are_refused() {
    let database = TestDatabase::create().await;
    let mut owner = database.connect("owner").await;
    let (one, two) = (
        Member::add(&mut owner, "one", &[]).await.id,
        Member::add(&mut owner, "two", &[]).await.id,
    );
    let (message, report, finding) = (Uuid::now_v7(), Uuid::now_v7(), Uuid::now_v7());
    sqlx::raw_sql(&format!(
        "INSERT INTO messages (id, sender_id, receiver_id, content) VALUES ('{message}', '{one}', '{two}', 'x');
        INSERT INTO message_reports (id, message_id, reported_by, reason, excerpt) VALUES ('{report}', '{message}', '{two}', 'r', 'x');
        INSERT INTO payment_findings (id, kind, subject, detail) VALUES ('{finding}', 'UNKNOWN_INTENT', 's', 'd')"
    ))
    .execute(&mut owner)
    .await
    .unwrap();
    for (sql, constraint) in [
        (
            format!(
                "INSERT INTO merge_orders (keep_id, merge_id, ordered_by, reason) VALUES ('{one}', '{one}', '{two}', 'x')"
            ),
            "merge_orders_of_two",
        ),
        (
            format!(
                "INSERT INTO merge_orders (keep_id, merge_id, ordered_by, reason) VALUES ('{one}', '{two}', '{two}', '')"
            ),
            "merge_orders_reason_check",
        ),
        (
            format!(
                "INSERT INTO merge_orders (keep_id, merge_id, ordered_by, reason) VALUES ('{one}', '{two}', '{two}', repeat('x', 501))"
            ),
            "merge_orders_reason_check",
        ),
        (
            format!("UPDATE payment_findings SET kind = 'OTHER' WHERE id = '{finding}'"),
            "payment_findings_kind_check",
        ),
        (
            format!("UPDATE users SET merged_into = '{two}' WHERE id = '{one}'"),
            "users_merged_is_closed",
        ),
        (
            format!("UPDATE users SET merged_into = id, deleted_at = now() WHERE id = '{one}'"),
            "users_not_merged_into_itself",
        ),
        (
            format!("INSERT INTO suspensions (user_id, reason) VALUES ('{one}', '')"),
            "suspensions_reason_check",
        ),
        (
            format!("INSERT INTO suspensions (user_id, reason) VALUES ('{one}', repeat('x', 501))"),
            "suspensions_reason_check",
        ),
        (
            format!("UPDATE message_reports SET state = 'UPHELD' WHERE id = '{report}'"),
            "message_reports_decided",
        ),
        (
            format!("UPDATE message_reports SET outcome = '' WHERE id = '{report}'"),
            "message_reports_outcome_check",
        ),
        (
            format!(
                "UPDATE payment_findings SET resolved_by = '{one}', resolved_at = now() WHERE id = '{finding}'"
            ),
            "payment_findings_resolution",
        ),
        (
            format!(
                "UPDATE payment_findings SET resolved_by = '{one}', resolution = 'x' WHERE id = '{finding}'"
            ),
            "payment_findings_resolution",
        ),
        (
            format!(
                "UPDATE payment_findings SET resolved_by = '{one}', resolved_at = now(), resolution = '' WHERE id = '{finding}'"
            ),
            "payment_findings_resolution_check",
        ),
    ] {
        let error = sqlx::raw_sql(&sql).execute(&mut owner).await.expect_err(&sql);
        let error = error.into_database_error().unwrap();
        assert_eq!(error.constraint(), Some(constraint), "{sql}");
    }
}

#[tokio::test]
async fn a_change_of_roles_is_a_new_version_of_the_account() {
    let database = TestDatabase::create().await;
    let mut owner = database.connect("owner").await;
    let member = Member::add(&mut owner, "one", &[]).await.id;
    let mut last: i32 = 0;
    for sql in [
        "INSERT INTO user_roles (user_id, role_id) SELECT $1, id FROM roles WHERE name = 'support'",
        "UPDATE user_roles SET expires_at = now() WHERE user_id = $1",
        "DELETE FROM user_roles WHERE user_id = $1",
    ] {
        sqlx::query(sql).bind(member).execute(&mut owner).await.unwrap();
        let version: i32 = sqlx::query_scalar("SELECT version FROM users WHERE id = $1")
            .bind(member)
            .fetch_one(&mut owner)
            .await
            .unwrap();
        assert!(version > last, "{sql}");
        last = version;
    }
}
