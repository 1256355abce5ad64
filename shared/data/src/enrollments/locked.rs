//! Taking hold of an enrolment.

use portal_domain::course::EnrollmentStatus;
use portal_domain::ids::{CourseId, EnrollmentId, UserId};
use time::OffsetDateTime;

use super::TABLE;
use crate::{DataError, Tx};

/// An enrolment that this transaction alone can change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockedEnrollment {
    /// Its id.
    pub id: EnrollmentId,
    /// Where it stands.
    pub status: EnrollmentStatus,
    /// What it costs, in cents.
    pub amount_cents: i64,
    /// When it was paid.
    pub paid_at: Option<OffsetDateTime>,
    /// How far it has come.
    pub progress_percent: i32,
    /// Until when its certificate is good.
    pub certificate_expires_at: Option<OffsetDateTime>,
    /// When its certificate was revoked.
    pub certificate_revoked_at: Option<OffsetDateTime>,
    /// The row's version.
    pub version: i32,
}

/// Takes hold of an enrolment that the caller may see, for its version.
///
/// # Errors
/// [`DataError::NotFound`] where there is none, and those of the query.
pub async fn lock_version(tx: &mut Tx, id: EnrollmentId) -> Result<i32, DataError> {
    let version = sqlx::query_scalar!(
        "SELECT version FROM course_enrollments WHERE id = $1 FOR UPDATE",
        id.as_uuid()
    );
    version.fetch_optional(&mut *tx).await?.ok_or(DataError::NotFound)
}

/// Takes hold of a member's latest enrolment in a course.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn lock_latest(
    tx: &mut Tx,
    course: CourseId,
    member: UserId,
) -> Result<Option<LockedEnrollment>, DataError> {
    let row = sqlx::query!(
        "SELECT id, status, amount_cents, paid_at, progress_percent, certificate_expires_at, certificate_revoked_at, version
        FROM course_enrollments
        WHERE course_id = $1 AND user_id = $2
        ORDER BY enrolled_at DESC, id DESC
        LIMIT 1
        FOR UPDATE",
        course.as_uuid(),
        member.as_uuid(),
    );
    let Some(row) = row.fetch_optional(&mut *tx).await? else {
        return Ok(None);
    };
    Ok(Some(LockedEnrollment {
        id: row.id.into(),
        status: TABLE.word(&row.status)?,
        amount_cents: row.amount_cents,
        paid_at: row.paid_at,
        progress_percent: row.progress_percent,
        certificate_expires_at: row.certificate_expires_at,
        certificate_revoked_at: row.certificate_revoked_at,
        version: row.version,
    }))
}
