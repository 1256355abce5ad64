//! What payments and refunds do to a schedule. For jobs, in the transaction that changes the payment.

use portal_domain::ids::{MembershipId, PaymentId, UserId};
use portal_domain::membership::{self, Change, CreditGone, Membership, MembershipTerms, Purchase};
use portal_domain::money::Cents;
use time::OffsetDateTime;

use super::TABLE;
use super::schedule::{hold, schedule};
use crate::single_row::one;
use crate::{DataError, Tx};

/// Gives a member what was bought, once: a refund that has come back may be that of a membership which was over, and has stayed.
/// `Err` inside where it can no longer be given.
///
/// # Errors
/// [`DataError`] of the queries.
pub(crate) async fn grant(
    tx: &mut Tx,
    (member, payment): (UserId, PaymentId),
    purchase: &Purchase,
    (terms, now): (&MembershipTerms, OffsetDateTime),
) -> Result<Result<(), CreditGone>, DataError> {
    hold(tx, member).await?;
    let is_there = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM memberships WHERE payment_id = $1 AND state <> 'CANCELLED') AS "is_there!""#,
        payment.as_uuid()
    );
    if is_there.fetch_one(&mut *tx).await? {
        return Ok(Ok(()));
    }
    let before = schedule(tx, member).await?;
    let given = match membership::grant(&before, purchase, now, terms) {
        Ok(given) => given,
        Err(gone) => return Ok(Err(gone)),
    };
    apply(tx, &given.changes, terms, now).await?;
    add(tx, (member, payment), &given.membership, terms).await?;
    Ok(Ok(()))
}

/// Takes back what a payment has brought.
///
/// # Errors
/// [`DataError`] of the queries.
pub(crate) async fn revoke(
    tx: &mut Tx,
    payment: PaymentId,
    (terms, now): (&MembershipTerms, OffsetDateTime),
) -> Result<(), DataError> {
    let row = sqlx::query!(
        "SELECT id, user_id FROM memberships WHERE payment_id = $1 AND state <> 'CANCELLED'",
        payment.as_uuid()
    );
    let Some(row) = row.fetch_optional(&mut *tx).await? else {
        return Ok(());
    };
    let member = row.user_id.into();
    hold(tx, member).await?;
    let before = schedule(tx, member).await?;
    let changes =
        membership::revoke(&before, row.id.into(), now, terms).map_err(|error| TABLE.corrupt(&error))?;
    apply(tx, &changes, terms, now).await
}

/// Keeps what a membership is worth, where a part of its money has gone back.
///
/// # Errors
/// [`DataError`] of the query.
pub(crate) async fn revalue(tx: &mut Tx, payment: PaymentId, value: Cents) -> Result<(), DataError> {
    sqlx::query!(
        "UPDATE memberships SET value_cents = $2 WHERE payment_id = $1 AND state <> 'CANCELLED' AND value_cents <> $2",
        payment.as_uuid(),
        value.get(),
    )
    .execute(&mut *tx)
    .await?;
    Ok(())
}

async fn add(
    tx: &mut Tx,
    (member, payment): (UserId, PaymentId),
    new: &Membership,
    terms: &MembershipTerms,
) -> Result<(), DataError> {
    let period = new.period;
    let added = sqlx::query!(
        "INSERT INTO memberships (
            id, user_id, tier_id, payment_id, state, value_cents, months, starts_at, ends_at, anchor_day, grace_ends_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        new.id.as_uuid(),
        member.as_uuid(),
        new.tier.as_uuid(),
        payment.as_uuid(),
        new.state.as_str(),
        new.value.get(),
        i32::from(new.months),
        period.starts_at(),
        period.ends_at(),
        period.anchor(),
        terms.grace_until(period.ends_at()),
    );
    one(added.execute(&mut *tx).await?.rows_affected())
}

async fn apply(
    tx: &mut Tx,
    changes: &[Change],
    terms: &MembershipTerms,
    now: OffsetDateTime,
) -> Result<(), DataError> {
    for change in changes {
        match *change {
            Change::Replace { id, by } => replace(tx, id, by).await?,
            Change::Move { id, to } => {
                let moved = sqlx::query!(
                    "UPDATE memberships SET starts_at = $2, ends_at = $3, anchor_day = $4, grace_ends_at = $5, reminded_days = NULL
                    WHERE id = $1",
                    id.as_uuid(),
                    to.starts_at(),
                    to.ends_at(),
                    to.anchor(),
                    terms.grace_until(to.ends_at()),
                );
                one(moved.execute(&mut *tx).await?.rows_affected())?;
            }
            Change::Cancel { id } => {
                let cancelled = sqlx::query!(
                    "UPDATE memberships SET state = 'CANCELLED', replaced_by = NULL WHERE id = $1",
                    id.as_uuid()
                );
                one(cancelled.execute(&mut *tx).await?.rows_affected())?;
            }
            Change::Restore { id } => restore(tx, id, terms, now).await?,
        }
    }
    Ok(())
}

async fn replace(tx: &mut Tx, id: MembershipId, by: MembershipId) -> Result<(), DataError> {
    let replaced = sqlx::query!(
        "UPDATE memberships SET state = 'REPLACED', replaced_by = $2 WHERE id = $1",
        id.as_uuid(),
        by.as_uuid(),
    );
    one(replaced.execute(&mut *tx).await?.rows_affected())
}

async fn restore(
    tx: &mut Tx,
    id: MembershipId,
    terms: &MembershipTerms,
    now: OffsetDateTime,
) -> Result<(), DataError> {
    let ends_at = sqlx::query_scalar!("SELECT ends_at FROM memberships WHERE id = $1", id.as_uuid());
    let ends_at = ends_at.fetch_one(&mut *tx).await?;
    let restored = sqlx::query!(
        "UPDATE memberships SET state = $2, replaced_by = NULL WHERE id = $1",
        id.as_uuid(),
        terms.standing(ends_at, now).as_str(),
    );
    one(restored.execute(&mut *tx).await?.rows_affected())
}
