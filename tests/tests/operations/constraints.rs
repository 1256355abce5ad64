//! What the database itself refuses.

use uuid::Uuid;

use crate::support::House;

async fn refused(house: &mut House, sql: &str) -> String {
    let error = sqlx::query(sql).execute(&mut house.owner).await.expect_err(sql);
    let error = error.into_database_error().unwrap();
    let constraint = error.constraint().map(str::to_owned);
    constraint.unwrap_or_else(|| error.code().unwrap().into_owned())
}

#[tokio::test]
async fn an_undo_is_asked_for_by_somebody_of_a_completed_import() {
    let mut house = House::create().await;
    let (staff, run) = (house.staff.id, Uuid::now_v7());
    house
        .execute(&format!(
            "INSERT INTO import_runs (id, bucket, object_key, state, finished_at) VALUES ('{run}', 'b', 'k', 'COMPLETED', now())"
        ))
        .await;
    for (change, constraint) in [
        ("undo_requested_at = now()", "import_runs_undo_asked_by"),
        (
            &*format!("undo_requested_by = '{staff}'"),
            "import_runs_undo_asked_by",
        ),
        (
            &format!("undo_requested_at = now(), undo_requested_by = '{staff}', state = 'FAILED'"),
            "import_runs_undo_of_completed",
        ),
        (
            &format!("undo_requested_at = now(), undo_requested_by = '{staff}', dry_run = true"),
            "import_runs_undo_of_completed",
        ),
        (
            &format!(
                "undo_requested_at = now(), undo_requested_by = '{}'",
                Uuid::now_v7()
            ),
            "import_runs_undo_requested_by_fkey",
        ),
    ] {
        let sql = format!("UPDATE import_runs SET {change} WHERE id = '{run}'");
        assert_eq!(refused(&mut house, &sql).await, constraint, "{change}");
    }
}

#[tokio::test]
async fn staff_ask_in_their_own_name_and_change_nothing_else() {
    let mut house = House::create().await;
    let run = Uuid::now_v7();
    house
        .execute(&format!(
            "INSERT INTO import_runs (id, bucket, object_key, state, finished_at) VALUES ('{run}', 'b', 'k', 'COMPLETED', now());
            INSERT INTO users (id, email, first_name, last_name) VALUES ('{run}', 'other@example.org', 'A', 'B')"
        ))
        .await;
    for change in [
        &*format!("undo_requested_at = now(), undo_requested_by = '{run}'"),
        "state = 'UNDONE'",
        "notes = '{}'",
    ] {
        let mut tx = house.admin.begin(&house.staff.request()).await.unwrap();
        let sql = format!("UPDATE import_runs SET {change} WHERE id = '{run}'");
        let error = sqlx::query(&sql).execute(&mut tx).await.expect_err(change);
        let code = error.into_database_error().unwrap().code().unwrap().into_owned();
        assert_eq!(code, "42501", "{change}");
        tx.rollback().await.unwrap();
    }
}
