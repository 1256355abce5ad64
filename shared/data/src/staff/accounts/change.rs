//! Approval, suspension and its end. Called after [`crate::staff::hold`].

use portal_domain::ids::UserId;
use portal_domain::mail::MailKind;
use portal_domain::staff::{AccountStatus, Powers};
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::TABLE;
use crate::columns::Table;
use crate::single_row::one;
use crate::staff::words::words;
use crate::{DataError, Tx};

/// What decides whether something can be done with an account, held until the transaction ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockedAccount {
    /// Its address.
    pub email: String,
    /// Where it stands.
    pub status: AccountStatus,
    /// Whether the address has been confirmed.
    pub is_verified: bool,
    /// The row's version.
    pub version: i32,
    /// What its roles allow now.
    pub powers: Powers,
}

/// Takes hold of an account, unless it is closed.
///
/// # Errors
/// [`DataError`] of the queries.
pub async fn lock(tx: &mut Tx, id: UserId) -> Result<Option<LockedAccount>, DataError> {
    let row = sqlx::query_as!(
        Row,
        r#"SELECT email, app.account_status(is_active, approved_at) AS "status!", is_verified, version,
            app.powers_of(id) AS "powers!"
        FROM users
        WHERE id = $1 AND deleted_at IS NULL
        FOR UPDATE"#,
        id.as_uuid(),
    );
    row.fetch_optional(&mut *tx)
        .await?
        .map(TryInto::try_into)
        .transpose()
}

/// An account as it is, unless it is closed: for who may give roles and change nothing else of accounts, and so may not lock them. What
/// roles allow stays as it is while [`hold`](crate::staff::hold) is held.
///
/// # Errors
/// [`DataError`] of the queries.
pub async fn lookup(tx: &mut Tx, id: UserId) -> Result<Option<LockedAccount>, DataError> {
    let row = sqlx::query_as!(
        Row,
        r#"SELECT email, app.account_status(is_active, approved_at) AS "status!", is_verified, version,
            app.powers_of(id) AS "powers!"
        FROM users
        WHERE id = $1 AND deleted_at IS NULL"#,
        id.as_uuid(),
    );
    row.fetch_optional(&mut *tx)
        .await?
        .map(TryInto::try_into)
        .transpose()
}

struct Row {
    email: String,
    status: String,
    is_verified: bool,
    version: i32,
    powers: Vec<String>,
}

impl TryFrom<Row> for LockedAccount {
    type Error = DataError;

    fn try_from(row: Row) -> Result<Self, DataError> {
        Ok(Self {
            email: row.email,
            status: TABLE.word(&row.status)?,
            is_verified: row.is_verified,
            version: row.version,
            powers: words(Table("permissions"), &row.powers)?,
        })
    }
}

/// Makes a pending account that of a member, since today unless it says since when, and tells its owner.
///
/// # Errors
/// [`DataError::NotFound`] where it is not pending, and those of the queries.
pub async fn approve(tx: &mut Tx, id: UserId, now: OffsetDateTime, today: Date) -> Result<(), DataError> {
    let approved = sqlx::query!(
        "UPDATE users SET approved_at = $2, member_since = COALESCE(member_since, $3)
        WHERE id = $1 AND approved_at IS NULL AND is_active AND deleted_at IS NULL",
        id.as_uuid(),
        now,
        today,
    );
    one(approved.execute(&mut *tx).await?.rows_affected())?;
    sqlx::query!(r#"SELECT app.make_member($1)::text AS "nothing""#, id.as_uuid())
        .fetch_one(&mut *tx)
        .await?;
    let told = sqlx::query!(
        "INSERT INTO outbox (id, user_id, kind, recipient) SELECT $2, id, $3, email FROM users WHERE id = $1",
        id.as_uuid(),
        Uuid::now_v7(),
        MailKind::AccountApproved.as_str(),
    );
    one(told.execute(&mut *tx).await?.rows_affected())
}

/// Suspends an account: every sign-in ends at once, and why is kept for staff alone.
///
/// # Errors
/// [`DataError::NotFound`] where it is suspended, [`DataError::Refused`] for the last administrator, and those of the queries.
pub async fn suspend(
    tx: &mut Tx,
    (actor, id): (UserId, UserId),
    reason: &str,
    now: OffsetDateTime,
) -> Result<(), DataError> {
    let suspended = sqlx::query!(
        "UPDATE users SET is_active = false, suspended_at = $2 WHERE id = $1 AND is_active AND deleted_at IS NULL",
        id.as_uuid(),
        now,
    );
    one(suspended.execute(&mut *tx).await?.rows_affected())?;
    sqlx::query!(
        "UPDATE sessions SET revoked_at = $2, revoked_reason = 'SUSPENDED' WHERE user_id = $1 AND revoked_at IS NULL",
        id.as_uuid(),
        now,
    )
    .execute(&mut *tx)
    .await?;
    let kept = sqlx::query!(
        "INSERT INTO suspensions (user_id, reason, suspended_by, suspended_at) VALUES ($1, $2, $3, $4)",
        id.as_uuid(),
        reason,
        actor.as_uuid(),
        now,
    );
    one(kept.execute(&mut *tx).await?.rows_affected())
}

/// Opens a suspended account again; its owner signs in anew.
///
/// # Errors
/// [`DataError::NotFound`] where it is not suspended, and those of the queries.
pub async fn reinstate(tx: &mut Tx, id: UserId) -> Result<(), DataError> {
    let opened = sqlx::query!(
        "UPDATE users SET is_active = true, suspended_at = NULL WHERE id = $1 AND NOT is_active AND deleted_at IS NULL",
        id.as_uuid(),
    );
    one(opened.execute(&mut *tx).await?.rows_affected())?;
    sqlx::query!("DELETE FROM suspensions WHERE user_id = $1", id.as_uuid())
        .execute(&mut *tx)
        .await?;
    Ok(())
}
