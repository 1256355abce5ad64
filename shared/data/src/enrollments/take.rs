//! Taking a course up, and giving it up.

use portal_domain::course::{EnrollmentStatus, LearningTerms, renews};
use portal_domain::ids::{EnrollmentId, UserId};
use portal_domain::listing::CourseListing;
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use uuid::Uuid;

use super::locked::LockedEnrollment;
use crate::single_row::one;
use crate::{DataError, Tx};

/// Has the caller take a course up: at once where it is free of charge, held for the payment where it is not. The price is that of this
/// moment. Who has given it up before goes on where they were, and pays nothing again; who has completed it takes it again when the
/// certificate runs out.
///
/// # Errors
/// [`DataError::Refused`] when the course is not in the catalogue, or the member takes or has completed it; [`DataError::Conflict`] when
/// the member takes it up twice at once; and those of the queries.
pub async fn take_up(
    tx: &mut Tx,
    course: &CourseListing,
    member: UserId,
    before: Option<&LockedEnrollment>,
    (terms, now): (&LearningTerms, OffsetDateTime),
) -> Result<EnrollmentId, DataError> {
    if !course.is_published {
        return Err(refused("This course cannot be taken up now."));
    }
    let dropped = match before {
        Some(before) => may_take_again(before, now)?,
        None => None,
    };
    let paid_before = dropped.is_some_and(|dropped| dropped.paid_at.is_some());
    let amount = match dropped {
        Some(dropped) if paid_before => dropped.amount_cents,
        _ => price(tx, course).await?,
    };
    let hold = (amount > 0 && !paid_before).then(|| terms.hold_until(now));
    let id = match dropped {
        Some(dropped) => take_again(tx, course, dropped, amount, hold).await?,
        None => add(tx, course, member, amount, hold).await?,
    };
    match hold {
        Some(until) => {
            let payload = json!({
                "until": until.format(&Rfc3339).ok(),
                "amountCents": amount,
                "currency": course.currency,
            });
            notify(tx, id, "COURSE_HELD", &payload).await?;
        }
        None => notify(tx, id, "COURSE_ENROLLED", &json!({})).await?,
    }
    Ok(id)
}

/// The enrolment to go on with, where the last one was given up; none where a new one is due.
fn may_take_again(
    before: &LockedEnrollment,
    now: OffsetDateTime,
) -> Result<Option<&LockedEnrollment>, DataError> {
    let (expires, revoked) = (before.certificate_expires_at, before.certificate_revoked_at);
    match before.status {
        EnrollmentStatus::Dropped => Ok(Some(before)),
        EnrollmentStatus::Completed if renews(expires, revoked, now) => Ok(None),
        EnrollmentStatus::Completed => Err(refused(
            "You have completed this course; it can be taken again from 60 days before the certificate runs out.",
        )),
        status => Err(refused(&format!(
            "You take this course already: your enrolment is {status}."
        ))),
    }
}

/// What the course costs the caller now, in cents. The database says it, and takes no other amount.
async fn price(tx: &mut Tx, course: &CourseListing) -> Result<i64, DataError> {
    let price = sqlx::query_scalar!(r#"SELECT app.course_price($1) AS "price!""#, course.id.as_uuid());
    Ok(price.fetch_one(&mut *tx).await?)
}

async fn add(
    tx: &mut Tx,
    course: &CourseListing,
    member: UserId,
    amount: i64,
    hold: Option<OffsetDateTime>,
) -> Result<EnrollmentId, DataError> {
    let id = Uuid::now_v7();
    let added = sqlx::query!(
        "INSERT INTO course_enrollments (id, course_id, user_id, amount_cents, currency, hold_expires_at, enrolled_at)
        VALUES ($1, $2, $3, $4, $5, $6, clock_timestamp())",
        id,
        course.id.as_uuid(),
        member.as_uuid(),
        amount,
        course.currency,
        hold,
    );
    one(added.execute(&mut *tx).await?.rows_affected())?;
    Ok(id.into())
}

async fn take_again(
    tx: &mut Tx,
    course: &CourseListing,
    dropped: &LockedEnrollment,
    amount: i64,
    hold: Option<OffsetDateTime>,
) -> Result<EnrollmentId, DataError> {
    let again = sqlx::query!(
        "UPDATE course_enrollments
        SET status = CASE WHEN $4::timestamptz IS NULL AND progress_percent > 0 THEN 'IN_PROGRESS' ELSE 'ENROLLED' END,
            amount_cents = $2, currency = $3, hold_expires_at = $4, hold_lapsed_at = NULL, enrolled_at = clock_timestamp()
        WHERE id = $1 AND status = 'DROPPED'",
        dropped.id.as_uuid(),
        amount,
        course.currency,
        hold,
    );
    one(again.execute(&mut *tx).await?.rows_affected())?;
    Ok(dropped.id)
}

/// Gives a locked enrolment up. How far it has come is kept, for who takes the course up again.
///
/// # Errors
/// [`DataError::Refused`] when it was completed or given up, and those of the query.
pub async fn drop_out(tx: &mut Tx, locked: &LockedEnrollment) -> Result<(), DataError> {
    if matches!(
        locked.status,
        EnrollmentStatus::Completed | EnrollmentStatus::Dropped
    ) {
        return Err(refused(&format!(
            "There is nothing to give up: your enrolment is {}.",
            locked.status
        )));
    }
    let dropped = sqlx::query!(
        "UPDATE course_enrollments SET status = 'DROPPED', hold_expires_at = NULL, hold_lapsed_at = NULL WHERE id = $1",
        locked.id.as_uuid(),
    );
    one(dropped.execute(&mut *tx).await?.rows_affected())
}

/// One mail about an enrolment as it is now: its version tells one occasion from the next.
pub(super) async fn notify(
    tx: &mut Tx,
    id: EnrollmentId,
    kind: &str,
    payload: &Value,
) -> Result<(), DataError> {
    sqlx::query!(
        r#"SELECT app.notify_learner(id, $2, version::text, $3)::text AS "nothing" FROM course_enrollments WHERE id = $1"#,
        id.as_uuid(),
        kind,
        payload,
    )
    .fetch_one(&mut *tx)
    .await?;
    Ok(())
}

pub(super) fn refused(reason: &str) -> DataError {
    DataError::Refused {
        reason: reason.to_owned(),
    }
}
