//! Who may.

use portal_data::{DataError, Tx, permissions};
use portal_http::Call;

/// Refuses a caller without the permission that the table of routes names for this one. The database asks for it once more, by its
/// policies.
///
/// # Errors
/// [`DataError::NotPermitted`], and those of the query.
pub(crate) async fn permit(tx: &mut Tx, call: &Call) -> Result<(), DataError> {
    match call.route.permission {
        Some(permission) => permissions::require(tx, permission).await,
        None => Ok(()),
    }
}
