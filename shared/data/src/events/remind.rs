//! Reminding those with a seat of what begins soon. For jobs.

use portal_domain::ids::EventId;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{DataError, Tx};

/// Events that begin until a moment and of whose start nobody was reminded yet, by id, after one that was seen already. By the index on
/// their starts.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn list_soon(
    tx: &mut Tx,
    (now, until): (OffsetDateTime, OffsetDateTime),
    after: Option<EventId>,
    limit: i64,
) -> Result<Vec<EventId>, DataError> {
    let ids = sqlx::query_scalar!(
        "SELECT id FROM events
        WHERE starts_at > $1 AND starts_at <= $2 AND reminded_for IS DISTINCT FROM starts_at
            AND status NOT IN ('DRAFT', 'COMPLETED', 'CANCELLED') AND deleted_at IS NULL
            AND ($3::uuid IS NULL OR id > $3)
        ORDER BY id
        LIMIT $4",
        now,
        until,
        after.map(EventId::as_uuid),
        limit,
    );
    let ids: Vec<Uuid> = ids.fetch_all(&mut *tx).await?;
    Ok(ids.into_iter().map(Into::into).collect())
}

/// Writes to everybody with a seat for which nothing is owed, once for each start that the event has had; how many that are. The event's
/// row is held, so that two runs write one mail, and a seat is either there or not.
///
/// # Errors
/// [`DataError`] of the queries.
pub async fn remind(
    tx: &mut Tx,
    id: EventId,
    (now, until): (OffsetDateTime, OffsetDateTime),
) -> Result<u64, DataError> {
    let noted = sqlx::query!(
        "UPDATE events SET reminded_for = starts_at
        WHERE id = $1 AND starts_at > $2 AND starts_at <= $3 AND reminded_for IS DISTINCT FROM starts_at
            AND status NOT IN ('DRAFT', 'COMPLETED', 'CANCELLED') AND deleted_at IS NULL",
        id.as_uuid(),
        now,
        until,
    );
    if noted.execute(&mut *tx).await?.rows_affected() == 0 {
        return Ok(0);
    }
    let told = sqlx::query_scalar!(
        r#"SELECT count(app.notify_about_event(e.id, r.user_id, 'EVENT_REMINDER',
            concat_ws('/', r.id, extract(epoch FROM e.starts_at)::bigint), '{}')::text) AS "told!"
        FROM event_registrations AS r
        JOIN events AS e ON e.id = r.event_id
        WHERE r.event_id = $1 AND r.status = 'REGISTERED' AND app.is_open_seat(r.status, r.amount_cents, r.paid_at)"#,
        id.as_uuid(),
    );
    let told = told.fetch_one(&mut *tx).await?;
    Ok(u64::try_from(told).unwrap_or_default())
}
