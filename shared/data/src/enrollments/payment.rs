//! What a payment does to an enrolment, in the transaction that records the payment. For jobs.

use portal_domain::ids::EnrollmentId;
use portal_domain::money::Cents;
use serde_json::json;
use time::OffsetDateTime;

use super::take::notify;
use crate::single_row::one;
use crate::{DataError, Tx};

/// What came of a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Payment {
    /// The course is open to the member.
    Opened,
    /// It was paid before: nothing has changed.
    PaidBefore,
    /// The member has given the course up: the money goes back.
    GivenUp,
    /// It is not what the course costs: the money goes back.
    OtherAmount,
}

/// Confirms the payment of an enrolment. One that comes late, when the hold has run out, still counts: there is room for everybody.
///
/// # Errors
/// [`DataError::NotFound`] for an unknown enrolment, and those of the queries.
pub async fn confirm_payment(
    tx: &mut Tx,
    id: EnrollmentId,
    amount: Cents,
    now: OffsetDateTime,
) -> Result<Payment, DataError> {
    let locked = sqlx::query!(
        "SELECT status, amount_cents, paid_at, hold_lapsed_at FROM course_enrollments WHERE id = $1 FOR UPDATE",
        id.as_uuid()
    );
    let locked = locked
        .fetch_optional(&mut *tx)
        .await?
        .ok_or(DataError::NotFound)?;
    if locked.status == "DROPPED" && locked.hold_lapsed_at.is_none() {
        return Ok(Payment::GivenUp);
    }
    if locked.paid_at.is_some() {
        return Ok(Payment::PaidBefore);
    }
    if locked.amount_cents == 0 || locked.amount_cents != amount.get() {
        return Ok(Payment::OtherAmount);
    }
    let paid = sqlx::query!(
        "UPDATE course_enrollments
        SET status = CASE WHEN progress_percent > 0 THEN 'IN_PROGRESS' ELSE 'ENROLLED' END,
            paid_at = $2, hold_expires_at = NULL, hold_lapsed_at = NULL
        WHERE id = $1",
        id.as_uuid(),
        now,
    );
    one(paid.execute(&mut *tx).await?.rows_affected())?;
    notify(tx, id, "COURSE_ENROLLED", &json!({})).await?;
    Ok(Payment::Opened)
}

/// Takes a course back whose money went back. One that is completed stays, with its certificate.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn revoke_payment(tx: &mut Tx, id: EnrollmentId) -> Result<(), DataError> {
    sqlx::query!(
        "UPDATE course_enrollments
        SET status = 'DROPPED', paid_at = NULL, hold_expires_at = NULL, hold_lapsed_at = NULL
        WHERE id = $1 AND status <> 'COMPLETED'",
        id.as_uuid()
    )
    .execute(&mut *tx)
    .await?;
    Ok(())
}
