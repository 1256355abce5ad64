//! What the database itself refuses, whatever writes.

use portal_tests::database::TestDatabase;

#[tokio::test]
async fn records_that_cannot_be_are_refused() {
    let database = TestDatabase::create().await;
    let mut owner = database.connect("owner").await;
    let whole = "manifest_key = 'm', size_bytes = 1, sha256 = sha256('x'), finished_at = now()";
    sqlx::raw_sql("INSERT INTO backups (id, object_key) VALUES (gen_random_uuid(), 'k')")
        .execute(&mut owner)
        .await
        .unwrap();
    for (change, constraint) in [
        ("sha256 = 'short'", "backups_sha256_check"),
        ("restore_seconds = -1", "backups_restore_seconds_check"),
        ("size_bytes = -1", "backups_size_bytes_check"),
        ("state = 'STORED'", "backups_stored_whole"),
        (
            &format!("state = 'STORED', {whole}, sha256 = NULL").replace("sha256 = sha256('x'), ", ""),
            "backups_stored_whole",
        ),
        (&format!("state = 'PROVEN', {whole}"), "backups_proven_when"),
        (
            &format!("state = 'PROVEN', {whole}, proven_at = now()"),
            "backups_proven_when",
        ),
        ("state = 'FAILED'", "backups_failed_why"),
        ("state = 'LOST'", "backups_state_check"),
        ("lost_at = now()", "backups_lost_failed"),
    ] {
        let error = sqlx::query(&format!("UPDATE backups SET {change}"))
            .execute(&mut owner)
            .await
            .expect_err(change);
        let error = error.into_database_error().unwrap();
        assert_eq!(error.constraint(), Some(constraint), "{change}");
    }
    let proven =
        format!("UPDATE backups SET state = 'PROVEN', {whole}, proven_at = now(), restore_seconds = 0");
    sqlx::raw_sql(&proven).execute(&mut owner).await.unwrap();
}

/// The role of the backups reads everything, and changes nothing but the record of its work.
#[tokio::test]
async fn the_role_of_the_backups_changes_nothing_else() {
    let database = TestDatabase::create().await;
    let mut owner = database.connect("owner").await;
    let may: Vec<String> = sqlx::query_scalar(
        "SELECT DISTINCT table_name || ' ' || privilege_type FROM information_schema.role_table_grants
        WHERE grantee = 'portal_backup' AND table_schema = 'public' AND privilege_type <> 'SELECT' ORDER BY 1",
    )
    .fetch_all(&mut owner)
    .await
    .unwrap();
    assert_eq!(
        may,
        [
            "backups INSERT",
            "backups UPDATE",
            "job_locks INSERT",
            "job_locks UPDATE",
            "job_runs INSERT",
            "job_runs UPDATE"
        ]
    );
}
