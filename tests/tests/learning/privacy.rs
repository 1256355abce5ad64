//! What the database itself keeps from members, whatever the function forgot.

use portal_tests::database::TestDatabase;
use portal_tests::members::Member;
use serde_json::{Value, json};
use sqlx::PgConnection;
use uuid::Uuid;

/// A priced course by a manager that a member has taken up and not paid; the course, the enrolment, and the module.
async fn scene(owner: &mut PgConnection) -> (Member, [Uuid; 3]) {
    let manager = Member::add(owner, "manager", &["course_manager"]).await;
    let member = Member::add(owner, "learner", &["member"]).await;
    let [course, enrollment, module] = [Uuid::now_v7(), Uuid::now_v7(), Uuid::now_v7()];
    let statements = format!(
        "INSERT INTO courses (id, author_id, title, difficulty, price_cents, is_published, published_at)
            VALUES ('{course}', '{}', 'A course', 'BEGINNER', 5, true, now());
        INSERT INTO course_modules (id, course_id, position, title, content) VALUES ('{module}', '{course}', 1, 'One', 'Taught');
        INSERT INTO course_enrollments (id, course_id, user_id, amount_cents) VALUES ('{enrollment}', '{course}', '{}', 5)",
        manager.id, member.id
    );
    sqlx::raw_sql(&statements).execute(owner).await.unwrap();
    (member, [course, enrollment, module])
}

#[tokio::test]
async fn a_member_cannot_open_what_is_not_paid() {
    let database = TestDatabase::create().await;
    let mut owner = database.connect("owner").await;
    let (member, [course, enrollment, module]) = scene(&mut owner).await;
    let api = database.open("portal_api", false).await;
    let read = async |sql: String| -> Value {
        let mut tx = api.begin(&member.request()).await.unwrap();
        let value = sqlx::query_scalar(&sql).fetch_one(&mut tx).await.unwrap();
        tx.rollback().await.unwrap();
        value
    };
    let listed = format!(
        "SELECT to_jsonb(content) FROM (SELECT COALESCE(content, '-') AS content FROM module_listings WHERE course_id = '{course}') AS m"
    );
    let counted = format!("SELECT to_jsonb(count(*)) FROM course_modules WHERE course_id = '{course}'");
    assert_eq!(
        (read(listed.clone()).await, read(counted.clone()).await),
        (json!("-"), json!(0))
    );
    let denied = async |sql: String| {
        let mut tx = api.begin(&member.request()).await.unwrap();
        let error = sqlx::query(&sql).execute(&mut tx).await.expect_err(&sql);
        tx.rollback().await.unwrap();
        error.into_database_error().unwrap().code().unwrap().into_owned()
    };
    for sql in [
        format!("UPDATE course_enrollments SET paid_at = now() WHERE id = '{enrollment}'"),
        format!(
            "UPDATE course_enrollments SET user_id = '{}' WHERE id = '{enrollment}'",
            Uuid::nil()
        ),
        format!(
            "INSERT INTO module_progress (enrollment_id, module_id, percent) VALUES ('{enrollment}', '{module}', 100)"
        ),
    ] {
        assert_eq!(denied(sql.clone()).await, "42501", "{sql}");
    }
    sqlx::query("UPDATE course_enrollments SET paid_at = now() WHERE id = $1")
        .bind(enrollment)
        .execute(&mut owner)
        .await
        .unwrap();
    assert_eq!(
        (read(listed).await, read(counted).await),
        (json!("Taught"), json!(1))
    );
}

#[tokio::test]
async fn a_member_writes_to_nobody_about_another_enrolment() {
    let database = TestDatabase::create().await;
    let mut owner = database.connect("owner").await;
    let (_, [_, enrollment, _]) = scene(&mut owner).await;
    let other = Member::add(&mut owner, "other", &["member"]).await;
    let api = database.open("portal_api", false).await;
    let mut tx = api.begin(&other.request()).await.unwrap();
    let error = sqlx::query("SELECT app.notify_learner($1, 'COURSE_COMPLETED', 'x', '{}')::text")
        .bind(enrollment)
        .fetch_one(&mut tx)
        .await
        .unwrap_err();
    assert_eq!(error.into_database_error().unwrap().code().unwrap(), "42501");
}
