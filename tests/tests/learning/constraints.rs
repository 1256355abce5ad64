//! What the database itself refuses, whatever writes.

use portal_tests::database::TestDatabase;
use portal_tests::members::Member;
use sqlx::PgConnection;
use uuid::Uuid;

struct Rows {
    course: Uuid,
    enrollment: Uuid,
}

/// A course with a module, and a member who is half through it.
async fn rows(owner: &mut PgConnection) -> Rows {
    let member = Member::add(owner, "learner", &[]).await;
    let (course, module, enrollment) = (Uuid::now_v7(), Uuid::now_v7(), Uuid::now_v7());
    let statements = format!(
        "INSERT INTO courses (id, author_id, title, difficulty, price_cents) VALUES ('{course}', '{0}', 'A course', 'BEGINNER', 5);
        INSERT INTO course_modules (id, course_id, position, title) VALUES ('{module}', '{course}', 1, 'One');
        INSERT INTO course_enrollments (id, course_id, user_id) VALUES ('{enrollment}', '{course}', '{0}');
        INSERT INTO module_progress (enrollment_id, module_id, percent) VALUES ('{enrollment}', '{module}', 50)",
        member.id
    );
    sqlx::raw_sql(&statements).execute(owner).await.unwrap();
    Rows { course, enrollment }
}

/// The constraint or the state that a statement about a row runs into.
async fn refused(owner: &mut PgConnection, sql: &str, id: Uuid) -> String {
    let error = sqlx::query(sql).bind(id).execute(owner).await.expect_err(sql);
    let error = error.into_database_error().unwrap();
    let constraint = error.constraint().map(str::to_owned);
    constraint.unwrap_or_else(|| error.code().unwrap().into_owned())
}

#[tokio::test]
async fn rows_that_cannot_be_are_refused() {
    let database = TestDatabase::create().await;
    let mut owner = database.connect("owner").await;
    let rows = rows(&mut owner).await;
    let certified = "status = 'COMPLETED', completed_at = now(), certificate_number = 'n', certificate_holder = 'A', certificate_course = 'B'";
    for (change, constraint) in [
        ("certificate_number = 'n'", "course_enrollments_certificate"),
        ("certificate_expires_at = now()", "course_enrollments_certificate"),
        (
            "certificate_number = 'n', certificate_holder = 'A', certificate_course = 'B'",
            "course_enrollments_certified_when_completed",
        ),
        (
            &format!("{certified}, certificate_revoked_at = now()"),
            "course_enrollments_revocation",
        ),
        ("hold_expires_at = now()", "course_enrollments_held_unpaid"),
        (
            "status = 'IN_PROGRESS', amount_cents = 5",
            "course_enrollments_paid_before_learning",
        ),
        ("currency = 'usd'", "course_enrollments_currency_check"),
        (
            "certificate_reminded_days = 0",
            "course_enrollments_certificate_reminded_days_check",
        ),
    ] {
        let sql = format!("UPDATE course_enrollments SET {change} WHERE id = $1");
        assert_eq!(
            refused(&mut owner, &sql, rows.enrollment).await,
            constraint,
            "{change}"
        );
    }
    for (change, constraint) in [
        ("member_price_cents = 6", "courses_member_price"),
        ("is_published = true", "courses_published_at"),
        ("category = ''", "courses_category_length"),
        ("description = repeat('x', 20001)", "courses_description_length"),
    ] {
        let sql = format!("UPDATE courses SET {change} WHERE id = $1");
        assert_eq!(
            refused(&mut owner, &sql, rows.course).await,
            constraint,
            "{change}"
        );
    }
    let long = "UPDATE course_modules SET title = repeat('x', 301) WHERE course_id = $1";
    assert_eq!(
        refused(&mut owner, long, rows.course).await,
        "course_modules_title_length"
    );
    let back = "UPDATE module_progress SET percent = 49 WHERE enrollment_id = $1";
    assert_eq!(refused(&mut owner, back, rows.enrollment).await, "PB409");
}

#[tokio::test]
async fn turns_that_cannot_be_are_refused() {
    let database = TestDatabase::create().await;
    let mut owner = database.connect("owner").await;
    let member = Member::add(&mut owner, "ana", &[]).await;
    for (values, constraint) in [
        ("'Seats', '{}'", "member_turns_action_check"),
        (
            "'seats', array_fill(now(), ARRAY[1001])",
            "member_turns_taken_check",
        ),
    ] {
        let sql = format!("INSERT INTO member_turns (user_id, action, taken) VALUES ($1, {values})");
        assert_eq!(refused(&mut owner, &sql, member.id).await, constraint);
    }
}

#[tokio::test]
async fn of_ways_through_a_course_one_is_under_way() {
    let database = TestDatabase::create().await;
    let mut owner = database.connect("owner").await;
    let rows = rows(&mut owner).await;
    let again = "INSERT INTO course_enrollments (id, course_id, user_id)
        SELECT gen_random_uuid(), course_id, user_id FROM course_enrollments WHERE id = $1";
    assert_eq!(
        refused(&mut owner, again, rows.enrollment).await,
        "course_enrollments_one_per_member"
    );
    sqlx::query("UPDATE course_enrollments SET status = 'COMPLETED', completed_at = now() WHERE id = $1")
        .bind(rows.enrollment)
        .execute(&mut owner)
        .await
        .unwrap();
    let added = sqlx::query(again)
        .bind(rows.enrollment)
        .execute(&mut owner)
        .await
        .unwrap();
    assert_eq!(added.rows_affected(), 1);
}
