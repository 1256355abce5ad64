//! What a change of a course's modules, or of its rule, does to those who are under way.

use portal_domain::course::{Completion, ModuleProgress};
use portal_domain::ids::CourseId;
use uuid::Uuid;

use super::Issuing;
use super::complete::{Completed, complete};
use crate::{DataError, Tx};

/// How many enrolments are looked at at once.
const BATCH: i64 = 500;

/// An enrolment that is under way, or completed with something left.
struct UnderWay {
    id: Uuid,
    is_completed: bool,
    noted: i32,
    required: Vec<bool>,
    percents: Vec<i32>,
}

/// Completes who has done enough of a course as it is now, and notes how far the others have come. The course is locked. Who has completed
/// it keeps the certificate, and has never come less far than before. For those who run courses.
///
/// # Errors
/// [`DataError`] of the queries.
pub async fn settle_course(tx: &mut Tx, course: CourseId, issuing: Issuing) -> Result<(), DataError> {
    let rule = sqlx::query!(
        "SELECT title, completion_percent, certificate_valid_months FROM courses WHERE id = $1",
        course.as_uuid()
    );
    let rule = rule.fetch_one(&mut *tx).await?;
    let mut after = None;
    loop {
        let batch = under_way(tx, course, after).await?;
        let Some(last) = batch.last() else { return Ok(()) };
        after = Some(last.id);
        let (mut ids, mut percents) = (Vec::new(), Vec::new());
        for enrollment in batch {
            let states: Vec<_> = enrollment
                .required
                .iter()
                .zip(&enrollment.percents)
                .map(|(is_required, percent)| ModuleProgress {
                    is_required: *is_required,
                    percent: *percent,
                })
                .collect();
            let completion = Completion::of(&states);
            let percent = if enrollment.is_completed {
                completion.percent.max(enrollment.noted)
            } else {
                completion.percent
            };
            if !enrollment.is_completed && completion.completes(rule.completion_percent) {
                let completed = Completed {
                    id: enrollment.id.into(),
                    percent,
                    title: &rule.title,
                    valid_months: rule.certificate_valid_months,
                };
                complete(tx, &completed, issuing).await?;
            } else if percent != enrollment.noted {
                ids.push(enrollment.id);
                percents.push(percent);
            }
        }
        note(tx, &ids, &percents).await?;
    }
}

async fn under_way(tx: &mut Tx, course: CourseId, after: Option<Uuid>) -> Result<Vec<UnderWay>, DataError> {
    let rows = sqlx::query_as!(
        UnderWay,
        r#"SELECT e.id, e.status = 'COMPLETED' AS "is_completed!", e.progress_percent AS noted,
            ARRAY(SELECT m.is_required FROM course_modules AS m WHERE m.course_id = e.course_id ORDER BY m.position) AS "required!",
            ARRAY(
                SELECT COALESCE(p.percent, 0) FROM course_modules AS m
                LEFT JOIN module_progress AS p ON p.module_id = m.id AND p.enrollment_id = e.id
                WHERE m.course_id = e.course_id ORDER BY m.position) AS "percents!"
        FROM course_enrollments AS e
        WHERE e.course_id = $1
            AND (e.status IN ('ENROLLED', 'IN_PROGRESS') AND (e.amount_cents = 0 OR e.paid_at IS NOT NULL)
                OR e.status = 'COMPLETED' AND e.progress_percent < 100)
            AND ($2::uuid IS NULL OR e.id > $2)
        ORDER BY e.id
        LIMIT $3
        FOR UPDATE OF e"#,
        course.as_uuid(),
        after,
        BATCH,
    );
    Ok(rows.fetch_all(&mut *tx).await?)
}

/// Notes how far enrolments have come.
async fn note(tx: &mut Tx, ids: &[Uuid], percents: &[i32]) -> Result<(), DataError> {
    if ids.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        "UPDATE course_enrollments AS e SET progress_percent = n.percent
        FROM unnest($1::uuid[], $2::integer[]) AS n (id, percent)
        WHERE e.id = n.id",
        ids,
        percents,
    )
    .execute(&mut *tx)
    .await?;
    Ok(())
}
