//! A member's schedule, and what a tier costs by it.

use portal_domain::ids::{MembershipId, PaymentId, TierId, UserId};
use portal_domain::membership::{self, AlreadyRenewed, Membership, MembershipTerms, Offer, Period, Tier};
use portal_domain::money::Currency;
use time::OffsetDateTime;

use super::TABLE;
use crate::{DataError, Tx};

/// Waits for whoever changes the schedule of a member, and lets nobody change it until the transaction ends.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn hold(tx: &mut Tx, member: UserId) -> Result<(), DataError> {
    sqlx::query!(
        r#"SELECT pg_advisory_xact_lock(hashtextextended('memberships/' || $1::uuid::text, 0))::text AS "nothing""#,
        member.as_uuid()
    )
    .fetch_one(&mut *tx)
    .await?;
    Ok(())
}

/// All memberships of a member, those that are over too. Money that is about to go back is worth nothing any more.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn schedule(tx: &mut Tx, member: UserId) -> Result<Vec<Membership>, DataError> {
    let rows = sqlx::query!(
        r#"SELECT m.id, m.tier_id, m.months, m.starts_at, m.ends_at, m.anchor_day, m.state, m.replaced_by,
            GREATEST(m.value_cents - (
                SELECT COALESCE(sum(r.amount_cents), 0) FROM refunds AS r
                WHERE r.payment_id = m.payment_id AND r.status = 'REQUESTED'), 0)::bigint AS "value_cents!"
        FROM memberships AS m
        WHERE m.user_id = $1
        ORDER BY m.starts_at, m.id"#,
        member.as_uuid()
    );
    let rows = rows.fetch_all(&mut *tx).await?;
    let memberships = rows.into_iter().map(|row| {
        let period = Period::stored(row.starts_at, row.ends_at, row.anchor_day);
        Ok(Membership {
            id: row.id.into(),
            tier: row.tier_id.into(),
            value: row
                .value_cents
                .try_into()
                .map_err(|error| TABLE.corrupt(&error))?,
            months: u16::try_from(row.months).map_err(|error| TABLE.corrupt(&error))?,
            period: period.map_err(|error| TABLE.corrupt(&error))?,
            state: TABLE.word(&row.state)?,
            replaced_by: row.replaced_by.map(MembershipId::from),
        })
    });
    memberships.collect()
}

/// What a tier costs a member now, with the tier's name and currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offered {
    /// The tier.
    pub tier: Tier,
    /// Its name.
    pub name: String,
    /// The currency of its price.
    pub currency: Currency,
    /// What it costs and means.
    pub offer: Offer,
}

/// What a tier that can be bought costs a member whose schedule is held; none where there is no such tier.
///
/// # Errors
/// [`DataError::Refused`] when the member has renewed already, and those of the queries.
pub async fn offer(
    tx: &mut Tx,
    member: UserId,
    wanted: TierId,
    (terms, now): (&MembershipTerms, OffsetDateTime),
) -> Result<Option<Offered>, DataError> {
    let rows = sqlx::query!(
        "SELECT id, name, price_cents, currency, duration_months, is_active FROM membership_tiers"
    );
    let rows = rows.fetch_all(&mut *tx).await?;
    let mut tiers = Vec::new();
    let mut found = None;
    for row in rows {
        let tier = Tier {
            id: row.id.into(),
            price: row
                .price_cents
                .try_into()
                .map_err(|error| TABLE.corrupt(&error))?,
            months: u16::try_from(row.duration_months).map_err(|error| TABLE.corrupt(&error))?,
        };
        let currency: Currency = row.currency.parse().map_err(|error| TABLE.corrupt(&error))?;
        tiers.push((tier, currency));
        if tier.id == wanted && row.is_active {
            found = Some((tier, row.name, currency));
        }
    }
    let Some((tier, name, currency)) = found else {
        return Ok(None);
    };
    let schedule = schedule(tx, member).await?;
    // What was paid in another currency counts for nothing in this one: such a tier is not compared.
    let by_id = |id: TierId| {
        let mut same = tiers
            .iter()
            .filter(|(_, of)| *of == currency)
            .map(|(tier, _)| *tier);
        same.find(|tier| tier.id == id)
    };
    let offer = membership::offer(&schedule, &tier, by_id, now, terms).map_err(renewed)?;
    Ok(Some(Offered {
        tier,
        name,
        currency,
        offer,
    }))
}

fn renewed(error: AlreadyRenewed) -> DataError {
    DataError::Refused {
        reason: format!(
            "Your membership has been renewed already: it is paid for until {}.",
            error.until.date()
        ),
    }
}

/// Whether the membership that a payment has brought counts towards another that is live, so that its money cannot go back before that of
/// the other does. Nobody changes the schedule until the transaction ends.
///
/// # Errors
/// [`DataError`] of the queries.
pub async fn is_counted_elsewhere(tx: &mut Tx, payment: PaymentId) -> Result<bool, DataError> {
    let row = sqlx::query!(
        "SELECT id, user_id FROM memberships WHERE payment_id = $1 AND state <> 'CANCELLED'",
        payment.as_uuid()
    );
    let Some(row) = row.fetch_optional(&mut *tx).await? else {
        return Ok(false);
    };
    let member = row.user_id.into();
    hold(tx, member).await?;
    let schedule = schedule(tx, member).await?;
    Ok(membership::counted_towards(&schedule, row.id.into()).is_some())
}
