//! A certificate as anyone who has its number sees it.

use portal_data::certificates::Certificate;
use portal_domain::course::CertificateStanding;
use portal_domain::listing::Moment;
use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;

/// A certificate.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CertificateBody {
    /// Its number.
    pub(crate) number: String,
    /// What it is worth at this moment.
    pub(crate) status: CertificateStanding,
    /// Whom it was given.
    pub(crate) holder_name: String,
    /// The title of the course.
    pub(crate) course_title: String,
    /// When the course was completed.
    pub(crate) issued_at: Moment,
    /// Until when it is good; null for ever.
    #[schema(required)]
    pub(crate) expires_at: Option<Moment>,
    /// When it was revoked.
    #[schema(required)]
    pub(crate) revoked_at: Option<Moment>,
}

impl CertificateBody {
    /// The certificate at a moment.
    pub(crate) fn of(certificate: Certificate, now: OffsetDateTime) -> Self {
        Self {
            number: certificate.number.to_string(),
            status: CertificateStanding::of(certificate.expires_at, certificate.revoked_at, now),
            holder_name: certificate.holder,
            course_title: certificate.course,
            issued_at: Moment(certificate.issued_at),
            expires_at: certificate.expires_at.map(Moment),
            revoked_at: certificate.revoked_at.map(Moment),
        }
    }
}
