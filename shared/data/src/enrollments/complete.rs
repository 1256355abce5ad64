//! Completing a course: the state and the certificate in one statement.

use portal_domain::course::CertificateNumber;
use portal_domain::ids::EnrollmentId;
use serde_json::json;
use time::format_description::well_known::Rfc3339;

use super::Issuing;
use super::take::notify;
use crate::{DataError, Tx};

/// What is completed.
pub(super) struct Completed<'a> {
    /// The enrolment, whose row is locked or whose course is held alone.
    pub(super) id: EnrollmentId,
    /// How far it has come.
    pub(super) percent: i32,
    /// The course's title.
    pub(super) title: &'a str,
    /// For how many months the certificate is good; for ever without.
    pub(super) valid_months: Option<i32>,
}

/// Completes an enrolment and gives its certificate, with the names of this moment. The database says when it runs out, and takes no
/// completion that the modules do not bear out.
pub(super) async fn complete(
    tx: &mut Tx,
    completed: &Completed<'_>,
    issuing: Issuing,
) -> Result<(), DataError> {
    let number = CertificateNumber::of((issuing.random)());
    let expires = sqlx::query_scalar!(
        "UPDATE course_enrollments
        SET status = 'COMPLETED', progress_percent = $2, completed_at = $3, certificate_number = $4,
            certificate_holder = app.learner_name(id), certificate_course = $5, certificate_expires_at = app.certificate_expiry($3, $6)
        WHERE id = $1 AND status IN ('ENROLLED', 'IN_PROGRESS')
        RETURNING certificate_expires_at",
        completed.id.as_uuid(),
        completed.percent,
        issuing.now,
        number.to_string(),
        completed.title,
        completed.valid_months,
    );
    let expires = expires.fetch_one(&mut *tx).await?;
    let payload = json!({ "expiresAt": expires.and_then(|expires| expires.format(&Rfc3339).ok()) });
    notify(tx, completed.id, "COURSE_COMPLETED", &payload).await
}
