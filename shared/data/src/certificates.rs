//! Certificates: anyone who has the number of one verifies it, its member has it as a document, and staff revoke it.

use portal_domain::course::{CertificateNumber, EnrollmentStatus};
use portal_domain::ids::{EnrollmentId, UserId};
use portal_domain::mail::MailKind;
use serde_json::{Value, json};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::enrollments::TABLE;
use crate::single_row::one;
use crate::{DataError, Tx};

/// What stands on a certificate, as it was when it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// Its number.
    pub number: CertificateNumber,
    /// Whom it was given.
    pub holder: String,
    /// The title of the course.
    pub course: String,
    /// When it was given.
    pub issued_at: OffsetDateTime,
    /// Until when it is good; for ever without.
    pub expires_at: Option<OffsetDateTime>,
    /// When it was revoked.
    pub revoked_at: Option<OffsetDateTime>,
}

/// The certificate of an enrolment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfEnrollment {
    /// Whose enrolment it is.
    pub member: UserId,
    /// Where the enrolment stands.
    pub status: EnrollmentStatus,
    /// The certificate, once the course is completed.
    pub certificate: Option<Certificate>,
}

/// The certificate with a number, for anyone.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn find(tx: &mut Tx, number: &CertificateNumber) -> Result<Option<Certificate>, DataError> {
    let row = sqlx::query!(
        r#"SELECT holder AS "holder!", course AS "course!", issued_at AS "issued_at!", expires_at, revoked_at
        FROM app.find_certificate($1)"#,
        number.to_string()
    );
    let row = row.fetch_optional(&mut *tx).await?;
    Ok(row.map(|row| Certificate {
        number: number.clone(),
        holder: row.holder,
        course: row.course,
        issued_at: row.issued_at,
        expires_at: row.expires_at,
        revoked_at: row.revoked_at,
    }))
}

/// The certificate of an enrolment that the caller may see.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn of_enrollment(tx: &mut Tx, id: EnrollmentId) -> Result<Option<OfEnrollment>, DataError> {
    let row = sqlx::query!(
        "SELECT user_id, status, certificate_number, certificate_holder, certificate_course, completed_at, certificate_expires_at,
            certificate_revoked_at
        FROM course_enrollments
        WHERE id = $1",
        id.as_uuid()
    );
    let Some(row) = row.fetch_optional(&mut *tx).await? else {
        return Ok(None);
    };
    let parts = (
        row.certificate_number,
        row.certificate_holder,
        row.certificate_course,
        row.completed_at,
    );
    let certificate = match parts {
        (Some(number), Some(holder), Some(course), Some(issued_at)) => Some(Certificate {
            number: number.parse().map_err(|error| TABLE.corrupt(&error))?,
            holder,
            course,
            issued_at,
            expires_at: row.certificate_expires_at,
            revoked_at: row.certificate_revoked_at,
        }),
        _ => None,
    };
    Ok(Some(OfEnrollment {
        member: row.user_id.into(),
        status: TABLE.word(&row.status)?,
        certificate,
    }))
}

/// Revokes a certificate, for a reason that its member is told; one that was revoked before gets the new reason and keeps its date. For
/// those who run courses.
///
/// # Errors
/// [`DataError::NotFound`] when there is none by this number, and those of the queries.
pub async fn revoke(
    tx: &mut Tx,
    number: &CertificateNumber,
    reason: &str,
    now: OffsetDateTime,
) -> Result<(), DataError> {
    let revoked = sqlx::query!(
        "UPDATE course_enrollments
        SET certificate_revoked_at = COALESCE(certificate_revoked_at, $2), certificate_revocation_reason = $3
        WHERE certificate_number = $1
        RETURNING id, certificate_revoked_at",
        number.to_string(),
        now,
        reason,
    );
    let revoked = revoked
        .fetch_optional(&mut *tx)
        .await?
        .ok_or(DataError::NotFound)?;
    let revoked_at = revoked.certificate_revoked_at.unwrap_or(now);
    let payload = json!({ "reason": reason });
    tell(tx, revoked.id, MailKind::CertificateRevoked, revoked_at, &payload).await
}

/// Takes the revocation of a certificate back, and tells its member where there was one. For those who run courses.
///
/// # Errors
/// [`DataError::NotFound`] when there is none by this number, and those of the queries.
pub async fn reinstate(tx: &mut Tx, number: &CertificateNumber) -> Result<(), DataError> {
    let revoked = sqlx::query!(
        "SELECT id, certificate_revoked_at FROM course_enrollments WHERE certificate_number = $1 FOR UPDATE",
        number.to_string(),
    );
    let revoked = revoked
        .fetch_optional(&mut *tx)
        .await?
        .ok_or(DataError::NotFound)?;
    let Some(revoked_at) = revoked.certificate_revoked_at else {
        return Ok(());
    };
    let reinstated = sqlx::query!(
        "UPDATE course_enrollments SET certificate_revoked_at = NULL, certificate_revocation_reason = NULL WHERE id = $1",
        revoked.id,
    );
    one(reinstated.execute(&mut *tx).await?.rows_affected())?;
    tell(
        tx,
        revoked.id,
        MailKind::CertificateReinstated,
        revoked_at,
        &json!({}),
    )
    .await
}

/// One mail about a revocation, known by its date: however often its reason is written.
async fn tell(
    tx: &mut Tx,
    enrollment: Uuid,
    kind: MailKind,
    revoked_at: OffsetDateTime,
    payload: &Value,
) -> Result<(), DataError> {
    sqlx::query!(
        r#"SELECT app.notify_learner($1, $2, $3, $4)::text AS "nothing""#,
        enrollment,
        kind.as_str(),
        revoked_at.unix_timestamp_nanos().to_string(),
        payload,
    )
    .fetch_one(&mut *tx)
    .await?;
    Ok(())
}
