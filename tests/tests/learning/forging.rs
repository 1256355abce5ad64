//! What a member may not do to the own enrolment, whatever code would ask for it: under the role that production uses, past the API.

use portal_data::{DataError, Database};
use portal_tests::database::TestDatabase;
use portal_tests::members::Member;
use sqlx::postgres::PgConnection;
use uuid::Uuid;

struct Scene {
    owner: PgConnection,
    portal: Database,
    ana: Member,
    manager: Member,
    free: Uuid,
    paid: Uuid,
    module: Uuid,
}

async fn scene() -> Scene {
    let database = TestDatabase::create().await;
    let mut owner = database.connect("owner").await;
    let ana = Member::add(&mut owner, "ana", &[]).await;
    let manager = Member::add(&mut owner, "manager", &["course_manager"]).await;
    let portal = database.open("portal_api", false).await;
    let (free, paid, module) = (Uuid::now_v7(), Uuid::now_v7(), Uuid::now_v7());
    let courses = format!(
        "INSERT INTO courses (id, author_id, title, difficulty, price_cents, member_price_cents, is_published, published_at,
            certificate_valid_months)
        VALUES ('{free}', '{0}', 'Plans', 'BEGINNER', 0, NULL, true, now(), 12),
            ('{paid}', '{0}', 'Law', 'BEGINNER', 900, 400, true, now(), NULL);
        INSERT INTO course_modules (id, course_id, position, title) VALUES ('{module}', '{free}', 1, 'All')",
        manager.id
    );
    sqlx::raw_sql(&courses).execute(&mut owner).await.unwrap();
    Scene {
        owner,
        portal,
        ana,
        manager,
        free,
        paid,
        module,
    }
}

impl Scene {
    /// Runs a statement as somebody and commits; the number of rows it touched.
    async fn act(&self, who: Member, sql: &str) -> Result<u64, DataError> {
        let mut tx = self.portal.begin(&who.request()).await?;
        let touched = sqlx::query(sql).execute(&mut tx).await?.rows_affected();
        tx.commit().await?;
        Ok(touched)
    }

    async fn enroll(&self, course: Uuid, cents: i64) -> Result<Uuid, DataError> {
        let id = Uuid::now_v7();
        let sql = format!(
            "INSERT INTO course_enrollments (id, course_id, user_id, amount_cents) VALUES ('{id}', '{course}', '{}', {cents})",
            self.ana.id
        );
        self.act(self.ana, &sql).await.map(|_| id)
    }

    /// A completion with the names and the end that it should have, but for what is put in their place.
    async fn complete(&self, enrollment: Uuid, number: &str, changes: &str) -> Result<u64, DataError> {
        let sql = format!(
            "UPDATE course_enrollments AS e
            SET status = 'COMPLETED', completed_at = f.at, certificate_number = '{number}', certificate_holder = f.holder,
                certificate_course = f.course, certificate_expires_at = f.expires
            FROM (SELECT now() AS at, app.learner_name('{enrollment}') AS holder, 'Plans' AS course,
                app.certificate_expiry(now(), 12) AS expires) AS right_ones,
                LATERAL (SELECT {changes}) AS f
            WHERE e.id = '{enrollment}'"
        );
        self.act(self.ana, &sql).await
    }
}

fn denied(outcome: &Result<u64, DataError>) -> bool {
    matches!(outcome, Err(DataError::Denied(_)))
}

#[tokio::test]
async fn the_database_takes_no_price_but_its_own() {
    let mut scene = scene().await;
    for cents in [0, 400, 899] {
        let outcome = scene.enroll(scene.paid, cents).await;
        assert!(
            matches!(outcome, Err(DataError::Refused { .. })),
            "{cents}: {outcome:?}"
        );
    }
    let enrollment = scene.enroll(scene.paid, 900).await.unwrap();
    let set = async |scene: &Scene, columns: &str| {
        let sql = format!("UPDATE course_enrollments SET {columns} WHERE id = '{enrollment}'");
        scene.act(scene.ana, &sql).await
    };
    let cheaper = set(&scene, "amount_cents = 0").await;
    assert!(matches!(cheaper, Err(DataError::Refused { .. })), "{cheaper:?}");
    assert!(denied(&set(&scene, "paid_at = now()").await));
    // Who has become a member meanwhile pays the members' price.
    sqlx::query("UPDATE users SET membership_expires_at = now() + interval '1 day' WHERE id = $1")
        .bind(scene.ana.id)
        .execute(&mut scene.owner)
        .await
        .unwrap();
    assert_eq!(set(&scene, "amount_cents = 400").await.unwrap(), 1);
    let whole = format!(
        "INSERT INTO course_enrollments (id, course_id, user_id, amount_cents, paid_at) VALUES (gen_random_uuid(), '{}', '{}', 0, now())",
        scene.free, scene.ana.id
    );
    assert!(denied(&scene.act(scene.ana, &whole).await));
}

#[tokio::test]
async fn a_certificate_is_what_the_modules_bear_out_and_says_what_is_true() {
    let scene = scene().await;
    let enrollment = scene.enroll(scene.free, 0).await.unwrap();
    let right = "at, holder, course, expires";
    assert!(
        denied(&scene.complete(enrollment, "A", right).await),
        "nothing is done yet"
    );
    let done = format!(
        "INSERT INTO module_progress (enrollment_id, module_id, percent) VALUES ('{enrollment}', '{}', 100)",
        scene.module
    );
    scene.act(scene.ana, &done).await.unwrap();
    for forged in [
        "at, 'Forged' AS holder, course, expires",
        "at, holder, 'Forged' AS course, expires",
        "at, holder, course, expires + interval '1 day' AS expires",
        "at, holder, course, NULL::timestamptz AS expires",
        "at - interval '1 year' AS at, holder, course, app.certificate_expiry(now() - interval '1 year', 12) AS expires",
    ] {
        let outcome = scene.complete(enrollment, "A", forged).await;
        assert!(denied(&outcome), "{forged}: {outcome:?}");
    }
    assert_eq!(scene.complete(enrollment, "A", right).await.unwrap(), 1);
    for columns in [
        "certificate_holder = 'Forged'",
        "certificate_number = 'B'",
        "certificate_expires_at = NULL",
        "completed_at = now() + interval '1 second'",
        "status = 'IN_PROGRESS', certificate_number = NULL, certificate_holder = NULL, certificate_course = NULL,
            certificate_expires_at = NULL",
        "certificate_revoked_at = now(), certificate_revocation_reason = 'x'",
        "certificate_reminded_days = 7",
    ] {
        let sql = format!("UPDATE course_enrollments SET {columns} WHERE id = '{enrollment}'");
        let outcome = scene.act(scene.ana, &sql).await;
        assert!(denied(&outcome), "{columns}: {outcome:?}");
    }
    let revoked = format!(
        "UPDATE course_enrollments SET certificate_revoked_at = now(), certificate_revocation_reason = 'x' WHERE id = '{enrollment}'"
    );
    assert_eq!(scene.act(scene.manager, &revoked).await.unwrap(), 1);
    let own =
        "UPDATE course_enrollments SET certificate_revoked_at = NULL, certificate_revocation_reason = NULL";
    assert!(denied(&scene.act(scene.ana, own).await));
}

#[tokio::test]
async fn members_requests_write_mails_through_functions_alone_and_none_about_a_sign_in() {
    let scene = scene().await;
    let enrollment = scene.enroll(scene.free, 0).await.unwrap();
    let anywhere =
        "INSERT INTO outbox (id, kind, recipient) VALUES (gen_random_uuid(), 'AWARD_WON', 'x@example.org')";
    for who in [scene.ana, scene.manager] {
        assert!(denied(&scene.act(who, anywhere).await));
    }
    let told = |kind: &str| format!("SELECT app.notify_learner('{enrollment}', '{kind}', '1', '{{}}')");
    scene.act(scene.ana, &told("COURSE_ENROLLED")).await.unwrap();
    for kind in ["RESET_PASSWORD", "NEW_SIGN_IN", "EMAIL_CHANGE_CONFIRM"] {
        assert!(denied(&scene.act(scene.ana, &told(kind)).await), "{kind}");
    }
}

#[tokio::test]
async fn a_certificate_runs_out_at_the_end_of_its_day_where_the_association_is() {
    let mut scene = scene().await;
    for (issued, months, expires) in [
        // An evening in California, and the same day of another month.
        ("2026-11-28 06:21Z", 1, "2026-12-28 07:59:59.999999"),
        ("2026-11-28 08:30Z", 1, "2026-12-29 07:59:59.999999"),
        // The last day of a shorter month, also in a year that has one more.
        ("2026-01-31 18:00Z", 1, "2026-03-01 07:59:59.999999"),
        ("2024-02-29 18:00Z", 12, "2025-03-01 07:59:59.999999"),
        ("2023-02-28 18:00Z", 12, "2024-02-29 07:59:59.999999"),
        // Summer time holds at the one end, and not at the other.
        ("2026-07-05 18:00Z", 6, "2027-01-06 07:59:59.999999"),
        ("2026-01-05 18:00Z", 6, "2026-07-06 06:59:59.999999"),
    ] {
        let told: String = sqlx::query_scalar(
            "SELECT (app.certificate_expiry($1::timestamptz, $2) AT TIME ZONE 'UTC')::text",
        )
        .bind(issued)
        .bind(months)
        .fetch_one(&mut scene.owner)
        .await
        .unwrap();
        assert_eq!(told, expires, "{issued} {months}");
    }
}
