//! The contractor's licence that is a member's. Functions of the database write it: they look at rows that the caller may not change.

use portal_domain::contractor::LicenceNumber;

use super::row::{TABLE, license};
use crate::{DataError, Tx};

/// What came of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClaimOutcome {
    /// The licence is the caller's, now or from before.
    Claimed,
    /// The state's file has no such licence.
    Unknown,
    /// The licence has vanished from the state's file.
    Removed,
    /// It is another member's.
    Taken,
    /// The caller has another licence.
    HasAnother,
    /// Staff have not approved the caller's membership yet.
    NotApproved,
}

/// Makes an imported licence the caller's, and its firm a member of the association. Of two who claim one at once, one wins.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn claim_license(tx: &mut Tx, number: &LicenceNumber) -> Result<ClaimOutcome, DataError> {
    let outcome = sqlx::query_scalar!(r#"SELECT app.claim_license($1) AS "outcome!""#, number.as_str())
        .fetch_one(&mut *tx)
        .await?;
    match outcome.as_str() {
        "CLAIMED" => Ok(ClaimOutcome::Claimed),
        "UNKNOWN" => Ok(ClaimOutcome::Unknown),
        "REMOVED" => Ok(ClaimOutcome::Removed),
        "TAKEN" => Ok(ClaimOutcome::Taken),
        "HAS_ANOTHER" => Ok(ClaimOutcome::HasAnother),
        "NOT_APPROVED" => Ok(ClaimOutcome::NotApproved),
        other => Err(TABLE.corrupt(&format!("a claim came to {other:?}"))),
    }
}

/// Gives the caller's licence back, so that its firm is no member any more; nothing when there was none.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn release_license(tx: &mut Tx) -> Result<Option<LicenceNumber>, DataError> {
    let released = sqlx::query_scalar!("SELECT app.release_license()")
        .fetch_one(&mut *tx)
        .await?;
    license(released.as_deref())
}
