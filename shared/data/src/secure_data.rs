//! Tax numbers and bank details: sealed before they get to the database, and shown by their last digits only.

use portal_domain::ids::UserId;
use portal_domain::secure_data::{SecureKind, SecureValue};
use time::OffsetDateTime;

use crate::sealing::{self, Sealer};
use crate::{DataError, Tx};

/// What may be shown of a sealed value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// What it is.
    pub kind: SecureKind,
    /// Its last digits: four, or half of a number that has fewer than eight.
    pub last_digits: String,
    /// When it was entered or last changed.
    pub updated_at: OffsetDateTime,
}

/// What a value is bound to: its column and row.
pub(crate) fn sealing_context(user: UserId, kind: &str) -> String {
    format!("secure_data.{kind}/{user}")
}

/// Keeps a value, in place of an earlier one of its kind. Only the account itself may.
///
/// # Errors
/// [`DataError::Denied`] for another's account, [`DataError`] of the query, and when the value cannot be sealed.
pub async fn put(tx: &mut Tx, sealer: &Sealer, user: UserId, value: &SecureValue) -> Result<(), DataError> {
    let context = sealing_context(user, value.kind().as_str());
    let sealed = sealer.seal(&context, value.digits().as_bytes()).await?;
    sqlx::query!(
        "INSERT INTO secure_data (user_id, kind, key_id, ciphertext) VALUES ($1, $2, $3, $4)
        ON CONFLICT (user_id, kind) DO UPDATE SET key_id = EXCLUDED.key_id, ciphertext = EXCLUDED.ciphertext",
        user.as_uuid(),
        value.kind().as_str(),
        sealing::key_id(&sealed)?,
        sealed,
    )
    .execute(&mut *tx)
    .await?;
    Ok(())
}

/// What an account has entered, by its last digits, in the order of [`SecureKind::ALL`]. The transaction sees the caller's own only.
///
/// # Errors
/// [`DataError`] of the query, [`DataError::Sealing`] for a value that was changed or moved, [`DataError::Corrupt`] for one that is
/// no number.
pub async fn list(tx: &mut Tx, sealer: &Sealer, user: UserId) -> Result<Vec<Excerpt>, DataError> {
    let rows = sqlx::query!(
        "SELECT kind, ciphertext, updated_at FROM secure_data WHERE user_id = $1",
        user.as_uuid(),
    )
    .fetch_all(&mut *tx)
    .await?;
    let mut excerpts = Vec::with_capacity(rows.len());
    for row in rows {
        let kind: SecureKind = row.kind.parse().map_err(|_| corrupt("an unknown kind"))?;
        let value = open(sealer, user, kind, &row.ciphertext).await?;
        excerpts.push(Excerpt {
            kind,
            last_digits: value.last_digits().to_owned(),
            updated_at: row.updated_at,
        });
    }
    excerpts.sort_by_key(|excerpt| SecureKind::ALL.iter().position(|kind| *kind == excerpt.kind));
    Ok(excerpts)
}

/// Forgets a value; false when there is none of the kind.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn delete(tx: &mut Tx, user: UserId, kind: SecureKind) -> Result<bool, DataError> {
    let done = sqlx::query!(
        "DELETE FROM secure_data WHERE user_id = $1 AND kind = $2",
        user.as_uuid(),
        kind.as_str(),
    )
    .execute(&mut *tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

async fn open(
    sealer: &Sealer,
    user: UserId,
    kind: SecureKind,
    sealed: &[u8],
) -> Result<SecureValue, DataError> {
    let plain = sealer.open(&sealing_context(user, kind.as_str()), sealed).await?;
    let digits = String::from_utf8(plain).ok();
    digits
        .and_then(|digits| SecureValue::restore(kind, digits))
        .ok_or_else(|| corrupt("a value that is no number"))
}

fn corrupt(reason: &str) -> DataError {
    DataError::Corrupt {
        table: "secure_data",
        reason: reason.to_owned(),
    }
}
