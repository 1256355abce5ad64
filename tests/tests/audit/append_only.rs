//! Nobody edits what was logged: by the grants, and by trying.

use portal_tests::database::TestDatabase;
use sqlx::postgres::PgConnection;

const LOGS: [&str; 3] = ["audit_log", "admin_actions", "audit_seals"];
const ROLES: [&str; 7] = [
    "portal_auth",
    "portal_api",
    "portal_admin",
    "portal_jobs",
    "portal_maintenance",
    "portal_backup",
    "portal_monitor",
];

#[tokio::test]
async fn the_catalog_grants_no_change_of_a_log() {
    let database = TestDatabase::create().await;
    let mut owner = database.connect("owner").await;
    // The maintenance role inherits what the owner may; the triggers stop it.
    let granted: Vec<String> = sqlx::query_scalar(
        "SELECT r.rolname || ' ' || c.relname || ' ' || p
        FROM pg_roles AS r, pg_class AS c, unnest('{UPDATE,DELETE,TRUNCATE}'::text[]) AS p
        WHERE r.rolname LIKE 'portal\\_%' AND r.rolcanlogin AND NOT r.rolsuper AND NOT pg_has_role(r.oid, 'portal_owner', 'MEMBER')
          AND c.relnamespace = 'public'::regnamespace AND c.relname ~ '^(audit_log|admin_actions|audit_seals)' AND c.relkind IN ('r', 'p')
          AND (has_table_privilege(r.oid, c.oid, p) OR p = 'UPDATE' AND has_any_column_privilege(r.oid, c.oid, p))",
    )
    .fetch_all(&mut owner)
    .await
    .unwrap();
    assert_eq!(granted, Vec::<String>::new());
    let unguarded: Vec<String> = sqlx::query_scalar(
        "SELECT c.relname::text FROM pg_class AS c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relname ~ '^(audit_log|admin_actions|audit_seals)' AND c.relkind IN ('r', 'p')
          AND NOT EXISTS (SELECT FROM pg_trigger AS t WHERE t.tgrelid = c.oid AND t.tgname = 'append_only' AND t.tgenabled = 'O')",
    )
    .fetch_all(&mut owner)
    .await
    .unwrap();
    assert_eq!(unguarded, Vec::<String>::new());
}

#[tokio::test]
async fn every_login_role_is_refused() {
    let database = TestDatabase::create().await;
    let mut owner = database.connect("owner").await;
    fill(&mut owner).await;
    for role in ROLES {
        let mut connection = database.connect(role).await;
        for log in LOGS {
            let column = if log == "audit_seals" {
                "row_count = 7"
            } else {
                "request_id = NULL"
            };
            for statement in [
                format!("UPDATE {log} SET {column}"),
                format!("DELETE FROM {log}"),
                format!("TRUNCATE {log}"),
                format!("MERGE INTO {log} USING (VALUES (1)) AS v ON true WHEN MATCHED THEN DELETE"),
            ] {
                let refused = sqlx::raw_sql(&statement).execute(&mut connection).await;
                let refused = refused.expect_err(&format!("{role}: {statement}"));
                assert_eq!(
                    refused.as_database_error().unwrap().code().unwrap(),
                    "42501",
                    "{role}: {statement}"
                );
            }
        }
    }
    let kept: i64 = sqlx::query_scalar(
        "SELECT least((SELECT count(*) FROM admin_actions), (SELECT count(*) FROM audit_seals))",
    )
    .fetch_one(&mut owner)
    .await
    .unwrap();
    assert_eq!(kept, 1);
}

/// A row that a caller could date back would fall into a day that is sealed already.
#[tokio::test]
async fn an_action_is_dated_by_the_server() {
    let database = TestDatabase::create().await;
    for role in ["portal_api", "portal_admin"] {
        let mut connection = database.connect(role).await;
        for column in ["created_at", "request_id"] {
            let statement = format!(
                "INSERT INTO admin_actions (id, action, user_id, {column}) SELECT gen_random_uuid(), 'users.approve', gen_random_uuid(), NULL"
            );
            let refused = sqlx::raw_sql(&statement)
                .execute(&mut connection)
                .await
                .unwrap_err();
            assert!(refused.to_string().contains("permission denied"), "{refused}");
        }
    }
}

async fn fill(owner: &mut PgConnection) {
    sqlx::raw_sql(
        "INSERT INTO users (id, email, first_name, last_name)
        VALUES ('0198a7c0-0000-7000-8000-000000000002', 'staff@example.org', 'Stan', 'Staff');
        INSERT INTO admin_actions (id, action, user_id)
        VALUES (gen_random_uuid(), 'users.approve', '0198a7c0-0000-7000-8000-000000000002');
        INSERT INTO audit_seals (day, row_count, digest, object_key) VALUES ('2026-08-24', 0, sha256(''), 'k')",
    )
    .execute(owner)
    .await
    .unwrap();
}
