//! Enrolments by lists and by their ids, and how far each has come in the modules.

use portal_domain::course::{Enrollment, ModuleState};
use portal_domain::ids::{CourseId, EnrollmentId, UserId};
use portal_domain::listing::Moment;
use time::OffsetDateTime;
use uuid::Uuid;

use super::row::Row;
use super::{EnrollmentFilters, EnrollmentPosition};
use crate::columns::states;
use crate::projects::instant;
use crate::{DataError, Tx};

/// A page of enrolments, the latest first.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn list(
    tx: &mut Tx,
    filters: &EnrollmentFilters,
    after: Option<EnrollmentPosition>,
    limit: i64,
) -> Result<Vec<Enrollment>, DataError> {
    let statuses = states(&filters.statuses);
    let rows = sqlx::query_file_as!(
        Row,
        "src/enrollments/list.sql",
        None::<Uuid>,
        filters.course.map(CourseId::as_uuid),
        filters.member.map(UserId::as_uuid),
        statuses.as_deref(),
        after.map(|after| instant(after.enrolled_micros)),
        after.map(|after| after.id.as_uuid()),
        limit,
    );
    let rows = rows.fetch_all(&mut *tx).await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// How many enrolments a list has.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn count(tx: &mut Tx, filters: &EnrollmentFilters) -> Result<i64, DataError> {
    let statuses = states(&filters.statuses);
    let count = sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM course_enrollments
        WHERE ($1::uuid IS NULL OR course_id = $1)
            AND ($2::uuid IS NULL OR user_id = $2)
            AND ($3::text[] IS NULL OR status = ANY ($3))"#,
        filters.course.map(CourseId::as_uuid),
        filters.member.map(UserId::as_uuid),
        statuses.as_deref(),
    );
    Ok(count.fetch_one(&mut *tx).await?)
}

/// The enrolment with an id, if the caller may see it.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn lookup(tx: &mut Tx, id: EnrollmentId) -> Result<Option<Enrollment>, DataError> {
    let row = sqlx::query_file_as!(
        Row,
        "src/enrollments/list.sql",
        Some(id.as_uuid()),
        None::<Uuid>,
        None::<Uuid>,
        None::<&[String]>,
        None::<OffsetDateTime>,
        None::<Uuid>,
        1,
    );
    row.fetch_optional(&mut *tx)
        .await?
        .map(TryInto::try_into)
        .transpose()
}

/// How far an enrolment has come in each module of its course, in their order; modules that are not begun stand at nothing.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn list_module_states(tx: &mut Tx, id: EnrollmentId) -> Result<Vec<ModuleState>, DataError> {
    let rows = sqlx::query!(
        r#"SELECT m.id AS "id!", m.position AS "position!", m.title AS "title!", m.is_required AS "is_required!",
            COALESCE(p.percent, 0) AS "percent!", p.completed_at AS "completed_at?"
        FROM course_enrollments AS e
        JOIN module_listings AS m ON m.course_id = e.course_id
        LEFT JOIN module_progress AS p ON p.enrollment_id = e.id AND p.module_id = m.id
        WHERE e.id = $1
        ORDER BY m.position"#,
        id.as_uuid(),
    );
    let rows = rows.fetch_all(&mut *tx).await?;
    let states = rows.into_iter().map(|row| ModuleState {
        module_id: row.id.into(),
        position: row.position,
        title: row.title,
        is_required: row.is_required,
        percent: row.percent,
        completed_at: row.completed_at.map(Moment),
    });
    Ok(states.collect())
}
