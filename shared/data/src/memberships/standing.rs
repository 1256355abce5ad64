//! Whether a membership is in force: asked in one way by whoever gives members something.

use portal_domain::ids::UserId;
use time::OffsetDateTime;

use crate::{DataError, Tx};

/// Whether a membership is in force for a member: paid for, or borne with that it has ended, of their own or of the company whose people
/// they are among. Of others than the caller it is told to jobs alone.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn is_in_force(tx: &mut Tx, member: UserId, now: OffsetDateTime) -> Result<bool, DataError> {
    let in_force = sqlx::query_scalar!(
        r#"SELECT app.is_membership_in_force($1, $2) AS "in_force!""#,
        member.as_uuid(),
        now
    );
    Ok(in_force.fetch_one(&mut *tx).await?)
}
