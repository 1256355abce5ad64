//! Searches that members keep, and what is new in them. The database lets a member keep 50.

mod alerts;

use portal_domain::ids::{SavedSearchId, UserId};
use portal_domain::listing::Moment;
use portal_domain::search::{SavedQuery, SavedSearch};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::projects::{instant, micros};
use crate::single_row::one;
use crate::{DataError, Tx};

pub use alerts::{
    DuePosition, DueSearch, Watch, WatchedSearch, act_as, due, move_marks, settled_until, watch,
};

const TABLE: &str = "saved_searches";

/// Where a list goes on: after this search.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedSearchPosition {
    /// When it was saved, in microseconds since 1970.
    created_micros: i64,
    /// Its id.
    id: SavedSearchId,
}

impl SavedSearchPosition {
    /// Where a list goes on after a search.
    #[must_use]
    pub fn after(search: &SavedSearch) -> Self {
        Self {
            created_micros: micros(search.created_at),
            id: search.id,
        }
    }
}

/// What a member says of a search.
#[derive(Clone, Debug, PartialEq)]
pub struct SavedSearchDetails<'a> {
    /// What they call it.
    pub name: &'a str,
    /// What is searched for.
    pub query: &'a SavedQuery,
    /// Whether they want to hear of what is new.
    pub alerts_enabled: bool,
}

struct Row {
    id: Uuid,
    name: String,
    query: Value,
    alerts_enabled: bool,
    created_at: OffsetDateTime,
    updated_at: OffsetDateTime,
    version: i32,
}

impl TryFrom<Row> for SavedSearch {
    type Error = DataError;

    fn try_from(row: Row) -> Result<Self, DataError> {
        Ok(Self {
            id: row.id.into(),
            name: row.name,
            query: read(row.query)?,
            alerts_enabled: row.alerts_enabled,
            created_at: Moment(row.created_at),
            updated_at: Moment(row.updated_at),
            version: row.version,
        })
    }
}

/// A page of the caller's searches, the newest first, by the index on (user, created_at, id).
///
/// # Errors
/// [`DataError`] of the query.
pub async fn list(
    tx: &mut Tx,
    member: UserId,
    after: Option<SavedSearchPosition>,
    limit: i64,
) -> Result<Vec<SavedSearch>, DataError> {
    let rows = sqlx::query_as!(
        Row,
        "SELECT id, name, query, alerts_enabled, created_at, updated_at, version
        FROM saved_searches
        WHERE user_id = $1 AND ($2::timestamptz IS NULL OR (created_at, id) < ($2, $3))
        ORDER BY created_at DESC, id DESC
        LIMIT $4",
        member.as_uuid(),
        after.map(|after| instant(after.created_micros)),
        after.map(|after| after.id.as_uuid()),
        limit,
    );
    let rows = rows.fetch_all(&mut *tx).await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// How many searches the caller keeps.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn count(tx: &mut Tx, member: UserId) -> Result<i64, DataError> {
    let counted = sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM saved_searches WHERE user_id = $1"#,
        member.as_uuid(),
    );
    Ok(counted.fetch_one(&mut *tx).await?)
}

/// Keeps a search for the caller. What shows from now on is new to it, even what a transaction that is open now has dated already.
///
/// # Errors
/// [`DataError::Refused`] when the caller keeps as many as there may be, and those of the query.
pub async fn add(
    tx: &mut Tx,
    id: SavedSearchId,
    member: UserId,
    details: &SavedSearchDetails<'_>,
) -> Result<SavedSearch, DataError> {
    let query = write(details.query)?;
    let row = sqlx::query_as!(
        Row,
        "INSERT INTO saved_searches (id, user_id, name, query, alerts_enabled, matched_until)
        VALUES ($1, $2, $3, $4, $5, app.settled_until('0'))
        RETURNING id, name, query, alerts_enabled, created_at, updated_at, version",
        id.as_uuid(),
        member.as_uuid(),
        details.name,
        query,
        details.alerts_enabled,
    );
    row.fetch_one(&mut *tx).await?.try_into()
}

/// Takes hold of one of the caller's searches, if it is there.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn lock(tx: &mut Tx, member: UserId, id: SavedSearchId) -> Result<Option<SavedSearch>, DataError> {
    let row = sqlx::query_as!(
        Row,
        "SELECT id, name, query, alerts_enabled, created_at, updated_at, version
        FROM saved_searches
        WHERE id = $1 AND user_id = $2
        FOR UPDATE",
        id.as_uuid(),
        member.as_uuid(),
    );
    row.fetch_optional(&mut *tx)
        .await?
        .map(TryInto::try_into)
        .transpose()
}

/// Changes one of the caller's searches. One that looks for something else, or looks for it again, starts anew: nobody is told of what
/// came while it did not.
///
/// # Errors
/// [`DataError::NotFound`] when it is not there, and those of the query.
pub async fn change(
    tx: &mut Tx,
    member: UserId,
    id: SavedSearchId,
    details: &SavedSearchDetails<'_>,
) -> Result<SavedSearch, DataError> {
    let query = write(details.query)?;
    let row = sqlx::query_as!(
        Row,
        "UPDATE saved_searches
        SET name = $3, query = $4, alerts_enabled = $5,
            matched_until = CASE
                WHEN query <> $4 OR ($5 AND NOT alerts_enabled) THEN GREATEST(matched_until, app.settled_until('0'))
                ELSE matched_until
            END,
            -- Said here, since the trigger takes a row whose mark moves for one that was only looked at.
            version = version + 1, updated_at = now()
        WHERE id = $1 AND user_id = $2
        RETURNING id, name, query, alerts_enabled, created_at, updated_at, version",
        id.as_uuid(),
        member.as_uuid(),
        details.name,
        query,
        details.alerts_enabled,
    );
    row.fetch_one(&mut *tx).await?.try_into()
}

/// Forgets one of the caller's searches.
///
/// # Errors
/// [`DataError::NotFound`] when it is not there, and those of the query.
pub async fn remove(tx: &mut Tx, member: UserId, id: SavedSearchId) -> Result<(), DataError> {
    let removed = sqlx::query!(
        "DELETE FROM saved_searches WHERE id = $1 AND user_id = $2",
        id.as_uuid(),
        member.as_uuid(),
    );
    one(removed.execute(&mut *tx).await?.rows_affected())
}

fn read(query: Value) -> Result<SavedQuery, DataError> {
    serde_json::from_value(query).map_err(|error| DataError::Corrupt {
        table: TABLE,
        reason: error.to_string(),
    })
}

fn write(query: &SavedQuery) -> Result<Value, DataError> {
    serde_json::to_value(query).map_err(|error| DataError::Corrupt {
        table: TABLE,
        reason: error.to_string(),
    })
}
