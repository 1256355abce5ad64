//! Merging two accounts of one person.

use portal_domain::ids::UserId;
use portal_domain::listing::Moment;
use portal_domain::staff::{MergeEntry, MergeOrdered, MergePreview};
use serde_json::Value;

use crate::{DataError, Tx};

/// How far a merge has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Who has ordered it, if that counts still.
    pub ordered: Option<MergeOrdered>,
    /// Whether the caller may finish it: as the second member of staff, or as the only one there is who could.
    pub may_finish: bool,
}

/// How far a merge has come. Asked before [`merge`], which takes its order away.
///
/// # Errors
/// [`DataError::Denied`] where the caller does not run accounts, and those of the query.
pub async fn standing(tx: &mut Tx, keep: UserId, given_up: UserId) -> Result<Standing, DataError> {
    let row = sqlx::query!(
        r#"SELECT ordered_by, ordered_at, reason, may_finish AS "may_finish!" FROM app.merge_standing($1, $2)"#,
        keep.as_uuid(),
        given_up.as_uuid(),
    )
    .fetch_one(&mut *tx)
    .await?;
    let ordered = match (row.ordered_by, row.ordered_at, row.reason) {
        (Some(by), Some(at), Some(reason)) => Some(MergeOrdered {
            by: by.into(),
            at: Moment(at),
            reason,
        }),
        _ => None,
    };
    Ok(Standing {
        ordered,
        may_finish: row.may_finish,
    })
}

/// Orders a merge, for another member of staff to finish; a newer order takes the place of an older one.
///
/// # Errors
/// [`DataError::Denied`] where the caller does not run accounts, and those of the query.
pub async fn order(
    tx: &mut Tx,
    (keep, given_up): (UserId, UserId),
    actor: UserId,
    reason: &str,
) -> Result<MergeOrdered, DataError> {
    let at = sqlx::query_scalar!(
        "INSERT INTO merge_orders (keep_id, merge_id, ordered_by, reason) VALUES ($1, $2, $3, $4)
        ON CONFLICT (keep_id, merge_id) DO UPDATE
        SET ordered_by = EXCLUDED.ordered_by, reason = EXCLUDED.reason, ordered_at = EXCLUDED.ordered_at
        RETURNING ordered_at",
        keep.as_uuid(),
        given_up.as_uuid(),
        actor.as_uuid(),
        reason,
    );
    Ok(MergeOrdered {
        by: actor,
        at: Moment(at.fetch_one(&mut *tx).await?),
        reason: reason.to_owned(),
    })
}

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
        ordered: None,
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
