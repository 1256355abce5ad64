//! Going on in a course. Progress in a module only moves forward.

use portal_domain::course::{Completion, EnrollmentStatus, ModuleProgress};
use portal_domain::ids::{CourseId, EnrollmentId, ModuleId, UserId};
use time::OffsetDateTime;

use super::Issuing;
use super::TABLE;
use super::complete::{Completed, complete};
use super::take::refused;
use crate::single_row::one;
use crate::{DataError, Tx};

/// The course and the member of an enrolment that the caller may see.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn course_of(tx: &mut Tx, id: EnrollmentId) -> Result<Option<(CourseId, UserId)>, DataError> {
    let row = sqlx::query!(
        "SELECT course_id, user_id FROM course_enrollments WHERE id = $1",
        id.as_uuid()
    );
    let row = row.fetch_optional(&mut *tx).await?;
    Ok(row.map(|row| (row.course_id.into(), row.user_id.into())))
}

/// Notes how far the caller has come in a module of a course that is held. Less than was noted before changes nothing. Who has done
/// enough completes the course, with a certificate.
///
/// # Errors
/// [`DataError::NotFound`] when the course has no such module, [`DataError::Refused`] when the enrolment is not open, and those of the
/// queries.
pub async fn record(
    tx: &mut Tx,
    (id, course): (EnrollmentId, CourseId),
    module: ModuleId,
    percent: i32,
    issuing: Issuing,
) -> Result<(), DataError> {
    let locked = sqlx::query!(
        r#"SELECT status, progress_percent, amount_cents = 0 OR paid_at IS NOT NULL AS "is_paid!"
        FROM course_enrollments WHERE id = $1 FOR UPDATE"#,
        id.as_uuid()
    );
    let locked = locked.fetch_one(&mut *tx).await?;
    let status: EnrollmentStatus = TABLE.word(&locked.status)?;
    if status == EnrollmentStatus::Dropped {
        return Err(refused("You have given this course up: take it up again first."));
    }
    if !locked.is_paid {
        return Err(refused("This course is not paid yet."));
    }
    move_forward(tx, (id, course), module, percent, issuing.now).await?;
    let modules = states(tx, id, course).await?;
    let has_begun = modules.iter().any(|module| module.percent > 0);
    let completion = Completion::of(&modules);
    if status == EnrollmentStatus::Completed {
        let percent = completion.percent.max(locked.progress_percent);
        return keep(tx, id, status, percent, locked.progress_percent != percent).await;
    }
    let rule = sqlx::query!(
        r#"SELECT completion_percent AS "asked!", title AS "title!", certificate_valid_months FROM course_listings WHERE id = $1"#,
        course.as_uuid()
    );
    let rule = rule.fetch_one(&mut *tx).await?;
    if completion.completes(rule.asked) {
        let completed = Completed {
            id,
            percent: completion.percent,
            title: &rule.title,
            valid_months: rule.certificate_valid_months,
        };
        return complete(tx, &completed, issuing).await;
    }
    let now = if has_begun {
        EnrollmentStatus::InProgress
    } else {
        status
    };
    let changes = (now, completion.percent) != (status, locked.progress_percent);
    keep(tx, id, now, completion.percent, changes).await
}

async fn move_forward(
    tx: &mut Tx,
    (id, course): (EnrollmentId, CourseId),
    module: ModuleId,
    percent: i32,
    now: OffsetDateTime,
) -> Result<(), DataError> {
    let known = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM module_listings WHERE id = $1 AND course_id = $2) AS "known!""#,
        module.as_uuid(),
        course.as_uuid(),
    );
    if !known.fetch_one(&mut *tx).await? {
        return Err(DataError::NotFound);
    }
    sqlx::query!(
        "INSERT INTO module_progress (enrollment_id, module_id, percent, completed_at)
        VALUES ($1, $2, $3, CASE WHEN $3 = 100 THEN $4::timestamptz END)
        ON CONFLICT (enrollment_id, module_id) DO UPDATE
            SET percent = EXCLUDED.percent, completed_at = EXCLUDED.completed_at, updated_at = now()
            WHERE module_progress.percent < EXCLUDED.percent",
        id.as_uuid(),
        module.as_uuid(),
        percent,
        now,
    )
    .execute(&mut *tx)
    .await?;
    Ok(())
}

async fn states(tx: &mut Tx, id: EnrollmentId, course: CourseId) -> Result<Vec<ModuleProgress>, DataError> {
    let rows = sqlx::query!(
        r#"SELECT m.is_required AS "is_required!", COALESCE(p.percent, 0) AS "percent!"
        FROM module_listings AS m
        LEFT JOIN module_progress AS p ON p.module_id = m.id AND p.enrollment_id = $1
        WHERE m.course_id = $2"#,
        id.as_uuid(),
        course.as_uuid(),
    );
    let rows = rows.fetch_all(&mut *tx).await?;
    let states = rows.into_iter().map(|row| ModuleProgress {
        is_required: row.is_required,
        percent: row.percent,
    });
    Ok(states.collect())
}

/// Writes where an enrolment stands, if that is new.
async fn keep(
    tx: &mut Tx,
    id: EnrollmentId,
    status: EnrollmentStatus,
    percent: i32,
    changes: bool,
) -> Result<(), DataError> {
    if !changes {
        return Ok(());
    }
    let kept = sqlx::query!(
        "UPDATE course_enrollments SET status = $2, progress_percent = $3 WHERE id = $1",
        id.as_uuid(),
        status.as_str(),
        percent,
    );
    one(kept.execute(&mut *tx).await?.rows_affected())
}
