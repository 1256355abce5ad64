//! What staff do in the function `admin`, and why: a row for each change, in the transaction that makes it.

use portal_domain::ids::UserId;
use serde_json::Value;
use uuid::Uuid;

use crate::{DataError, Tx};

/// What was done, to what.
#[derive(Clone, Copy, Debug)]
pub struct NewAction<'a> {
    /// What, as `things.verb`.
    pub action: &'a str,
    /// By whom: the caller.
    pub actor: UserId,
    /// The table of what it was done to.
    pub table: &'a str,
    /// Its key there.
    pub key: &'a str,
    /// Why, in the words of who does it.
    pub reason: &'a str,
    /// What else is to be known of it.
    pub details: &'a Value,
}

/// Writes down what the caller does.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn add(tx: &mut Tx, action: NewAction<'_>) -> Result<(), DataError> {
    sqlx::query!(
        "INSERT INTO admin_actions (id, action, user_id, target_table, target_id, reason, details)
        VALUES ($1, $2, $3, $4, $5, $6, $7)",
        Uuid::now_v7(),
        action.action,
        action.actor.as_uuid(),
        action.table,
        action.key,
        action.reason,
        action.details,
    )
    .execute(&mut *tx)
    .await?;
    Ok(())
}
