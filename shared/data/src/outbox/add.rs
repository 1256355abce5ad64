//! Putting a mail in.

use portal_domain::mail::Mail;
use uuid::Uuid;

use super::sealing_context;
use crate::sealing::Sealer;
use crate::{DataError, Tx};

/// Adds a mail, which goes out once the transaction is committed. Where one with its deduplication key is there already, nothing is
/// added. The secret is sealed before it gets to the database.
///
/// # Errors
/// [`DataError`] of the statement, and [`DataError::Sealing`] when the secret cannot be sealed.
pub async fn add(tx: &mut Tx, sealer: &Sealer, mail: &Mail) -> Result<(), DataError> {
    let id = Uuid::now_v7();
    let secret = match &mail.secret {
        Some(secret) => Some(sealer.seal(&sealing_context(id), secret.as_bytes()).await?),
        None => None,
    };
    // No conflict target: naming one would take the right to read the outbox, which those who put in do not have.
    sqlx::query!(
        "INSERT INTO outbox (id, user_id, kind, recipient, payload, secret, deduplication_key, not_before)
        VALUES ($1, $2, $3, $4, $5, $6, $7, COALESCE($8, now()))
        ON CONFLICT DO NOTHING",
        id,
        mail.user_id.map(portal_domain::ids::UserId::as_uuid),
        mail.kind.as_str(),
        mail.recipient,
        mail.payload,
        secret,
        mail.deduplication_key,
        mail.not_before,
    )
    .execute(&mut *tx)
    .await?;
    Ok(())
}
