//! The second factor: the sealed secret of an authenticator app, the steps whose codes were taken, and recovery codes.

mod recovery;

use portal_domain::ids::{SessionId, UserId};
use time::OffsetDateTime;

use crate::sealing::Sealer;
use crate::single_row::one;
use crate::single_use_tokens::{Grant, SecretToken};
use crate::{DataError, Tx};

pub use recovery::{replace_recovery_codes, use_recovery_code};

/// Codes that may be tried with one challenge.
pub const CHALLENGE_ATTEMPTS: i32 = 5;

/// An account's authenticator, locked until the transaction ends.
pub struct Authenticator {
    /// The secret that codes are made from.
    pub secret: Vec<u8>,
    /// Whether a code has confirmed it; sign-in asks for no other.
    pub enabled: bool,
}

/// What the secret is bound to.
#[must_use]
pub fn sealing_context(user: UserId) -> String {
    format!("users.mfa_secret/{user}")
}

/// The account's authenticator, if it has one, confirmed or not. The row is locked, so that what is checked is what is changed.
///
/// # Errors
/// [`DataError`] of the query, and when the secret cannot be opened.
pub async fn lock(tx: &mut Tx, sealer: &Sealer, user: UserId) -> Result<Option<Authenticator>, DataError> {
    let row = sqlx::query!(
        r#"SELECT mfa_secret AS "secret!", mfa_enabled_at IS NOT NULL AS "enabled!"
        FROM users
        WHERE id = $1 AND mfa_secret IS NOT NULL AND deleted_at IS NULL
        FOR NO KEY UPDATE"#,
        user.as_uuid(),
    )
    .fetch_optional(&mut *tx)
    .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    Ok(Some(Authenticator {
        secret: sealer.open(&sealing_context(user), &row.secret).await?,
        enabled: row.enabled,
    }))
}

/// Keeps the secret of an authenticator that has yet to be confirmed, in place of an earlier one that was not. False when the
/// account has one that is.
///
/// # Errors
/// [`DataError`] of the query, and when the secret cannot be sealed.
pub async fn begin(tx: &mut Tx, sealer: &Sealer, user: UserId, secret: &[u8]) -> Result<bool, DataError> {
    let sealed = sealer.seal(&sealing_context(user), secret).await?;
    let done = sqlx::query!(
        "UPDATE users SET mfa_secret = $2 WHERE id = $1 AND mfa_enabled_at IS NULL AND deleted_at IS NULL",
        user.as_uuid(),
        sealed,
    )
    .execute(&mut *tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// From now on sign-in asks for the authenticator. Its owner has shown a code of it, under [`lock`], by this sign-in.
///
/// # Errors
/// [`DataError::NotFound`] when there is none to be confirmed, and [`DataError`] of the query.
pub async fn enable(
    tx: &mut Tx,
    (user, session): (UserId, SessionId),
    now: OffsetDateTime,
) -> Result<(), DataError> {
    let done = sqlx::query!(
        "WITH shown AS (
            UPDATE sessions SET second_factor_at = $2 WHERE id = $3 AND user_id = $1
        )
        UPDATE users SET mfa_enabled_at = $2
        WHERE id = $1 AND mfa_secret IS NOT NULL AND mfa_enabled_at IS NULL AND deleted_at IS NULL",
        user.as_uuid(),
        now,
        session.as_uuid(),
    )
    .execute(&mut *tx)
    .await?;
    one(done.rows_affected())
}

/// Takes the authenticator away, with its recovery codes, the challenges that wait for it, and what sign-ins have by it.
///
/// # Errors
/// [`DataError::NotFound`] when there is none, and [`DataError`] of the query.
pub async fn remove(tx: &mut Tx, user: UserId) -> Result<(), DataError> {
    let done = sqlx::query!(
        "WITH codes AS (
            DELETE FROM mfa_recovery_codes WHERE user_id = $1
        ), steps AS (
            DELETE FROM totp_steps WHERE user_id = $1
        ), challenges AS (
            DELETE FROM single_use_tokens WHERE user_id = $1 AND purpose = 'MFA_CHALLENGE'
        ), shown AS (
            UPDATE sessions SET second_factor_at = NULL WHERE user_id = $1 AND second_factor_at IS NOT NULL
        )
        UPDATE users SET mfa_secret = NULL, mfa_enabled_at = NULL WHERE id = $1 AND mfa_secret IS NOT NULL",
        user.as_uuid(),
    )
    .execute(&mut *tx)
    .await?;
    one(done.rows_affected())
}

/// Takes the code of a time step: false when one of this step, or of a later one, was taken before. Of two requests with one code
/// the second waits for the first.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn use_step(tx: &mut Tx, user: UserId, step: i64, now: OffsetDateTime) -> Result<bool, DataError> {
    let done = sqlx::query!(
        "INSERT INTO totp_steps AS t (user_id, step, used_at) VALUES ($1, $2, $3)
        ON CONFLICT (user_id) DO UPDATE SET step = EXCLUDED.step, used_at = EXCLUDED.used_at
        WHERE t.step < EXCLUDED.step",
        user.as_uuid(),
        step,
        now,
    )
    .execute(&mut *tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Counts an attempt against a challenge and says what it was given for. `None` when it is unknown, used, out of time, or has been
/// tried too often. A right code uses it up by `single_use_tokens::take`.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn attempt_challenge(
    tx: &mut Tx,
    challenge: &SecretToken,
    now: OffsetDateTime,
) -> Result<Option<Grant>, DataError> {
    let row = sqlx::query!(
        "UPDATE single_use_tokens SET attempts = attempts + 1
        WHERE token_hash = $1 AND purpose = 'MFA_CHALLENGE' AND used_at IS NULL AND expires_at > $2 AND attempts < $3
        RETURNING user_id, payload",
        &challenge.hash(),
        now,
        CHALLENGE_ATTEMPTS,
    )
    .fetch_optional(&mut *tx)
    .await?;
    Ok(row.map(|row| Grant {
        user_id: row.user_id.into(),
        payload: row.payload,
    }))
}

/// Whether the second factor was shown from a device before, by the hash of its token. One that is known by a link in a mail alone,
/// or from the time before the account had a second factor, has not.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn was_shown_from(tx: &mut Tx, user: UserId, device_hash: &[u8]) -> Result<bool, DataError> {
    Ok(sqlx::query_scalar!(
        r#"SELECT EXISTS (
            SELECT FROM known_devices WHERE user_id = $1 AND device_hash = $2 AND second_factor_at IS NOT NULL
        ) AS "shown!""#,
        user.as_uuid(),
        device_hash,
    )
    .fetch_one(&mut *tx)
    .await?)
}

/// When the member last proved who they are for this session: at sign-in, since refreshing proves nothing.
///
/// # Errors
/// [`DataError::NotFound`] for a session that is not the account's, and [`DataError`] of the query.
pub async fn signed_in_at(
    tx: &mut Tx,
    user: UserId,
    session: SessionId,
) -> Result<OffsetDateTime, DataError> {
    Ok(sqlx::query_scalar!(
        "SELECT created_at FROM sessions WHERE id = $1 AND user_id = $2",
        session.as_uuid(),
        user.as_uuid(),
    )
    .fetch_one(&mut *tx)
    .await?)
}
