//! Staff work: accounts, roles, merges, tickets, reports, findings, and the record of all of it. Under the role of the function `admin`,
//! whose policies ask for the permission too.

pub mod accounts;
pub mod actions;
pub mod desk;
pub mod findings;
pub mod merges;
pub mod reports;
pub mod roles;
mod words;

use crate::{DataError, Tx};

/// Waits for whoever changes what staff may do, lets nobody change it until the transaction ends, and reads the caller's permissions again.
/// Called before any row is held: so of two administrators who remove each other the second finds out.
///
/// # Errors
/// [`DataError::SessionEnded`] where the caller's sign-in or account has ended meanwhile, and those of the query.
pub async fn hold(tx: &mut Tx) -> Result<(), DataError> {
    sqlx::query!(r#"SELECT app.hold_staff()::text AS "nothing""#)
        .fetch_one(&mut *tx)
        .await?;
    Ok(())
}
