//! The record of what staff did, and why.

use portal_domain::ids::{ActionId, UserId};
use portal_domain::listing::Moment;
use portal_domain::staff::ActionListing;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::estimate::Counting;
use crate::{DataError, Tx};

/// What something was done to.
#[derive(Clone, Debug)]
pub enum Target {
    /// An account.
    Account(UserId),
    /// A row of a table that is about a member, or about none.
    Row {
        /// The table.
        table: &'static str,
        /// The row's key.
        id: String,
        /// The member.
        member: Option<UserId>,
    },
}

/// Writes down what the caller does, in the transaction that does it.
///
/// # Errors
/// [`DataError::Denied`] where the caller is another, and those of the query.
pub async fn add(
    tx: &mut Tx,
    actor: UserId,
    action: &'static str,
    target: &Target,
    reason: &str,
    details: &Value,
) -> Result<(), DataError> {
    let (table, id, member) = match target {
        Target::Account(member) => ("users", member.to_string(), Some(*member)),
        Target::Row { table, id, member } => (*table, id.clone(), *member),
    };
    // The request's id is the column's default.
    sqlx::query!(
        "INSERT INTO admin_actions (id, action, user_id, target_user_id, target_table, target_id, reason, details)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        Uuid::now_v7(),
        action,
        actor.as_uuid(),
        member.map(UserId::as_uuid),
        table,
        id,
        reason,
        details,
    )
    .execute(&mut *tx)
    .await?;
    Ok(())
}

/// Which actions a list shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ActionFilters {
    /// Of this member of staff.
    pub actor: Option<UserId>,
    /// Done to this account.
    pub target: Option<UserId>,
    /// Any of these.
    pub actions: Vec<String>,
    /// From then on.
    pub from: Option<OffsetDateTime>,
    /// Before then.
    pub to: Option<OffsetDateTime>,
}

/// Where a list goes on: the time of a row in microseconds since 1970, and its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActionPosition {
    created_micros: i64,
    id: ActionId,
}

impl ActionPosition {
    /// Where a list goes on after this action.
    #[must_use]
    pub fn after(action: &ActionListing) -> Self {
        Self {
            created_micros: crate::projects::micros(action.created_at),
            id: action.id,
        }
    }
}

/// A page of actions, the latest first. The indexes of `admin_actions` are in this order: by actor, by target, by action, and all.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn list(
    tx: &mut Tx,
    filters: &ActionFilters,
    after: Option<ActionPosition>,
    limit: i64,
) -> Result<Vec<ActionListing>, DataError> {
    let actions = (!filters.actions.is_empty()).then_some(filters.actions.as_slice());
    let rows = sqlx::query!(
        "SELECT id, action, user_id, target_user_id, target_table, target_id, reason, details, request_id, created_at
        FROM admin_actions
        WHERE ($1::uuid IS NULL OR user_id = $1)
            AND ($2::uuid IS NULL OR target_user_id = $2)
            AND ($3::text[] IS NULL OR app.is_one_of(action, $3))
            AND ($4::timestamptz IS NULL OR created_at >= $4)
            AND ($5::timestamptz IS NULL OR created_at < $5)
            AND ($6::timestamptz IS NULL OR (created_at, id) < ($6, $7::uuid))
        ORDER BY created_at DESC, id DESC
        LIMIT $8",
        filters.actor.map(UserId::as_uuid),
        filters.target.map(UserId::as_uuid),
        actions,
        filters.from,
        filters.to,
        after.map(|after| crate::projects::instant(after.created_micros)),
        after.map(|after| after.id.as_uuid()),
        limit,
    )
    .fetch_all(&mut *tx)
    .await?;
    let actions = rows.into_iter().map(|row| ActionListing {
        id: row.id.into(),
        action: row.action,
        actor_id: row.user_id.into(),
        target_user_id: row.target_user_id.map(UserId::from),
        target_table: row.target_table,
        target_id: row.target_id,
        reason: row.reason,
        details: row.details,
        request_id: row.request_id,
        created_at: Moment(row.created_at),
    });
    Ok(actions.collect())
}

/// How many actions a list has, nothing unless it is asked for; an estimate counts as far as a thousand.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn count(
    tx: &mut Tx,
    filters: &ActionFilters,
    counting: Option<Counting>,
) -> Result<Option<i64>, DataError> {
    let Some(counting) = counting else { return Ok(None) };
    let actions = (!filters.actions.is_empty()).then_some(filters.actions.as_slice());
    let count = sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM (
            SELECT FROM admin_actions
            WHERE ($1::uuid IS NULL OR user_id = $1)
                AND ($2::uuid IS NULL OR target_user_id = $2)
                AND ($3::text[] IS NULL OR app.is_one_of(action, $3))
                AND ($4::timestamptz IS NULL OR created_at >= $4)
                AND ($5::timestamptz IS NULL OR created_at < $5)
            LIMIT $6
        ) AS counted"#,
        filters.actor.map(UserId::as_uuid),
        filters.target.map(UserId::as_uuid),
        actions,
        filters.from,
        filters.to,
        counting.limit(),
    );
    Ok(Some(count.fetch_one(&mut *tx).await?))
}
