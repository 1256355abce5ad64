//! Refunds that are to be made, and lists of them.

use portal_domain::ids::{PaymentId, RefundId, UserId};
use portal_domain::listing::{Moment, RefundListing};
use portal_domain::money::Cents;
use portal_domain::payment::{PaymentState, PaymentType};
use time::OffsetDateTime;
use uuid::Uuid;

use super::TABLE;
use crate::single_row::one;
use crate::{DataError, Tx, memberships};

/// A refund that is to be made at Stripe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwedRefund {
    /// Its id: what makes it happen once.
    pub id: RefundId,
    /// The payment.
    pub payment: PaymentId,
    /// The PaymentIntent whose money goes back.
    pub intent: String,
    /// How much.
    pub amount: Cents,
}

/// Writes down that a member of staff gives money back: `asked`, or all that is left. For those with the permission `payments.refund`.
///
/// # Errors
/// [`DataError::NotFound`] for a payment that the caller may not see; [`DataError::Refused`] when it has no such money to give back, with
/// the refunds that are on their way; and those of the queries.
pub async fn request(
    tx: &mut Tx,
    (payment, state): (PaymentId, &PaymentState),
    asked: Option<Cents>,
    reason: &str,
    by: UserId,
) -> Result<RefundId, DataError> {
    if state.kind == PaymentType::Membership && memberships::is_counted_elsewhere(tx, payment).await? {
        return Err(DataError::Refused {
            reason: "This membership counts towards another that was bought since: give that one's money back first.".to_owned(),
        });
    }
    let amount = state.refund(asked).map_err(|refused| DataError::Refused {
        reason: refused.to_string(),
    })?;
    let id = Uuid::now_v7();
    let requested = sqlx::query!(
        "INSERT INTO refunds (id, payment_id, amount_cents, status, cause, reason, requested_by)
        VALUES ($1, $2, $3, 'REQUESTED', 'STAFF', $4, $5)",
        id,
        payment.as_uuid(),
        amount.get(),
        reason,
        by.as_uuid(),
    );
    one(requested.execute(&mut *tx).await?.rows_affected())?;
    Ok(id.into())
}

/// Writes down once that all that is left of a payment is to go back, since what was bought could not be given; what staff have asked to
/// go back is left out. What Stripe has refused is asked for again only when less is left. For jobs.
///
/// # Errors
/// [`DataError`] of the query.
pub(crate) async fn owe(tx: &mut Tx, payment: PaymentId, left: Cents, reason: &str) -> Result<(), DataError> {
    sqlx::query!(
        "INSERT INTO refunds (id, payment_id, amount_cents, status, cause, reason)
        SELECT $1, $2, o.amount, 'REQUESTED', 'NOT_GIVEN', $4
        FROM (
            SELECT ($3::bigint - COALESCE(sum(r.amount_cents), 0))::bigint AS amount
            FROM refunds AS r
            WHERE r.payment_id = $2 AND r.status = 'REQUESTED') AS o
        WHERE o.amount > 0
            AND NOT EXISTS (
                SELECT FROM refunds AS r
                WHERE r.payment_id = $2 AND r.cause = 'NOT_GIVEN' AND (r.status <> 'REFUSED' OR r.amount_cents <= o.amount))",
        Uuid::now_v7(),
        payment.as_uuid(),
        left.get(),
        reason,
    )
    .execute(&mut *tx)
    .await?;
    Ok(())
}

/// Writes down anew that what is left of the payment of a seat goes back, where Stripe has refused to give so much as was owed: something of
/// it had gone back by another way. For jobs.
///
/// # Errors
/// [`DataError`] of the query.
pub(crate) async fn owe_rest_of_seat(tx: &mut Tx, payment: PaymentId, left: Cents) -> Result<(), DataError> {
    sqlx::query!(
        "INSERT INTO refunds (id, payment_id, amount_cents, status, cause, reason)
        SELECT $1, $2, o.amount, 'REQUESTED', o.cause, o.reason
        FROM (
            SELECT r.cause, r.reason, ($3::bigint - (
                SELECT COALESCE(sum(w.amount_cents), 0) FROM refunds AS w
                WHERE w.payment_id = $2 AND w.status = 'REQUESTED'))::bigint AS amount
            FROM refunds AS r
            WHERE r.payment_id = $2 AND r.status = 'REFUSED' AND r.cause IN ('GIVEN_BACK', 'CALLED_OFF')
            ORDER BY r.created_at DESC, r.id DESC
            LIMIT 1) AS o
        WHERE o.amount > 0
            AND NOT EXISTS (
                SELECT FROM refunds AS r
                WHERE r.payment_id = $2 AND r.cause IN ('GIVEN_BACK', 'CALLED_OFF')
                    AND (r.status <> 'REFUSED' OR r.amount_cents <= o.amount))",
        Uuid::now_v7(),
        payment.as_uuid(),
        left.get(),
    )
    .execute(&mut *tx)
    .await?;
    Ok(())
}

/// Refunds that are to be made, by id, after one that was seen already. For jobs.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn list_requested(
    tx: &mut Tx,
    after: Option<RefundId>,
    limit: i64,
) -> Result<Vec<OwedRefund>, DataError> {
    find_requested(tx, None, after, limit).await
}

/// A refund that is to be made, if it is. For jobs.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn lookup(tx: &mut Tx, id: RefundId) -> Result<Option<OwedRefund>, DataError> {
    Ok(find_requested(tx, Some(id), None, 1).await?.pop())
}

async fn find_requested(
    tx: &mut Tx,
    id: Option<RefundId>,
    after: Option<RefundId>,
    limit: i64,
) -> Result<Vec<OwedRefund>, DataError> {
    let rows = sqlx::query!(
        r#"SELECT r.id, r.payment_id, r.amount_cents, p.stripe_payment_intent_id AS "intent!"
        FROM refunds AS r
        JOIN payments AS p ON p.id = r.payment_id
        WHERE r.status = 'REQUESTED' AND p.stripe_payment_intent_id IS NOT NULL
            AND ($1::uuid IS NULL OR r.id = $1)
            AND ($2::uuid IS NULL OR r.id > $2)
        ORDER BY r.id
        LIMIT $3"#,
        id.map(RefundId::as_uuid),
        after.map(RefundId::as_uuid),
        limit,
    );
    let rows = rows.fetch_all(&mut *tx).await?;
    let owed = rows.into_iter().map(|row| {
        Ok(OwedRefund {
            id: row.id.into(),
            payment: row.payment_id.into(),
            intent: row.intent,
            amount: row
                .amount_cents
                .try_into()
                .map_err(|error| TABLE.corrupt(&error))?,
        })
    });
    owed.collect()
}

/// The refunds of a payment that the caller may see, the oldest first.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn list(tx: &mut Tx, payment: PaymentId) -> Result<Vec<RefundListing>, DataError> {
    let rows = sqlx::query!(
        "SELECT id, payment_id, amount_cents, status, cause, reason, created_at, completed_at,
            CASE WHEN (SELECT app.has('payments.read')) THEN refusal END AS refusal
        FROM refunds
        WHERE payment_id = $1
        ORDER BY created_at, id",
        payment.as_uuid()
    );
    let rows = rows.fetch_all(&mut *tx).await?;
    let refunds = rows.into_iter().map(|row| {
        Ok(RefundListing {
            id: row.id.into(),
            payment_id: row.payment_id.into(),
            amount_cents: row
                .amount_cents
                .try_into()
                .map_err(|error| TABLE.corrupt(&error))?,
            status: row.status.parse().map_err(|error| TABLE.corrupt(&error))?,
            cause: row.cause.parse().map_err(|error| TABLE.corrupt(&error))?,
            reason: row.reason,
            refusal: row.refusal,
            created_at: Moment(row.created_at),
            completed_at: row.completed_at.map(Moment),
        })
    });
    refunds.collect()
}

/// A refund that Stripe has not finished.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingRefund {
    /// Its id.
    pub id: RefundId,
    /// The payment.
    pub payment: PaymentId,
    /// The PaymentIntent whose money goes back.
    pub intent: String,
}

/// Refunds that are on their way, by id, after one that was seen already; also those that Stripe has refused since a moment: who has
/// written that down may have died before what is owed instead was. For jobs.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn list_pending(
    tx: &mut Tx,
    refused_since: OffsetDateTime,
    after: Option<RefundId>,
    limit: i64,
) -> Result<Vec<PendingRefund>, DataError> {
    let rows = sqlx::query!(
        r#"SELECT r.id, r.payment_id, p.stripe_payment_intent_id AS "intent!"
        FROM refunds AS r
        JOIN payments AS p ON p.id = r.payment_id
        WHERE (r.status = 'PENDING' OR r.status = 'REFUSED' AND r.completed_at >= $1)
            AND p.stripe_payment_intent_id IS NOT NULL AND ($2::uuid IS NULL OR r.id > $2)
        ORDER BY r.id
        LIMIT $3"#,
        refused_since,
        after.map(RefundId::as_uuid),
        limit,
    );
    let rows = rows.fetch_all(&mut *tx).await?;
    let pending = rows.into_iter().map(|row| PendingRefund {
        id: row.id.into(),
        payment: row.payment_id.into(),
        intent: row.intent,
    });
    Ok(pending.collect())
}
