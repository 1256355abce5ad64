//! Writing what the current key has sealed.

use uuid::Uuid;

use super::{Place, SealedValue};
use crate::sealing;
use crate::{DataError, Tx};

/// Puts newly sealed values in place of those that were read; one that was changed or deleted since is left as it is. Says how many
/// were replaced.
///
/// # Errors
/// [`DataError`] of the query, [`DataError::Sealing`] when what is to be written is no sealed value.
pub async fn replace(tx: &mut Tx, place: Place, values: &[(SealedValue, Vec<u8>)]) -> Result<u64, DataError> {
    let ids: Vec<Uuid> = values.iter().map(|(old, _)| old.position.id).collect();
    let kinds: Vec<String> = values.iter().map(|(old, _)| old.position.kind.clone()).collect();
    let old: Vec<Vec<u8>> = values.iter().map(|(old, _)| old.sealed.clone()).collect();
    let new: Vec<Vec<u8>> = values.iter().map(|(_, new)| new.clone()).collect();
    let key_ids = values
        .iter()
        .map(|(_, new)| sealing::key_id(new).map(str::to_owned));
    let key_ids: Vec<String> = key_ids.collect::<Result<_, _>>()?;
    let done = match place {
        Place::SecureData => {
            sqlx::query!(
                "UPDATE secure_data AS s
                SET key_id = n.key_id, ciphertext = n.new
                FROM unnest($1::uuid[], $2::text[], $3::bytea[], $4::bytea[], $5::text[]) AS n (id, kind, old, new, key_id)
                WHERE s.user_id = n.id AND s.kind = n.kind AND s.ciphertext = n.old",
                &ids,
                &kinds,
                &old,
                &new,
                &key_ids,
            )
            .execute(&mut *tx)
            .await?
        }
        Place::MfaSecrets => {
            sqlx::query!(
                "UPDATE users AS u
                SET mfa_secret = n.new
                FROM unnest($1::uuid[], $2::bytea[], $3::bytea[]) AS n (id, old, new)
                WHERE u.id = n.id AND u.mfa_secret = n.old",
                &ids,
                &old,
                &new,
            )
            .execute(&mut *tx)
            .await?
        }
        Place::OutboxSecrets => {
            sqlx::query!(
                "UPDATE outbox AS o
                SET secret = n.new
                FROM unnest($1::uuid[], $2::bytea[], $3::bytea[]) AS n (id, old, new)
                WHERE o.id = n.id AND o.secret = n.old",
                &ids,
                &old,
                &new,
            )
            .execute(&mut *tx)
            .await?
        }
    };
    Ok(done.rows_affected())
}
