//! Events that Stripe has sent: each is taken once, however often it is delivered. Of what they hold, only what came of them is kept.

use portal_domain::ids::PaymentId;
use time::OffsetDateTime;

use crate::single_row::one;
use crate::{DataError, Tx};

/// What came of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventOutcome {
    /// A payment stands otherwise now.
    Settled,
    /// Nothing was new.
    Unchanged,
    /// It is about no payment of ours.
    UnknownPayment,
    /// It is of a type that nothing is done for.
    Ignored,
    /// It contradicts what is known.
    Contradicts,
}

impl EventOutcome {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Settled => "SETTLED",
            Self::Unchanged => "UNCHANGED",
            Self::UnknownPayment => "UNKNOWN_PAYMENT",
            Self::Ignored => "IGNORED",
            Self::Contradicts => "CONTRADICTS",
        }
    }
}

/// Whether an event was taken before. For jobs.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn is_known(tx: &mut Tx, id: &str) -> Result<bool, DataError> {
    let known = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM stripe_events WHERE id = $1) AS "known!""#,
        id
    );
    Ok(known.fetch_one(&mut *tx).await?)
}

/// Takes an event in this transaction; false where another has taken it. Of two at once the second waits for the first. For jobs.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn take(tx: &mut Tx, id: &str, kind: &str, occurred_at: OffsetDateTime) -> Result<bool, DataError> {
    let taken = sqlx::query!(
        "INSERT INTO stripe_events (id, type, occurred_at) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING",
        id,
        kind,
        occurred_at,
    );
    Ok(taken.execute(&mut *tx).await?.rows_affected() > 0)
}

/// Says what came of an event that this transaction has taken. For jobs.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn finish(
    tx: &mut Tx,
    id: &str,
    payment: Option<PaymentId>,
    outcome: EventOutcome,
) -> Result<(), DataError> {
    let finished = sqlx::query!(
        "UPDATE stripe_events SET payment_id = $2, outcome = $3, processed_at = now() WHERE id = $1",
        id,
        payment.map(PaymentId::as_uuid),
        outcome.as_str(),
    );
    one(finished.execute(&mut *tx).await?.rows_affected())
}
