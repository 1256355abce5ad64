//! What the clock does to enrolments and certificates, for the job of every minute. Each batch is one transaction; done twice, or by two
//! runs at once, it does nothing more.

use portal_domain::ids::EnrollmentId;
use serde_json::json;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use uuid::Uuid;

use super::take::notify;
use crate::{DataError, Tx};

/// Gives up enrolments that were not paid in time, and tells their members; how many.
///
/// # Errors
/// [`DataError`] of the queries.
pub async fn lapse(tx: &mut Tx, now: OffsetDateTime, limit: i64) -> Result<usize, DataError> {
    let ids: Vec<Uuid> = sqlx::query_scalar!(
        "UPDATE course_enrollments
        SET status = 'DROPPED', hold_expires_at = NULL, hold_lapsed_at = $1
        WHERE id IN (
            SELECT id FROM course_enrollments
            WHERE hold_expires_at <= $1
            ORDER BY hold_expires_at
            LIMIT $2
            FOR UPDATE SKIP LOCKED)
        RETURNING id",
        now,
        limit,
    )
    .fetch_all(&mut *tx)
    .await?;
    for id in &ids {
        notify(tx, EnrollmentId::from(*id), "COURSE_HOLD_EXPIRED", &json!({})).await?;
    }
    Ok(ids.len())
}

/// Reminds members whose certificates run out within 30 days, and again within 7; how many. Who was not reminded in time, or has a newer
/// certificate, is left alone.
///
/// # Errors
/// [`DataError`] of the queries.
pub async fn remind(tx: &mut Tx, now: OffsetDateTime, limit: i64) -> Result<usize, DataError> {
    let due = sqlx::query!(
        r#"UPDATE course_enrollments AS e
        SET certificate_reminded_days = d.days
        FROM (
            SELECT o.id, CASE WHEN o.certificate_expires_at <= $1::timestamptz + interval '7 days' THEN 7 ELSE 30 END AS days
            FROM course_enrollments AS o
            WHERE o.certificate_expires_at > $1 AND o.certificate_expires_at <= $1::timestamptz + interval '30 days'
                AND o.certificate_revoked_at IS NULL
                AND (o.certificate_reminded_days IS NULL
                    OR o.certificate_reminded_days > 7 AND o.certificate_expires_at <= $1::timestamptz + interval '7 days')
                AND NOT EXISTS (
                    SELECT FROM course_enrollments AS n
                    WHERE n.course_id = o.course_id AND n.user_id = o.user_id AND n.completed_at > o.completed_at
                        AND n.certificate_revoked_at IS NULL)
            ORDER BY o.certificate_expires_at, o.id
            LIMIT $2
            FOR UPDATE OF o SKIP LOCKED) AS d
        WHERE e.id = d.id
        RETURNING e.id, d.days AS "days!", e.certificate_expires_at AS "expires!""#,
        now,
        limit,
    );
    let due = due.fetch_all(&mut *tx).await?;
    for row in &due {
        let payload = json!({ "days": row.days, "expiresAt": row.expires.format(&Rfc3339).ok() });
        notify(tx, EnrollmentId::from(row.id), "CERTIFICATE_EXPIRING", &payload).await?;
    }
    Ok(due.len())
}
