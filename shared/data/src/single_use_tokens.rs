//! Tokens that are good once: links in mails, and the step between a password and a second factor. Only their hashes are kept.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use portal_domain::ids::UserId;
use ring::digest::{SHA256, digest};
use ring::rand::SecureRandom;
use serde_json::Value;
use time::OffsetDateTime;

use crate::{DataError, Tx};

/// 256 random bits. It shows itself only when asked for its text.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretToken([u8; 32]);

/// The text is not that of a [`SecretToken`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is not a token of ours")]
pub struct NotAToken;

/// The generator gave no random bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the operating system gave no random bytes")]
pub struct NoRandomness;

impl SecretToken {
    /// A new token.
    ///
    /// # Errors
    /// [`NoRandomness`].
    pub fn generate(random: &dyn SecureRandom) -> Result<Self, NoRandomness> {
        let mut bytes = [0; 32];
        random.fill(&mut bytes).map_err(|_| NoRandomness)?;
        Ok(Self(bytes))
    }

    /// The text that its holder keeps: 43 characters of URL-safe base64.
    #[must_use]
    pub fn text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// SHA-256 of the token: what is stored. No salt and no stretching, since 256 random bits are not guessed.
    #[must_use]
    pub fn hash(&self) -> Vec<u8> {
        digest(&SHA256, &self.0).as_ref().to_vec()
    }
}

impl FromStr for SecretToken {
    type Err = NotAToken;

    fn from_str(text: &str) -> Result<Self, NotAToken> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| NotAToken)?;
        bytes.try_into().map(Self).map_err(|_| NotAToken)
    }
}

impl TryFrom<String> for SecretToken {
    type Error = NotAToken;

    fn try_from(text: String) -> Result<Self, NotAToken> {
        text.parse()
    }
}

impl<'de> serde::Deserialize<'de> for SecretToken {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // The message must not repeat what was sent: it may be a token of another kind.
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl fmt::Debug for SecretToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SecretToken")
    }
}

/// What a token is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Confirms the address of a new account.
    VerifyEmail,
    /// Sets a new password.
    ResetPassword,
    /// Confirms the new address of an account; the payload names it.
    ChangeEmail,
    /// Stands for a password that was right until the second factor is.
    MfaChallenge,
}

impl Purpose {
    const fn as_str(self) -> &'static str {
        match self {
            Self::VerifyEmail => "VERIFY_EMAIL",
            Self::ResetPassword => "RESET_PASSWORD",
            Self::ChangeEmail => "CHANGE_EMAIL",
            Self::MfaChallenge => "MFA_CHALLENGE",
        }
    }
}

/// Whose token it is, and what was kept with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The account.
    pub user_id: UserId,
    /// What was kept with it.
    pub payload: Value,
}

struct Row {
    user_id: uuid::Uuid,
    payload: Value,
}

impl From<Row> for Grant {
    fn from(row: Row) -> Self {
        Self {
            user_id: row.user_id.into(),
            payload: row.payload,
        }
    }
}

/// Keeps the hash of a token; those of the same account and purpose that have run out go.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn add(
    tx: &mut Tx,
    token: &SecretToken,
    purpose: Purpose,
    user: UserId,
    payload: &Value,
    now: OffsetDateTime,
    expires_at: OffsetDateTime,
) -> Result<(), DataError> {
    sqlx::query!(
        "WITH past AS (
            DELETE FROM single_use_tokens WHERE user_id = $2 AND purpose = $3 AND expires_at <= $5
        )
        INSERT INTO single_use_tokens (token_hash, user_id, purpose, payload, created_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6)",
        &token.hash(),
        user.as_uuid(),
        purpose.as_str(),
        payload,
        now,
        expires_at,
    )
    .execute(&mut *tx)
    .await?;
    Ok(())
}

/// What a token is good for, without using it up: for what takes long or may fail before [`take`].
///
/// # Errors
/// [`DataError`] of the query.
pub async fn lookup(
    tx: &mut Tx,
    token: &SecretToken,
    purpose: Purpose,
    now: OffsetDateTime,
) -> Result<Option<Grant>, DataError> {
    let row = sqlx::query_as!(
        Row,
        "SELECT user_id, payload FROM single_use_tokens
        WHERE token_hash = $1 AND purpose = $2 AND used_at IS NULL AND expires_at > $3",
        &token.hash(),
        purpose.as_str(),
        now,
    )
    .fetch_optional(&mut *tx)
    .await?;
    Ok(row.map(Grant::from))
}

/// Uses a token up. Of many at once one gets it; `None` for the others and for a token that is unknown, of another purpose, used or expired.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn take(
    tx: &mut Tx,
    token: &SecretToken,
    purpose: Purpose,
    now: OffsetDateTime,
) -> Result<Option<Grant>, DataError> {
    let row = sqlx::query_as!(
        Row,
        "UPDATE single_use_tokens SET used_at = $3
        WHERE token_hash = $1 AND purpose = $2 AND used_at IS NULL AND expires_at > $3
        RETURNING user_id, payload",
        &token.hash(),
        purpose.as_str(),
        now,
    )
    .fetch_optional(&mut *tx)
    .await?;
    Ok(row.map(Grant::from))
}

/// Makes every unused token of these purposes worthless, since what they were given for has changed.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn withdraw(tx: &mut Tx, user: UserId, purposes: &[Purpose]) -> Result<(), DataError> {
    let purposes: Vec<&str> = purposes.iter().map(|purpose| purpose.as_str()).collect();
    sqlx::query!(
        "DELETE FROM single_use_tokens WHERE user_id = $1 AND purpose = ANY ($2::text[]) AND used_at IS NULL",
        user.as_uuid(),
        &purposes as &[&str],
    )
    .execute(&mut *tx)
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_reads_back_its_text_and_shows_nothing() {
        let token = SecretToken::generate(&ring::rand::SystemRandom::new()).unwrap();
        assert_eq!(token.text().len(), 43);
        assert_eq!(token.text().parse(), Ok(token.clone()));
        assert_eq!(format!("{token:?}"), "SecretToken");
        assert_ne!(
            token,
            SecretToken::generate(&ring::rand::SystemRandom::new()).unwrap()
        );
    }

    #[test]
    fn other_texts_are_no_tokens_and_are_not_repeated() {
        for text in [
            "",
            "x",
            &"A".repeat(42),
            &"A".repeat(44),
            &"=".repeat(43),
            &"ñ".repeat(43),
        ] {
            assert_eq!(text.parse::<SecretToken>(), Err(NotAToken), "{text:?}");
        }
        let error = serde_json::from_str::<SecretToken>("\"hunter2\"").unwrap_err();
        assert!(!error.to_string().contains("hunter2"));
    }
}
