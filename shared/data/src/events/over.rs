//! Events that are over: who did not come is a no-show. For jobs.

use portal_domain::ids::EventId;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{DataError, Tx};

/// What became of an event that is over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Finished {
    /// Whether it was closed now; another run may have done it before.
    pub closed: bool,
    /// How many had a seat and did not come.
    pub no_shows: u64,
}

/// Events that are over and not closed yet, by id, after one that was seen already.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn list_over(
    tx: &mut Tx,
    now: OffsetDateTime,
    after: Option<EventId>,
    limit: i64,
) -> Result<Vec<EventId>, DataError> {
    let ids = sqlx::query_scalar!(
        "SELECT id FROM events
        WHERE status IN ('PUBLISHED', 'REGISTRATION_OPEN', 'REGISTRATION_CLOSED', 'IN_PROGRESS')
            AND ends_at <= $1 AND deleted_at IS NULL AND ($2::uuid IS NULL OR id > $2)
        ORDER BY id
        LIMIT $3",
        now,
        after.map(EventId::as_uuid),
        limit,
    );
    let ids: Vec<Uuid> = ids.fetch_all(&mut *tx).await?;
    Ok(ids.into_iter().map(Into::into).collect())
}

/// Closes an event that is over. Whoever had a seat and was not checked in is a no-show; a seat that was never paid was none, and
/// nobody is offered one any more. Done twice it does nothing more.
///
/// # Errors
/// [`DataError`] of the queries.
pub async fn finish(tx: &mut Tx, id: EventId, now: OffsetDateTime) -> Result<Finished, DataError> {
    let closed = sqlx::query!(
        "UPDATE events SET status = 'COMPLETED'
        WHERE id = $1 AND ends_at <= $2 AND deleted_at IS NULL
            AND status IN ('PUBLISHED', 'REGISTRATION_OPEN', 'REGISTRATION_CLOSED', 'IN_PROGRESS')",
        id.as_uuid(),
        now,
    );
    if closed.execute(&mut *tx).await?.rows_affected() == 0 {
        return Ok(Finished::default());
    }
    sqlx::query!(
        "UPDATE event_registrations
        SET status = CASE WHEN status = 'REGISTERED' THEN 'CANCELLED' ELSE status END,
            cancelled_at = CASE WHEN status = 'REGISTERED' THEN $2 ELSE cancelled_at END,
            hold_expires_at = NULL, offer_expires_at = NULL
        WHERE event_id = $1
            AND (status = 'REGISTERED' AND paid_at IS NULL AND hold_expires_at IS NOT NULL
                OR status = 'WAITLISTED' AND offer_expires_at IS NOT NULL)",
        id.as_uuid(),
        now,
    )
    .execute(&mut *tx)
    .await?;
    let absent = sqlx::query!(
        "UPDATE event_registrations SET status = 'NO_SHOW', hold_expires_at = NULL WHERE event_id = $1 AND status = 'REGISTERED'",
        id.as_uuid(),
    )
    .execute(&mut *tx)
    .await?;
    Ok(Finished {
        closed: true,
        no_shows: absent.rows_affected(),
    })
}
