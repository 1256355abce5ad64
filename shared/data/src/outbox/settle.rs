//! Saying what became of a claimed row.
//!
//! But for [`mark_sent`] each changes the row only while the claim is still its own: a run that was so slow that its claim lapsed
//! must not undo what another has done since.

use std::time::Duration;

use time::OffsetDateTime;

use super::Claim;
use crate::{DataError, Tx};

/// Whether the row was still there to be settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settled {
    /// It was, and is.
    Done,
    /// Another run has claimed or settled it since, or it was deleted.
    Lapsed,
}

impl Settled {
    const fn of(rows: u64) -> Self {
        if rows == 0 { Self::Lapsed } else { Self::Done }
    }
}

/// The provider took the mail. True whoever has the claim now, so it is written even when the claim has lapsed.
///
/// # Errors
/// [`DataError`] of the statement.
pub async fn mark_sent(tx: &mut Tx, claim: &Claim, provider_message_id: &str) -> Result<Settled, DataError> {
    let done = sqlx::query!(
        "UPDATE outbox
        SET state = 'SENT', sent_at = now(), provider_message_id = $2, last_error = NULL, secret = NULL, claimed_until = NULL
        WHERE id = $1 AND state = 'PENDING'",
        claim.id,
        provider_message_id,
    )
    .execute(&mut *tx)
    .await?;
    Ok(Settled::of(done.rows_affected()))
}

/// The mail did not go out now, and is to be tried again after a pause.
///
/// # Errors
/// [`DataError`] of the statement.
pub async fn retry(tx: &mut Tx, claim: &Claim, pause: Duration, reason: &str) -> Result<Settled, DataError> {
    let done = sqlx::query!(
        "UPDATE outbox
        SET not_before = now() + $3::bigint * interval '1 millisecond', postponed_from = NULL, last_error = $4, claimed_until = NULL
        WHERE id = $1 AND state = 'PENDING' AND claimed_until = $2",
        claim.id,
        claim.until(),
        i64::try_from(pause.as_millis()).unwrap_or(i64::MAX),
        reason,
    )
    .execute(&mut *tx)
    .await?;
    Ok(Settled::of(done.rows_affected()))
}

/// The mail never goes out.
///
/// # Errors
/// [`DataError`] of the statement.
pub async fn fail(tx: &mut Tx, claim: &Claim, reason: &str) -> Result<Settled, DataError> {
    give_up(tx, claim, "FAILED", Some(reason)).await
}

/// The mail is not to go out: the account that it is about is gone, its owner does not want to be told, or it is not so any more.
///
/// # Errors
/// [`DataError`] of the statement.
pub async fn suppress(tx: &mut Tx, claim: &Claim) -> Result<Settled, DataError> {
    give_up(tx, claim, "SUPPRESSED", None).await
}

async fn give_up(
    tx: &mut Tx,
    claim: &Claim,
    state: &'static str,
    reason: Option<&str>,
) -> Result<Settled, DataError> {
    let done = sqlx::query!(
        "UPDATE outbox
        SET state = $3, last_error = COALESCE($4, last_error), secret = NULL, claimed_until = NULL
        WHERE id = $1 AND state = 'PENDING' AND claimed_until = $2",
        claim.id,
        claim.until(),
        state,
        reason,
    )
    .execute(&mut *tx)
    .await?;
    Ok(Settled::of(done.rows_affected()))
}

/// The mail is to wait until then, as if it had not been claimed: its receiver sleeps. When it would have gone out is kept, for quiet hours
/// that change meanwhile.
///
/// # Errors
/// [`DataError`] of the statement.
pub async fn postpone(tx: &mut Tx, claim: &Claim, until: OffsetDateTime) -> Result<Settled, DataError> {
    let done = sqlx::query!(
        "UPDATE outbox
        SET attempts = attempts - 1, postponed_from = COALESCE(postponed_from, not_before), not_before = $3, claimed_until = NULL
        WHERE id = $1 AND state = 'PENDING' AND claimed_until = $2",
        claim.id,
        claim.until(),
        until,
    )
    .execute(&mut *tx)
    .await?;
    Ok(Settled::of(done.rows_affected()))
}

/// Gives a row back that was not tried after all: as if it had not been claimed.
///
/// # Errors
/// [`DataError`] of the statement.
pub async fn release(tx: &mut Tx, claim: &Claim) -> Result<Settled, DataError> {
    let done = sqlx::query!(
        "UPDATE outbox
        SET attempts = attempts - 1, claimed_until = NULL
        WHERE id = $1 AND state = 'PENDING' AND claimed_until = $2",
        claim.id,
        claim.until(),
    )
    .execute(&mut *tx)
    .await?;
    Ok(Settled::of(done.rows_affected()))
}
