//! Sign-ins: sessions with their families of refresh tokens, and the devices that an account knows.

use std::net::IpAddr;

use portal_domain::ids::{SessionId, UserId};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::accounts::{Account, Powers};
use crate::single_row::one;
use crate::throttle::{self, Subject};
use crate::{DataError, Tx};

/// How long a sign-in lasts that is not used.
const IDLE: Duration = Duration::days(14);

/// How long a sign-in lasts at most.
const LONGEST: Duration = Duration::days(90);

/// The most live sessions, and the most known devices, of one account; the least recently used go first.
const MOST: i64 = 50;

/// Why a session was ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Its own device signed out.
    SignedOut,
    /// Its owner ended it from another device, or all at once.
    Revoked,
    /// The password was changed elsewhere.
    PasswordChanged,
    /// A refresh token was used that had been replaced: it, or its successor, was stolen.
    TokenReused,
}

impl Ended {
    const fn as_str(self) -> &'static str {
        match self {
            Self::SignedOut => "SIGNED_OUT",
            Self::Revoked => "REVOKED",
            Self::PasswordChanged => "PASSWORD_CHANGED",
            Self::TokenReused => "TOKEN_REUSED",
        }
    }
}

/// A sign-in that is to be stored.
pub struct NewSignIn<'a> {
    /// The session's id.
    pub session: SessionId,
    /// Whose it is, as it was when the password or the second factor was verified.
    pub account: &'a Account,
    /// What the sign-in was counted for, which is forgiven now.
    pub counted: &'a [Subject],
    /// SHA-256 of the family's first refresh token.
    pub refresh_token_hash: Vec<u8>,
    /// SHA-256 of the device token that was sent, if any.
    pub sent_device_hash: Option<Vec<u8>>,
    /// SHA-256 of the device token that this device gets unless the account knows the one that was sent.
    pub new_device_hash: Vec<u8>,
    /// What the client says it is.
    pub device: Option<&'a str>,
    /// Where it came from.
    pub address: Option<IpAddr>,
}

/// A sign-in that has been stored: what the account knew of the device, and what it may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// It knew the token that was sent.
    pub known: bool,
    /// It knew some device, this one or others.
    pub any: bool,
    /// What the account may do.
    pub powers: Powers,
}

/// Stores a sign-in and remembers its device. `None` when the account may not sign in any more, or has got another password or a
/// second factor since it was read: whoever sets a new password ends every sign-in by the old, those that are still under way too.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn add(tx: &mut Tx, new: &NewSignIn<'_>, now: OffsetDateTime) -> Result<Option<Stored>, DataError> {
    let row = sqlx::query_file!(
        "src/sign_ins/add.sql",
        new.session.as_uuid(),
        new.account.id.as_uuid(),
        new.refresh_token_hash.as_slice(),
        new.device,
        new.address.map(|address| address.to_canonical().to_string()),
        now,
        now + IDLE,
        new.sent_device_hash.as_deref(),
        new.new_device_hash.as_slice(),
        MOST - 1,
        new.account.password_hash,
        new.account.has_second_factor,
        &throttle::kinds(new.counted) as &[&str],
        &throttle::hashes(new.counted),
    )
    .fetch_one(&mut *tx)
    .await?;
    Ok(row.stored.then_some(Stored {
        known: row.known,
        any: row.any,
        powers: Powers {
            roles: row.roles,
            permissions: row.permissions,
        },
    }))
}

/// A session as a refresh finds it, locked until the transaction ends.
pub struct Family {
    /// Whose it is.
    pub user: UserId,
    /// SHA-256 of the newest token.
    pub current_hash: Vec<u8>,
    /// SHA-256 of the one before.
    pub previous_hash: Option<Vec<u8>>,
    /// When the newest replaced the one before.
    pub rotated_at: OffsetDateTime,
    /// Counts the tokens of the family, from 1.
    pub generation: i32,
    /// Whether it has neither been ended nor run out.
    pub live: bool,
}

/// Looks a session up and locks it, so that of several refreshes one comes after the other.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn lock(tx: &mut Tx, session: SessionId, now: OffsetDateTime) -> Result<Option<Family>, DataError> {
    let family = sqlx::query_as!(
        Family,
        r#"SELECT user_id AS "user: Uuid", refresh_token_hash AS current_hash, previous_token_hash AS previous_hash, rotated_at,
            generation, revoked_at IS NULL AND expires_at > $2 AS "live!"
        FROM sessions
        WHERE id = $1
        FOR UPDATE"#,
        session.as_uuid(),
        now,
    )
    .fetch_optional(&mut *tx)
    .await?;
    Ok(family)
}

/// Replaces the newest token of a session by the next, and moves its end.
///
/// # Errors
/// [`DataError::NotFound`] when there is no such session, and [`DataError`] of the query.
pub async fn rotate(
    tx: &mut Tx,
    session: SessionId,
    next_hash: &[u8],
    address: Option<IpAddr>,
    now: OffsetDateTime,
) -> Result<(), DataError> {
    let done = sqlx::query!(
        "UPDATE sessions
        SET previous_token_hash = refresh_token_hash,
            refresh_token_hash = $2,
            generation = generation + 1,
            rotated_at = $3,
            last_seen_at = $3,
            ip_address = COALESCE($4::text::inet, ip_address),
            expires_at = LEAST($5, created_at + make_interval(secs => $6))
        WHERE id = $1",
        session.as_uuid(),
        next_hash,
        now,
        address.map(|address| address.to_canonical().to_string()),
        now + IDLE,
        LONGEST.as_seconds_f64(),
    )
    .execute(&mut *tx)
    .await?;
    one(done.rows_affected())
}

/// Ends a session of an account; false when it has no such live session.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn end(
    tx: &mut Tx,
    user: UserId,
    session: SessionId,
    why: Ended,
    now: OffsetDateTime,
) -> Result<bool, DataError> {
    let done = sqlx::query!(
        "UPDATE sessions SET revoked_at = $4, revoked_reason = $3
        WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL AND expires_at > $4",
        session.as_uuid(),
        user.as_uuid(),
        why.as_str(),
        now,
    )
    .execute(&mut *tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Ends every session of an account, except one where it is given.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn end_all(
    tx: &mut Tx,
    user: UserId,
    except: Option<SessionId>,
    why: Ended,
    now: OffsetDateTime,
) -> Result<(), DataError> {
    sqlx::query!(
        "UPDATE sessions SET revoked_at = $4, revoked_reason = $3
        WHERE user_id = $1 AND id IS DISTINCT FROM $2 AND revoked_at IS NULL",
        user.as_uuid(),
        except.map(SessionId::as_uuid),
        why.as_str(),
        now,
    )
    .execute(&mut *tx)
    .await?;
    Ok(())
}

/// A live session, for its owner to see.
#[derive(Clone, Debug)]
pub struct Session {
    /// The session.
    pub id: SessionId,
    /// What the client said it is.
    pub device: Option<String>,
    /// Where it was used last.
    pub ip_address: Option<String>,
    /// When the member signed in.
    pub created_at: OffsetDateTime,
    /// When it last got a new access token.
    pub last_seen_at: OffsetDateTime,
    /// When it ends unless it is used.
    pub expires_at: OffsetDateTime,
}

/// The live sessions of an account, the most recently used first.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn list(tx: &mut Tx, user: UserId) -> Result<Vec<Session>, DataError> {
    let sessions = sqlx::query_as!(
        Session,
        r#"SELECT id AS "id: Uuid", device, host(ip_address) AS ip_address, created_at, last_seen_at, expires_at
        FROM sessions
        WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > now()
        ORDER BY last_seen_at DESC, id DESC"#,
        user.as_uuid(),
    )
    .fetch_all(&mut *tx)
    .await?;
    Ok(sessions)
}

/// Forgets every device of an account and remembers one: whoever was let in by the old password is a stranger again.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn know_only(
    tx: &mut Tx,
    user: UserId,
    device_hash: &[u8],
    now: OffsetDateTime,
) -> Result<(), DataError> {
    sqlx::query!(
        "WITH past AS (DELETE FROM known_devices WHERE user_id = $1)
        INSERT INTO known_devices (user_id, device_hash, first_seen_at, last_seen_at) VALUES ($1, $2, $3, $3)",
        user.as_uuid(),
        device_hash,
        now,
    )
    .execute(&mut *tx)
    .await?;
    Ok(())
}
