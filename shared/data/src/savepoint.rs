//! A part of a transaction that may fail without the rest. There is one at a time.

use crate::{DataError, Tx};

/// Begins the part.
///
/// # Errors
/// [`DataError`] when the connection broke, as of all functions here.
pub async fn set(tx: &mut Tx) -> Result<(), DataError> {
    run(tx, "SAVEPOINT part").await
}

/// Keeps what the part did.
///
/// # Errors
/// As [`set`].
pub async fn release(tx: &mut Tx) -> Result<(), DataError> {
    run(tx, "RELEASE SAVEPOINT part").await
}

/// Takes back what the part did, also when the server refused some of it.
///
/// # Errors
/// As [`set`].
pub async fn roll_back(tx: &mut Tx) -> Result<(), DataError> {
    run(tx, "ROLLBACK TO SAVEPOINT part").await?;
    release(tx).await
}

async fn run(tx: &mut Tx, statement: &str) -> Result<(), DataError> {
    sqlx::query(statement).execute(&mut *tx).await?;
    Ok(())
}
