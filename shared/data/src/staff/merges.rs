//! Merging two accounts of one person.

use portal_domain::ids::UserId;
use portal_domain::staff::{MergeEntry, MergePreview};
use serde_json::Value;

use crate::{DataError, Tx};

/// Makes one account of two, and says what that did. Taken back, it was a preview.
///
/// Called after [`super::hold`]. Everything that it changes is held in one order: payments, memberships, events, projects, accounts.
///
/// # Errors
/// [`DataError::Refused`] where they cannot be merged, and those of the query.
pub async fn merge(tx: &mut Tx, keep: UserId, given_up: UserId) -> Result<MergePreview, DataError> {
    let done = sqlx::query!(
        r#"SELECT report AS "report!", digest AS "digest!" FROM app.merge_accounts($1, $2)"#,
        keep.as_uuid(),
        given_up.as_uuid(),
    )
    .fetch_one(&mut *tx)
    .await?;
    Ok(MergePreview {
        keep_id: keep,
        merge_id: given_up,
        preview_version: done.digest,
        entries: entries(done.report)?,
    })
}

fn entries(report: Value) -> Result<Vec<MergeEntry>, DataError> {
    serde_json::from_value(report).map_err(|error| DataError::Corrupt {
        table: "users",
        reason: format!("the report of a merge: {error}"),
    })
}

/// Whether the caller may see both accounts: neither is closed.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn are_there(tx: &mut Tx, one: UserId, other: UserId) -> Result<bool, DataError> {
    let count = sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM users WHERE id IN ($1, $2) AND deleted_at IS NULL"#,
        one.as_uuid(),
        other.as_uuid(),
    );
    let there = count.fetch_one(&mut *tx).await?;
    Ok(there == if one == other { 1 } else { 2 })
}
