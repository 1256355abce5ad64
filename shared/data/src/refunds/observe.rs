//! Refunds as they are seen at Stripe. For jobs.

use std::collections::{BTreeMap, BTreeSet};

use portal_domain::ids::{PaymentId, RefundId};
use portal_domain::listing::RefundState;
use portal_domain::payment::RefundStatus;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::payment_findings::{self, FindingKind};
use crate::payments::{SeenRefund, mails};
use crate::single_row::one;
use crate::{DataError, Tx};

/// Writes down where the refunds of a payment stand, those too that were made at Stripe; whether anything was new. What is further on is
/// never taken back. The payment's row is locked.
///
/// # Errors
/// [`DataError`] of the queries.
pub(crate) async fn observe(
    tx: &mut Tx,
    payment: PaymentId,
    seen: &[SeenRefund],
    now: OffsetDateTime,
) -> Result<bool, DataError> {
    let mut is_change = false;
    for refund in seen {
        let status = state(refund.status);
        let Some(id) = move_on(tx, payment, refund, status, now).await? else {
            continue;
        };
        is_change = true;
        match status {
            RefundState::Succeeded => mails::refunded(tx, id).await?,
            RefundState::Returned => {
                let found = (FindingKind::RefundReturned, refund.stripe_id.as_str());
                let detail = "the money could not reach who has paid, and is back in the balance";
                payment_findings::report(tx, found, Some(payment), detail).await?;
            }
            _ => {}
        }
    }
    Ok(is_change)
}

/// Which of some refunds that Stripe lists the books do not have as they are listed, by their ids there. For jobs.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn list_unseen(
    tx: &mut Tx,
    listed: &[(String, RefundStatus)],
) -> Result<BTreeSet<String>, DataError> {
    let ids: Vec<String> = listed.iter().map(|(id, _)| id.clone()).collect();
    let known = sqlx::query!(
        r#"SELECT stripe_refund_id AS "stripe_id!", status FROM refunds WHERE stripe_refund_id = ANY ($1)"#,
        &ids
    );
    let known = known.fetch_all(&mut *tx).await?;
    let known = known
        .into_iter()
        .map(|row| Ok((row.stripe_id, super::TABLE.word(&row.status)?)));
    let known: BTreeMap<String, RefundState> = known.collect::<Result<_, DataError>>()?;
    let unseen = listed.iter().filter(|(id, status)| {
        let stored = known.get(id);
        stored.is_none_or(|stored| rank(state(*status)) > rank(*stored))
    });
    Ok(unseen.map(|(id, _)| id.clone()).collect())
}

/// Moves one on, or writes it down; its id where it is new or stands otherwise now.
async fn move_on(
    tx: &mut Tx,
    payment: PaymentId,
    seen: &SeenRefund,
    status: RefundState,
    now: OffsetDateTime,
) -> Result<Option<RefundId>, DataError> {
    let ours = seen.ours.map(RefundId::as_uuid);
    let known = sqlx::query!(
        "SELECT id, status, stripe_refund_id FROM refunds
        WHERE payment_id = $1 AND (stripe_refund_id = $2 OR id = $3 AND stripe_refund_id IS NULL)",
        payment.as_uuid(),
        seen.stripe_id,
        ours,
    );
    let Some(known) = known.fetch_optional(&mut *tx).await? else {
        return add(tx, payment, seen, status, now).await.map(Some);
    };
    let before: RefundState = super::TABLE.word(&known.status)?;
    if known.stripe_refund_id.is_some() && rank(status) <= rank(before) {
        return Ok(None);
    }
    let moved = sqlx::query!(
        "UPDATE refunds
        SET status = $2, stripe_refund_id = $3, amount_cents = $4, refusal = NULL,
            completed_at = CASE WHEN $2 <> 'PENDING' THEN $5::timestamptz END
        WHERE id = $1",
        known.id,
        status.as_str(),
        seen.stripe_id,
        seen.amount.get(),
        now,
    );
    one(moved.execute(&mut *tx).await?.rows_affected())?;
    Ok(Some(known.id.into()))
}

async fn add(
    tx: &mut Tx,
    payment: PaymentId,
    seen: &SeenRefund,
    status: RefundState,
    now: OffsetDateTime,
) -> Result<RefundId, DataError> {
    let id = Uuid::now_v7();
    let added = sqlx::query!(
        "INSERT INTO refunds (id, payment_id, amount_cents, status, cause, reason, stripe_refund_id, completed_at)
        VALUES ($1, $2, $3, $4, 'STRIPE', 'It was made at Stripe.', $5, CASE WHEN $4 <> 'PENDING' THEN $6::timestamptz END)",
        id,
        payment.as_uuid(),
        seen.amount.get(),
        status.as_str(),
        seen.stripe_id,
        now,
    );
    one(added.execute(&mut *tx).await?.rows_affected())?;
    Ok(id.into())
}

/// Stripe will never make it: it is given up, and people look.
///
/// # Errors
/// [`DataError`] of the queries.
pub async fn refuse(tx: &mut Tx, id: RefundId, refusal: &str, now: OffsetDateTime) -> Result<(), DataError> {
    let refusal: String = refusal.chars().take(500).collect();
    let refused = sqlx::query_scalar!(
        "UPDATE refunds SET status = 'REFUSED', refusal = $2, completed_at = $3 WHERE id = $1 AND status = 'REQUESTED' RETURNING payment_id",
        id.as_uuid(),
        refusal,
        now,
    );
    if let Some(payment) = refused.fetch_optional(&mut *tx).await? {
        let subject = id.to_string();
        let found = (FindingKind::RefundRefused, subject.as_str());
        payment_findings::report(tx, found, Some(payment.into()), &refusal).await?;
    }
    Ok(())
}

const fn state(status: RefundStatus) -> RefundState {
    match status {
        RefundStatus::Pending => RefundState::Pending,
        RefundStatus::Succeeded => RefundState::Succeeded,
        RefundStatus::Returned => RefundState::Returned,
    }
}

/// How far on one is; one that was refused here and is there after all was made.
const fn rank(state: RefundState) -> u8 {
    match state {
        RefundState::Requested | RefundState::Refused => 0,
        RefundState::Pending => 1,
        RefundState::Succeeded => 2,
        RefundState::Returned => 3,
    }
}
