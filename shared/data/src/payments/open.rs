//! What those need to know of payments who ask Stripe about them. For jobs, but for [`look`].

use portal_domain::ids::{PaymentId, UserId};
use portal_domain::money::Currency;
use portal_domain::payment::{PaymentState, PaymentStatus};
use time::OffsetDateTime;
use uuid::Uuid;

use super::TABLE;
use super::row::{StateRow, lock};
use crate::{DataError, Tx};

/// A payment as who asks Stripe about it needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// Its id.
    pub id: PaymentId,
    /// Who pays.
    pub member: Option<UserId>,
    /// Where it stands.
    pub status: PaymentStatus,
    /// How much it asks for.
    pub amount: portal_domain::money::Cents,
    /// In which currency.
    pub currency: Currency,
    /// What is paid for, in words.
    pub description: String,
    /// The PaymentIntent, once it is known.
    pub intent: Option<String>,
}

/// A payment that the caller may see.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn look(tx: &mut Tx, id: PaymentId) -> Result<Option<Look>, DataError> {
    let row = sqlx::query!(
        "SELECT id, user_id, status, amount_cents, currency, description, stripe_payment_intent_id
        FROM payments
        WHERE id = $1",
        id.as_uuid()
    );
    let Some(row) = row.fetch_optional(&mut *tx).await? else {
        return Ok(None);
    };
    Ok(Some(Look {
        id: row.id.into(),
        member: row.user_id.map(UserId::from),
        status: TABLE.word(&row.status)?,
        amount: TABLE.amount(row.amount_cents)?,
        currency: TABLE.word(&row.currency)?,
        description: row.description,
        intent: row.stripe_payment_intent_id,
    }))
}

/// All that the next sighting needs to know of a payment that the caller may see: what of it can be given back, too.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn state_of(tx: &mut Tx, id: PaymentId) -> Result<Option<PaymentState>, DataError> {
    let row = sqlx::query_as!(
        StateRow,
        "SELECT type AS kind, status, amount_cents, refunded_amount_cents, returned_amount_cents, currency, fee_cents, delivery, seen_at
        FROM payments
        WHERE id = $1",
        id.as_uuid()
    );
    row.fetch_optional(&mut *tx)
        .await?
        .map(TryInto::try_into)
        .transpose()
}

/// The payment that a PaymentIntent pays.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn lookup_by_intent(tx: &mut Tx, intent: &str) -> Result<Option<PaymentId>, DataError> {
    let id = sqlx::query_scalar!(
        "SELECT id FROM payments WHERE stripe_payment_intent_id = $1",
        intent
    );
    Ok(id.fetch_optional(&mut *tx).await?.map(Into::into))
}

/// How a payment and its PaymentIntent hang together, to tell what Stripe lists from what is known.
#[derive(Clone, Debug, PartialEq)]
pub struct Attachment {
    /// The payment.
    pub id: PaymentId,
    /// The PaymentIntent that is known.
    pub intent: Option<String>,
    /// All that the next sighting needs to know.
    pub state: PaymentState,
}

/// Those of some payments that there are.
///
/// # Errors
/// [`DataError`] of the queries.
pub async fn lookup_many(
    tx: &mut Tx,
    ids: &[PaymentId],
    intents: &[String],
) -> Result<Vec<Attachment>, DataError> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.as_uuid()).collect();
    let found: Vec<Uuid> = sqlx::query_scalar!(
        "SELECT id FROM payments WHERE id = ANY ($1) OR stripe_payment_intent_id = ANY ($2)",
        &ids,
        intents,
    )
    .fetch_all(&mut *tx)
    .await?;
    let mut attachments = Vec::with_capacity(found.len());
    for id in found {
        let locked = lock(tx, id.into()).await?;
        attachments.push(Attachment {
            id: locked.id,
            intent: locked.intent,
            state: locked.state,
        });
    }
    Ok(attachments)
}

/// A payment that may still be paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Abandoned {
    /// Its id.
    pub id: PaymentId,
    /// The PaymentIntent, once it is known.
    pub intent: Option<String>,
    /// When it was asked for.
    pub created_at: OffsetDateTime,
}

/// Payments that may still be paid and were asked for before a moment, the oldest first, after one that was seen already.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn list_open(
    tx: &mut Tx,
    before: OffsetDateTime,
    after: Option<&Abandoned>,
    limit: i64,
) -> Result<Vec<Abandoned>, DataError> {
    let rows = sqlx::query!(
        "SELECT id, stripe_payment_intent_id, created_at
        FROM payments
        WHERE status IN ('PENDING', 'PROCESSING', 'FAILED') AND created_at < $1
            AND ($2::timestamptz IS NULL OR (created_at, id) > ($2, $3::uuid))
        ORDER BY created_at, id
        LIMIT $4",
        before,
        after.map(|after| after.created_at),
        after.map(|after| after.id.as_uuid()),
        limit,
    );
    let rows = rows.fetch_all(&mut *tx).await?;
    let open = rows.into_iter().map(|row| Abandoned {
        id: row.id.into(),
        intent: row.stripe_payment_intent_id,
        created_at: row.created_at,
    });
    Ok(open.collect())
}

/// Calls a payment off that Stripe has never heard of; false where it has, or the payment is no longer open. No money can be taken for it:
/// nobody has what it takes to pay it.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn call_off(tx: &mut Tx, id: PaymentId) -> Result<bool, DataError> {
    let done = sqlx::query!(
        "UPDATE payments SET status = 'CANCELLED', seen_at = NULL
        WHERE id = $1 AND status IN ('PENDING', 'FAILED') AND stripe_payment_intent_id IS NULL",
        id.as_uuid()
    );
    Ok(done.execute(&mut *tx).await?.rows_affected() > 0)
}
