//! Sealing anew, after a data key was rotated: every place that keeps sealed values, read in batches and replaced one value at a
//! time where nobody has changed it meanwhile. What is done is under the current key, so the rows themselves are the checkpoint.

mod replace;
mod values;

use uuid::Uuid;

use crate::sealing::CurrentKey;
use crate::{DataError, Tx, mfa, outbox, secure_data};

pub use replace::replace;
pub use values::values;

/// A column with sealed values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// `secure_data.ciphertext`
    SecureData,
    /// `users.mfa_secret`
    MfaSecrets,
    /// `outbox.secret`, which is there only while the mail is pending.
    OutboxSecrets,
}

impl Place {
    /// Every place.
    pub const ALL: [Self; 3] = [Self::SecureData, Self::MfaSecrets, Self::OutboxSecrets];
}

/// Where a value stands in its place: places are gone through in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    id: Uuid,
    kind: String,
}

impl Position {
    /// Before the first value of any place.
    #[must_use]
    pub const fn start() -> Self {
        Self {
            id: Uuid::nil(),
            kind: String::new(),
        }
    }
}

/// A sealed value as it was read.
pub struct SealedValue {
    /// Where it stands.
    pub position: Position,
    /// The bytes.
    pub sealed: Vec<u8>,
}

impl SealedValue {
    /// What the value was sealed for, and is to be sealed for again.
    #[must_use]
    pub fn context(&self, place: Place) -> String {
        let Position { id, kind } = &self.position;
        match place {
            Place::SecureData => secure_data::sealing_context((*id).into(), kind),
            Place::MfaSecrets => mfa::sealing_context((*id).into()),
            Place::OutboxSecrets => outbox::sealing_context(*id),
        }
    }
}

/// Says that this transaction changes keys and no values, so that rows keep their versions.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn begin(tx: &mut Tx) -> Result<(), DataError> {
    sqlx::query!("SELECT app.begin_resealing()")
        .fetch_one(&mut *tx)
        .await?;
    Ok(())
}

/// How many values of a place are not under the current key.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn remaining(tx: &mut Tx, key: &CurrentKey) -> Result<i64, DataError> {
    Ok(sqlx::query_scalar!(
        r#"SELECT
            (SELECT count(*) FROM secure_data WHERE substring(ciphertext FOR octet_length($1::bytea)) <> $1)
            + (SELECT count(*) FROM users WHERE mfa_secret IS NOT NULL AND substring(mfa_secret FOR octet_length($1::bytea)) <> $1)
            + (SELECT count(*) FROM outbox
                WHERE state = 'PENDING' AND secret IS NOT NULL AND substring(secret FOR octet_length($1::bytea)) <> $1) AS "remaining!""#,
        key.header.as_slice(),
    )
    .fetch_one(&mut *tx)
    .await?)
}
