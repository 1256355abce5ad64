//! One account with all that staff decide by.

use portal_domain::ids::UserId;
use portal_domain::listing::{Day, Moment};
use portal_domain::staff::{AccountDetails, AccountMembership, HeldRole, Licence, Suspension};

use super::TABLE;
use super::list::lookup;
use crate::columns::Table;
use crate::{DataError, Tx};

/// The account with an id, unless it is closed.
///
/// # Errors
/// [`DataError`] of the queries, and [`DataError::Corrupt`] for a row that cannot be.
pub async fn details(tx: &mut Tx, id: UserId) -> Result<Option<AccountDetails>, DataError> {
    let Some(account) = lookup(tx, id).await? else {
        return Ok(None);
    };
    Ok(Some(AccountDetails {
        held_roles: held_roles(tx, id).await?,
        session_count: sessions(tx, id).await?,
        license: licence(tx, account.contractor_license.as_ref().map(ToString::to_string)).await?,
        membership: membership(tx, id).await?,
        suspension: suspension(tx, id).await?,
        merged_ids: merged(tx, id).await?,
        account,
    }))
}

async fn held_roles(tx: &mut Tx, id: UserId) -> Result<Vec<HeldRole>, DataError> {
    let rows = sqlx::query!(
        "SELECT r.name, h.expires_at, h.granted_by, h.created_at
        FROM user_roles AS h
        JOIN roles AS r ON r.id = h.role_id
        WHERE h.user_id = $1
        ORDER BY r.name",
        id.as_uuid(),
    )
    .fetch_all(&mut *tx)
    .await?;
    let held = rows.into_iter().map(|row| {
        Ok(HeldRole {
            role: Table("roles").word(&row.name)?,
            expires_at: row.expires_at.map(Moment),
            granted_by: row.granted_by.map(UserId::from),
            granted_at: Moment(row.created_at),
        })
    });
    held.collect()
}

async fn sessions(tx: &mut Tx, id: UserId) -> Result<i64, DataError> {
    let count = sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM sessions WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > now()"#,
        id.as_uuid(),
    );
    Ok(count.fetch_one(&mut *tx).await?)
}

async fn licence(tx: &mut Tx, number: Option<String>) -> Result<Option<Licence>, DataError> {
    let Some(number) = number else { return Ok(None) };
    let row = sqlx::query!(
        r#"SELECT display_name AS "name!", primary_status, in_good_standing AS "in_good_standing!", expiration_date
        FROM contractor_listings WHERE license_number = $1"#,
        number,
    );
    let Some(row) = row.fetch_optional(&mut *tx).await? else {
        return Ok(None);
    };
    Ok(Some(Licence {
        license_number: TABLE.word(&number)?,
        name: row.name,
        primary_status: row.primary_status,
        in_good_standing: row.in_good_standing,
        expiration_date: row.expiration_date.map(Day),
    }))
}

/// The one in force, or else the last; the index memberships_user.
async fn membership(tx: &mut Tx, id: UserId) -> Result<Option<AccountMembership>, DataError> {
    let row = sqlx::query!(
        "SELECT m.id, m.tier_id, t.name, m.state, m.starts_at, m.ends_at
        FROM memberships AS m
        JOIN membership_tiers AS t ON t.id = m.tier_id
        WHERE m.user_id = $1 AND m.starts_at <= now()
        ORDER BY m.state IN ('ACTIVE', 'GRACE') DESC, m.starts_at DESC, m.id
        LIMIT 1",
        id.as_uuid(),
    );
    let Some(row) = row.fetch_optional(&mut *tx).await? else {
        return Ok(None);
    };
    Ok(Some(AccountMembership {
        id: row.id.into(),
        tier_id: row.tier_id.into(),
        tier_name: row.name,
        state: Table("memberships").word(&row.state)?,
        starts_at: Moment(row.starts_at),
        ends_at: Moment(row.ends_at),
    }))
}

async fn suspension(tx: &mut Tx, id: UserId) -> Result<Option<Suspension>, DataError> {
    let row = sqlx::query!(
        "SELECT reason, suspended_by, suspended_at FROM suspensions WHERE user_id = $1",
        id.as_uuid(),
    );
    let row = row.fetch_optional(&mut *tx).await?;
    Ok(row.map(|row| Suspension {
        reason: row.reason,
        suspended_by: row.suspended_by.map(UserId::from),
        suspended_at: Moment(row.suspended_at),
    }))
}

async fn merged(tx: &mut Tx, id: UserId) -> Result<Vec<UserId>, DataError> {
    let ids = sqlx::query_scalar!(
        "SELECT id FROM users WHERE merged_into = $1 ORDER BY id",
        id.as_uuid()
    );
    Ok(ids
        .fetch_all(&mut *tx)
        .await?
        .into_iter()
        .map(UserId::from)
        .collect())
}
