//! What the caller of a transaction may do.

use portal_domain::ids::EventId;

use crate::{DataError, Tx};

/// Whether the caller has a permission, a `resource.action` string. Permissions are fixed when the transaction begins.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn has(tx: &mut Tx, permission: &str) -> Result<bool, DataError> {
    Ok(sqlx::query_scalar!(r#"SELECT app.has($1) AS "has!""#, permission)
        .fetch_one(&mut *tx)
        .await?)
}

/// Refuses a caller without a permission.
///
/// # Errors
/// [`DataError::NotPermitted`], [`DataError::NoSecondFactor`] for one who would have it by a sign-in with a second factor, and
/// [`DataError`] of the queries.
pub async fn require(tx: &mut Tx, permission: &'static str) -> Result<(), DataError> {
    if has(tx, permission).await? {
        return Ok(());
    }
    let withholds = sqlx::query_scalar!(r#"SELECT app.withholds($1) AS "withholds!""#, permission);
    Err(if withholds.fetch_one(&mut *tx).await? {
        DataError::NoSecondFactor
    } else {
        DataError::NotPermitted { permission }
    })
}

/// Whether the caller may go into an event's meeting and read its papers: who runs it, and who has a seat for which nothing is owed.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn opens_event(tx: &mut Tx, event: EventId) -> Result<bool, DataError> {
    let opens = sqlx::query_scalar!(r#"SELECT app.opens_event($1) AS "opens!""#, event.as_uuid());
    Ok(opens.fetch_one(&mut *tx).await?)
}

/// Whether the caller may change an event, and what hangs on it.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn runs_event(tx: &mut Tx, event: EventId) -> Result<bool, DataError> {
    let runs = sqlx::query_scalar!(r#"SELECT app.runs_event($1) AS "runs!""#, event.as_uuid());
    Ok(runs.fetch_one(&mut *tx).await?)
}
