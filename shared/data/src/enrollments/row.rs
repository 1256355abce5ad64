//! A row of the list of enrolments, and what it becomes.

use portal_domain::course::Enrollment;
use portal_domain::listing::Moment;
use time::OffsetDateTime;
use uuid::Uuid;

use super::TABLE;
use crate::DataError;

pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) course_id: Uuid,
    pub(super) course_title: String,
    pub(super) user_id: Uuid,
    pub(super) member_name: Option<String>,
    pub(super) status: String,
    pub(super) progress_percent: i32,
    pub(super) amount_cents: i64,
    pub(super) currency: String,
    pub(super) paid_at: Option<OffsetDateTime>,
    pub(super) hold_expires_at: Option<OffsetDateTime>,
    pub(super) enrolled_at: OffsetDateTime,
    pub(super) completed_at: Option<OffsetDateTime>,
    pub(super) certificate_number: Option<String>,
    pub(super) certificate_expires_at: Option<OffsetDateTime>,
    pub(super) certificate_revoked_at: Option<OffsetDateTime>,
    pub(super) certificate_revocation_reason: Option<String>,
    pub(super) version: i32,
}

impl TryFrom<Row> for Enrollment {
    type Error = DataError;

    fn try_from(row: Row) -> Result<Self, DataError> {
        Ok(Self {
            id: row.id.into(),
            course_id: row.course_id.into(),
            course_title: row.course_title,
            user_id: row.user_id.into(),
            member_name: row.member_name.filter(|name| !name.is_empty()),
            status: TABLE.word(&row.status)?,
            progress_percent: row.progress_percent,
            amount_cents: TABLE.amount(row.amount_cents)?,
            currency: row.currency,
            paid_at: row.paid_at.map(Moment),
            hold_expires_at: row.hold_expires_at.map(Moment),
            enrolled_at: Moment(row.enrolled_at),
            completed_at: row.completed_at.map(Moment),
            certificate_number: row.certificate_number,
            certificate_expires_at: row.certificate_expires_at.map(Moment),
            certificate_revoked_at: row.certificate_revoked_at.map(Moment),
            certificate_revocation_reason: row.certificate_revocation_reason,
            version: row.version,
        })
    }
}
