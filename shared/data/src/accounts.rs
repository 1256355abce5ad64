//! Accounts, as sign-in sees them.

use portal_domain::email::EmailAddress;
use portal_domain::ids::UserId;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::single_row::one;
use crate::{DataError, Tx};

/// An account with what decides whether its owner gets in. Its hash never shows.
#[derive(Clone)]
pub struct Account {
    /// The account.
    pub id: UserId,
    /// Its address, as its owner wrote it.
    pub email: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// REGULAR or ADMIN.
    pub member_type: String,
    /// The password's Argon2id hash, as a PHC string; absent before a first password is set.
    pub password_hash: Option<String>,
    /// Whether the account has not been suspended or deleted.
    pub is_active: bool,
    /// Whether its owner has proved that the address is theirs.
    pub is_verified: bool,
    /// Whether staff have approved the membership.
    pub is_approved: bool,
    /// Whether a second factor is asked for.
    pub has_second_factor: bool,
    /// When it was made.
    pub created_at: OffsetDateTime,
    /// The row's version.
    pub version: i32,
}

impl Account {
    /// Whether its owner may sign in at all.
    #[must_use]
    pub const fn may_sign_in(&self) -> bool {
        self.is_active && self.is_verified
    }

    /// Words about the owner, which a password must not be made of.
    #[must_use]
    pub fn words(&self) -> [&str; 4] {
        let local = self.email.split_once('@').map_or("", |(local, _)| local);
        [&self.email, local, &self.first_name, &self.last_name]
    }
}

impl std::fmt::Debug for Account {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Account")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// What a new account begins with.
#[derive(Clone)]
pub struct NewAccount {
    /// Its id.
    pub id: UserId,
    /// The address.
    pub email: EmailAddress,
    /// The password's hash, as a PHC string.
    pub password_hash: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// The firm.
    pub company: Option<String>,
}

/// What an account may do, for its owner to see.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Powers {
    /// The roles' names, sorted.
    pub roles: Vec<String>,
    /// What they allow, `resource.action`, sorted.
    pub permissions: Vec<String>,
}

/// The account with an address, and whether a device has signed in to it before. An account that was deleted is none.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn find_by_email(
    tx: &mut Tx,
    email: &EmailAddress,
    device_hash: Option<&[u8]>,
) -> Result<Option<(Account, bool)>, DataError> {
    let row = sqlx::query!(
        r#"SELECT u.id, u.email, u.first_name, u.last_name, u.member_type, u.password_hash, u.is_active, u.is_verified,
            u.approved_at IS NOT NULL AS "is_approved!", u.mfa_enabled_at IS NOT NULL AS "has_second_factor!",
            u.created_at, u.version,
            EXISTS (SELECT FROM known_devices AS d WHERE d.user_id = u.id AND d.device_hash = $2) AS "known!"
        FROM users AS u
        WHERE lower(u.email) = $1 AND u.deleted_at IS NULL"#,
        email.folded(),
        device_hash,
    )
    .fetch_optional(&mut *tx)
    .await?;
    Ok(row.map(|row| {
        let account = Account {
            id: row.id.into(),
            email: row.email,
            first_name: row.first_name,
            last_name: row.last_name,
            member_type: row.member_type,
            password_hash: row.password_hash,
            is_active: row.is_active,
            is_verified: row.is_verified,
            is_approved: row.is_approved,
            has_second_factor: row.has_second_factor,
            created_at: row.created_at,
            version: row.version,
        };
        (account, row.known)
    }))
}

/// An account by its id, unless it was deleted.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn lookup(tx: &mut Tx, user: UserId) -> Result<Option<Account>, DataError> {
    let account = sqlx::query_as!(
        Account,
        r#"SELECT id AS "id: Uuid", email, first_name, last_name, member_type, password_hash, is_active, is_verified,
            approved_at IS NOT NULL AS "is_approved!", mfa_enabled_at IS NOT NULL AS "has_second_factor!", created_at, version
        FROM users
        WHERE id = $1 AND deleted_at IS NULL"#,
        user.as_uuid(),
    )
    .fetch_optional(&mut *tx)
    .await?;
    Ok(account)
}

/// Adds an account that has yet to be verified; false when the address has one already.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn add(tx: &mut Tx, account: &NewAccount) -> Result<bool, DataError> {
    let done = sqlx::query!(
        "INSERT INTO users (id, email, password_hash, first_name, last_name, company)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT DO NOTHING",
        account.id.as_uuid(),
        &*account.email,
        account.password_hash,
        account.first_name,
        account.last_name,
        account.company,
    )
    .execute(&mut *tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Gives an account another password hash.
///
/// # Errors
/// [`DataError::NotFound`] when there is no such account, and [`DataError`] of the query.
pub async fn set_password(tx: &mut Tx, user: UserId, hash: &str) -> Result<(), DataError> {
    let done = sqlx::query!(
        "UPDATE users SET password_hash = $2 WHERE id = $1 AND deleted_at IS NULL",
        user.as_uuid(),
        hash,
    )
    .execute(&mut *tx)
    .await?;
    one(done.rows_affected())
}

/// The same, when its hash is still the one that was verified; false when another request has changed it meanwhile.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn replace_password(
    tx: &mut Tx,
    user: UserId,
    from: Option<&str>,
    to: &str,
) -> Result<bool, DataError> {
    let done = sqlx::query!(
        "UPDATE users SET password_hash = $3
        WHERE id = $1 AND password_hash IS NOT DISTINCT FROM $2 AND deleted_at IS NULL",
        user.as_uuid(),
        from,
        to,
    )
    .execute(&mut *tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Whether an account may still sign in, with the password that it had when it was read. It stays so until the transaction ends:
/// whoever sets a new password waits, and then withdraws what this transaction has given out.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn hold(tx: &mut Tx, account: &Account) -> Result<bool, DataError> {
    let held = sqlx::query_scalar!(
        "SELECT id FROM users
        WHERE id = $1 AND is_active AND is_verified AND deleted_at IS NULL AND password_hash IS NOT DISTINCT FROM $2
        FOR SHARE",
        account.id.as_uuid(),
        account.password_hash,
    )
    .fetch_optional(&mut *tx)
    .await?;
    Ok(held.is_some())
}

/// Notes that the owner has proved that the address is theirs.
///
/// # Errors
/// [`DataError::NotFound`] when there is no such account, and [`DataError`] of the query.
pub async fn mark_verified(tx: &mut Tx, user: UserId) -> Result<(), DataError> {
    let done = sqlx::query!(
        "UPDATE users SET is_verified = true WHERE id = $1 AND deleted_at IS NULL",
        user.as_uuid(),
    )
    .execute(&mut *tx)
    .await?;
    one(done.rows_affected())
}

/// Gives an account another address, which its owner has proved to be theirs.
///
/// # Errors
/// [`DataError::Conflict`] when another account has it, [`DataError::NotFound`] when there is no such account, and
/// [`DataError`] of the query.
pub async fn set_email(tx: &mut Tx, user: UserId, email: &EmailAddress) -> Result<(), DataError> {
    let done = sqlx::query!(
        "UPDATE users SET email = $2, is_verified = true WHERE id = $1 AND deleted_at IS NULL",
        user.as_uuid(),
        &**email,
    )
    .execute(&mut *tx)
    .await?;
    one(done.rows_affected())
}

/// The roles that an account holds now, and what they allow.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn powers(tx: &mut Tx, user: UserId) -> Result<Powers, DataError> {
    let powers = sqlx::query_as!(
        Powers,
        r#"SELECT
            COALESCE(array_agg(DISTINCT r.name ORDER BY r.name), '{}') AS "roles!",
            COALESCE(array_agg(DISTINCT p.name ORDER BY p.name) FILTER (WHERE p.name IS NOT NULL), '{}') AS "permissions!"
        FROM user_roles AS ur
        JOIN roles AS r ON r.id = ur.role_id
        LEFT JOIN role_permissions AS rp ON rp.role_id = r.id
        LEFT JOIN permissions AS p ON p.id = rp.permission_id
        WHERE ur.user_id = $1 AND (ur.expires_at IS NULL OR ur.expires_at > now())"#,
        user.as_uuid(),
    )
    .fetch_one(&mut *tx)
    .await?;
    Ok(powers)
}
