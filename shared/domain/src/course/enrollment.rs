//! A member's way through a course.

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};
use utoipa::ToSchema;

use super::CertificateStanding;
use crate::ids::{CourseId, EnrollmentId, ModuleId, UserId};
use crate::listing::Moment;
use crate::money::Cents;
use crate::words::words;

/// So long before a certificate runs out the course can be taken again.
const RENEWAL: Duration = Duration::days(60);

words! {
    /// Where an enrolment stands.
    EnrollmentStatus {
        /// Taken up; until `holdExpiresAt`, where that is told, it waits for the payment.
        Enrolled = "ENROLLED",
        /// Begun.
        InProgress = "IN_PROGRESS",
        /// Done, with a certificate.
        Completed = "COMPLETED",
        /// Given up, or not paid in time.
        Dropped = "DROPPED",
    }
}

/// How long things of learning last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LearningTerms {
    /// How long an enrolment is held for its payment.
    pub hold: Duration,
}

impl LearningTerms {
    /// Until when an unpaid enrolment is held.
    #[must_use]
    pub fn hold_until(&self, now: OffsetDateTime) -> OffsetDateTime {
        now.saturating_add(self.hold)
    }
}

/// Whether who has a certificate may take its course again: it was revoked, it has run out, or soon will.
#[must_use]
pub fn renews(
    expires_at: Option<OffsetDateTime>,
    revoked_at: Option<OffsetDateTime>,
    now: OffsetDateTime,
) -> bool {
    CertificateStanding::of(expires_at, revoked_at, now.saturating_add(RENEWAL)) != CertificateStanding::Valid
}

/// An enrolment, as the member and those who run courses see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Enrollment {
    /// Its id.
    pub id: EnrollmentId,
    /// The course.
    pub course_id: CourseId,
    /// The course's title.
    pub course_title: String,
    /// The member.
    pub user_id: UserId,
    /// The member's name, as the directory shows it.
    #[schema(required)]
    pub member_name: Option<String>,
    /// Where it stands.
    pub status: EnrollmentStatus,
    /// How far the member has come over all modules that count, in hundredths.
    #[schema(minimum = 0, maximum = 100)]
    pub progress_percent: i32,
    /// What it costs.
    pub amount_cents: Cents,
    /// The currency (ISO 4217).
    #[schema(pattern = "^[A-Z]{3}$")]
    pub currency: String,
    /// When it was paid.
    #[schema(required)]
    pub paid_at: Option<Moment>,
    /// Until when it is held for the payment.
    #[schema(required)]
    pub hold_expires_at: Option<Moment>,
    /// When the member took it up.
    pub enrolled_at: Moment,
    /// When the course was completed.
    #[schema(required)]
    pub completed_at: Option<Moment>,
    /// The number of the certificate.
    #[schema(required)]
    pub certificate_number: Option<String>,
    /// Until when the certificate is good; null for ever.
    #[schema(required)]
    pub certificate_expires_at: Option<Moment>,
    /// When the certificate was revoked.
    #[schema(required)]
    pub certificate_revoked_at: Option<Moment>,
    /// Why; who verifies the certificate is not told.
    #[schema(required)]
    pub certificate_revocation_reason: Option<String>,
    /// Counts its changes.
    #[schema(minimum = 1)]
    pub version: i32,
}

/// How far a member has come in a module.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ModuleState {
    /// The module.
    pub module_id: ModuleId,
    /// Its place in the course, 1 for the first.
    #[schema(minimum = 1)]
    pub position: i32,
    /// Its title.
    pub title: String,
    /// Whether it counts towards the completion.
    pub is_required: bool,
    /// How far, in hundredths.
    #[schema(minimum = 0, maximum = 100)]
    pub percent: i32,
    /// When it was done.
    #[schema(required)]
    pub completed_at: Option<Moment>,
}

/// An enrolment with how far the member has come in each module.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EnrollmentDetails {
    /// The enrolment.
    #[serde(flatten)]
    pub enrollment: Enrollment,
    /// The modules, in their order.
    pub modules: Vec<ModuleState>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn a_course_is_taken_again_when_its_certificate_runs_out_soon() {
        let now = datetime!(2026-05-01 12:00 UTC);
        let at = |days| Some(now + Duration::days(days));
        assert!(!renews(None, None, now), "for ever");
        assert!(!renews(at(61), None, now));
        assert!(renews(at(60), None, now) && renews(at(-1), None, now));
        assert!(renews(at(400), at(-3), now), "revoked");
    }
}
