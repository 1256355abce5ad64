//! Private calendars: who has the token of one reads it without signing in.

use portal_domain::calendar::CalendarEvent;
use portal_domain::event::EventStatus;
use portal_domain::ids::UserId;
use portal_domain::listing::Moment;
use time::OffsetDateTime;

use crate::events::{corrupt, word};
use crate::single_row::one;
use crate::{DataError, Tx};

/// The most events of one calendar.
const MOST: i32 = 1_000;

/// Gives a member's calendar a new token, of which only this hash is kept; one that there was before opens nothing any more.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn rotate(tx: &mut Tx, member: UserId, hash: &[u8; 32]) -> Result<(), DataError> {
    let kept = sqlx::query!(
        "INSERT INTO calendar_tokens (user_id, token_hash) VALUES ($1, $2)
        ON CONFLICT (user_id) DO UPDATE SET token_hash = $2, created_at = now()",
        member.as_uuid(),
        hash.as_slice(),
    );
    one(kept.execute(&mut *tx).await?.rows_affected())
}

/// Takes the token of a member's calendar away.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn revoke(tx: &mut Tx, member: UserId) -> Result<(), DataError> {
    sqlx::query!("DELETE FROM calendar_tokens WHERE user_id = $1", member.as_uuid())
        .execute(&mut *tx)
        .await?;
    Ok(())
}

/// The events of the calendar that a token opens, from a moment on, the earliest first: those that its owner has a seat at, and those
/// that were called off meanwhile. Nothing where it opens none.
///
/// # Errors
/// [`DataError`] of the queries.
pub async fn open(
    tx: &mut Tx,
    hash: &[u8; 32],
    since: OffsetDateTime,
) -> Result<Option<Vec<CalendarEvent>>, DataError> {
    let owner = sqlx::query_scalar!(r#"SELECT app.calendar_owner($1) AS "owner""#, hash.as_slice());
    if owner.fetch_one(&mut *tx).await?.is_none() {
        return Ok(None);
    }
    let rows = sqlx::query!(
        r#"SELECT id AS "id!", title AS "title!", description AS "description!", type AS "kind!", status AS "status!",
            starts_at AS "starts_at!", ends_at AS "ends_at!", time_zone AS "time_zone!", place, address, city, virtual_url,
            lat, lng, calendar_sequence AS "calendar_sequence!", created_at AS "created_at!", updated_at AS "updated_at!",
            is_held AS "is_held!"
        FROM app.calendar_entries($1, $2, $3)"#,
        hash.as_slice(),
        since,
        MOST,
    );
    let rows = rows.fetch_all(&mut *tx).await?;
    let events = rows.into_iter().map(|row| {
        let status: EventStatus = word(&row.status)?;
        Ok(CalendarEvent {
            id: row.id.into(),
            title: row.title,
            description: row.description,
            kind: word(&row.kind)?,
            is_cancelled: status == EventStatus::Cancelled,
            is_held: row.is_held,
            starts_at: Moment(row.starts_at),
            ends_at: Moment(row.ends_at),
            time_zone: row.time_zone.try_into().map_err(|error| corrupt(&error))?,
            location: [row.place, row.address, row.city].into_iter().flatten().collect(),
            virtual_url: row.virtual_url,
            coordinates: crate::place::from_columns("events", row.lat, row.lng)?,
            sequence: row.calendar_sequence,
            created_at: Moment(row.created_at),
            updated_at: Moment(row.updated_at),
        })
    });
    events.collect::<Result<_, DataError>>().map(Some)
}
