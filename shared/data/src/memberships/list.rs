//! Tiers and memberships by lists.

use portal_domain::ids::{PaymentId, UserId};
use portal_domain::listing::{MembershipListing, Moment, TierListing};

use super::TABLE;
use crate::{DataError, Tx};

/// The tiers that can be bought, the cheapest first.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn list_tiers(tx: &mut Tx) -> Result<Vec<TierListing>, DataError> {
    let rows = sqlx::query!(
        "SELECT id, name, description, price_cents, currency, duration_months, seats, benefits
        FROM membership_tiers
        WHERE is_active
        ORDER BY price_cents, name"
    );
    let rows = rows.fetch_all(&mut *tx).await?;
    let tiers = rows.into_iter().map(|row| {
        Ok(TierListing {
            id: row.id.into(),
            name: row.name,
            description: row.description,
            price_cents: row
                .price_cents
                .try_into()
                .map_err(|error| TABLE.corrupt(&error))?,
            currency: row.currency,
            duration_months: row.duration_months,
            seats: row.seats,
            benefits: row.benefits,
        })
    });
    tiers.collect()
}

/// All memberships of a member, the latest first.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn list(tx: &mut Tx, member: UserId) -> Result<Vec<MembershipListing>, DataError> {
    let rows = sqlx::query!(
        "SELECT m.id, m.tier_id, t.name, t.seats, m.payment_id, m.state, m.starts_at, m.ends_at, m.grace_ends_at
        FROM memberships AS m
        JOIN membership_tiers AS t ON t.id = m.tier_id
        WHERE m.user_id = $1
        ORDER BY m.starts_at DESC, m.id",
        member.as_uuid()
    );
    let rows = rows.fetch_all(&mut *tx).await?;
    let memberships = rows.into_iter().map(|row| {
        Ok(MembershipListing {
            id: row.id.into(),
            tier_id: row.tier_id.into(),
            tier_name: row.name,
            seats: row.seats,
            payment_id: row.payment_id.map(PaymentId::from),
            state: TABLE.word(&row.state)?,
            starts_at: Moment(row.starts_at),
            ends_at: Moment(row.ends_at),
            grace_ends_at: row.grace_ends_at.map(Moment),
        })
    });
    memberships.collect()
}

/// Whether a member holds a live membership that can cover others.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn is_corporate(tx: &mut Tx, member: UserId) -> Result<bool, DataError> {
    let corporate = sqlx::query_scalar!(
        r#"SELECT EXISTS (
            SELECT FROM memberships AS m
            JOIN membership_tiers AS t ON t.id = m.tier_id
            WHERE m.user_id = $1 AND m.state IN ('ACTIVE', 'GRACE') AND t.seats > 1) AS "corporate!""#,
        member.as_uuid()
    );
    Ok(corporate.fetch_one(&mut *tx).await?)
}
