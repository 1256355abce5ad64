//! Seats that the clock has freed, for the job that passes them on.

use portal_domain::event::SeatTerms;
use portal_domain::ids::EventId;
use time::OffsetDateTime;
use uuid::Uuid;

use super::hold::settle_seats;
use crate::{DataError, Tx};

/// Events with a hold or an offer that has run out, or a free seat that somebody waits for; by id, after one that was seen already.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn list_due(
    tx: &mut Tx,
    now: OffsetDateTime,
    after: Option<EventId>,
    limit: i64,
) -> Result<Vec<EventId>, DataError> {
    let ids = sqlx::query_file_scalar!(
        "src/registrations/due.sql",
        now,
        after.map(EventId::as_uuid),
        limit
    );
    let ids: Vec<Uuid> = ids.fetch_all(&mut *tx).await?;
    Ok(ids.into_iter().map(Into::into).collect())
}

/// Takes hold of an event's seats and settles them. For jobs; done twice it does nothing more.
///
/// # Errors
/// [`DataError`] of the queries.
pub async fn settle(
    tx: &mut Tx,
    id: EventId,
    terms: &SeatTerms,
    now: OffsetDateTime,
) -> Result<(), DataError> {
    let held = sqlx::query_scalar!(r#"SELECT app.hold_event($1) AS "held!""#, id.as_uuid());
    if !held.fetch_one(&mut *tx).await? {
        return Ok(());
    }
    let starts_at = sqlx::query_scalar!("SELECT starts_at FROM events WHERE id = $1", id.as_uuid());
    let starts_at = starts_at.fetch_one(&mut *tx).await?;
    settle_seats(tx, id, terms.offer_until(now, starts_at)).await?;
    Ok(())
}
