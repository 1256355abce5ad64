//! What a job needs to tell members of what is new in their searches.
//!
//! A search is looked at once a day. Its mark, `matched_until`, moves in the transaction that writes the mail, so a run that dies has
//! done nothing. A mark is never newer than [`settled_until`] says, so that no row can show later that is dated before it.

use portal_domain::ids::{SavedSearchId, UserId};
use portal_domain::search::SavedQuery;
use time::OffsetDateTime;

use super::read;
use crate::{DataError, Tx};

/// Where the due searches go on: after this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DuePosition {
    matched_until: OffsetDateTime,
    id: SavedSearchId,
}

/// A search that is to be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DueSearch {
    /// Whose it is.
    pub member: UserId,
    /// Where it stands.
    pub position: DuePosition,
}

/// One search of a member who is to be told what is new.
#[derive(Clone, Debug, PartialEq)]
pub struct WatchedSearch {
    /// Its id.
    pub id: SavedSearchId,
    /// What its member calls it.
    pub name: String,
    /// What is searched for.
    pub query: SavedQuery,
    /// What was found by then has been told.
    pub matched_until: OffsetDateTime,
}

/// A member with all searches whose news they want, in the order in which they were saved. All are looked at together, so that
/// there is one mail.
#[derive(Clone, Debug, PartialEq)]
pub struct Watch {
    /// The address of the member.
    pub email: String,
    /// The searches.
    pub searches: Vec<WatchedSearch>,
}

/// Up to when everything that is dated has been committed, or never will be. To be asked before what is looked at is read.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn settled_until(tx: &mut Tx) -> Result<OffsetDateTime, DataError> {
    let moment = sqlx::query_scalar!(r#"SELECT app.settled_until('1 minute') AS "moment!""#);
    Ok(moment.fetch_one(&mut *tx).await?)
}

/// The searches that have not been looked at for a day before `until`, the longest first, by the index on `matched_until`. Those that
/// were in a mail today are left out.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn due(
    tx: &mut Tx,
    until: OffsetDateTime,
    after: Option<DuePosition>,
    limit: i64,
) -> Result<Vec<DueSearch>, DataError> {
    let rows = sqlx::query!(
        "SELECT id, user_id, matched_until
        FROM saved_searches
        WHERE alerts_enabled
            AND matched_until <= $1::timestamptz - interval '1 day'
            AND (last_alert_on IS NULL OR last_alert_on < (now() AT TIME ZONE 'UTC')::date)
            AND ($2::timestamptz IS NULL OR (matched_until, id) > ($2, $3))
        ORDER BY matched_until, id
        LIMIT $4",
        until,
        after.map(|after| after.matched_until),
        after.map(|after| after.id.as_uuid()),
        limit,
    );
    let rows = rows.fetch_all(&mut *tx).await?.into_iter();
    let due = rows.map(|row| DueSearch {
        member: row.user_id.into(),
        position: DuePosition {
            matched_until: row.matched_until,
            id: row.id.into(),
        },
    });
    Ok(due.collect())
}

/// Takes hold of a member's searches until the transaction ends. None where another run has them, or nothing of theirs is due any
/// more, or the member has had today's mail.
///
/// # Errors
/// [`DataError`] of a query.
pub async fn watch(tx: &mut Tx, member: UserId, until: OffsetDateTime) -> Result<Option<Watch>, DataError> {
    // The same lock under which a search is added. Of the rows two runs could get a part each.
    let is_mine = sqlx::query_scalar!(
        r#"SELECT pg_try_advisory_xact_lock(4203, hashtext($1::uuid::text)) AS "is_mine!""#,
        member.as_uuid(),
    );
    if !is_mine.fetch_one(&mut *tx).await? {
        return Ok(None);
    }
    // A statement of its own: it sees what was committed before the lock was had.
    let rows = sqlx::query!(
        r#"SELECT s.id, s.name, s.query, s.alerts_enabled, s.matched_until, u.email,
            s.matched_until <= $2::timestamptz - interval '1 day' AS "is_due!",
            COALESCE(s.last_alert_on >= (now() AT TIME ZONE 'UTC')::date, false) AS "was_told_today!"
        FROM saved_searches AS s
        JOIN users AS u ON u.id = s.user_id
        WHERE s.user_id = $1
        ORDER BY s.created_at, s.id
        FOR UPDATE OF s"#,
        member.as_uuid(),
        until,
    );
    let rows = rows.fetch_all(&mut *tx).await?;
    let is_due = rows.iter().any(|row| row.is_due && row.alerts_enabled);
    let Some(email) = rows.first().map(|row| row.email.clone()) else {
        return Ok(None);
    };
    if !is_due || rows.iter().any(|row| row.was_told_today) {
        return Ok(None);
    }
    let searches = rows.into_iter().filter(|row| row.alerts_enabled).map(|row| {
        Ok(WatchedSearch {
            id: row.id.into(),
            name: row.name,
            query: read(row.query)?,
            matched_until: row.matched_until,
        })
    });
    Ok(Some(Watch {
        email,
        searches: searches.collect::<Result<_, DataError>>()?,
    }))
}

/// From now on the transaction sees what a member sees, or with none what nobody does who has signed in. False for a member who is
/// suspended, gone or not yet approved.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn act_as(tx: &mut Tx, member: Option<UserId>) -> Result<bool, DataError> {
    let acts = sqlx::query_scalar!(r#"SELECT app.act_as($1) AS "acts!""#, member.map(UserId::as_uuid));
    Ok(acts.fetch_one(&mut *tx).await?)
}

/// Notes that searches have been looked at up to a moment, and which of them are in today's mail.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn move_marks(
    tx: &mut Tx,
    looked_at: &[WatchedSearch],
    told: &[SavedSearchId],
    until: OffsetDateTime,
) -> Result<(), DataError> {
    let looked_at: Vec<_> = looked_at.iter().map(|search| search.id.as_uuid()).collect();
    let told: Vec<_> = told.iter().map(|id| id.as_uuid()).collect();
    sqlx::query!(
        "UPDATE saved_searches
        SET matched_until = GREATEST(matched_until, $2),
            last_alert_on = CASE WHEN id = ANY ($3) THEN (now() AT TIME ZONE 'UTC')::date ELSE last_alert_on END
        WHERE id = ANY ($1)",
        &looked_at,
        until,
        &told,
    )
    .execute(&mut *tx)
    .await?;
    Ok(())
}
