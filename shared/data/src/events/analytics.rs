//! Who came to an event, counted.

use portal_domain::event::{DayFigures, EventFigures, PriceFigures};
use portal_domain::ids::EventId;
use portal_domain::listing::Day;

use super::row::{amount, word};
use crate::{DataError, Tx};

/// The figures of an event that the caller runs.
///
/// # Errors
/// [`DataError::NotFound`] when the caller does not, and those of the queries.
pub async fn figures(tx: &mut Tx, id: EventId) -> Result<EventFigures, DataError> {
    let all = sqlx::query!(
        r#"SELECT e.max_capacity,
            count(*) FILTER (WHERE r.status IN ('REGISTERED', 'ATTENDED', 'NO_SHOW')) AS "registered!",
            count(*) FILTER (WHERE r.status = 'REGISTERED' AND r.paid_at IS NULL AND r.hold_expires_at IS NOT NULL) AS "held!",
            count(*) FILTER (WHERE r.status = 'WAITLISTED') AS "waitlisted!",
            count(*) FILTER (WHERE r.status = 'WAITLISTED' AND r.offer_expires_at IS NOT NULL) AS "offered!",
            count(*) FILTER (WHERE r.status = 'ATTENDED') AS "attended!",
            count(*) FILTER (WHERE r.status = 'NO_SHOW') AS "no_shows!",
            count(*) FILTER (WHERE r.status = 'CANCELLED') AS "cancelled!",
            COALESCE(sum(r.amount_cents) FILTER (
                WHERE r.paid_at IS NOT NULL AND r.status IN ('REGISTERED', 'ATTENDED', 'NO_SHOW')), 0)::bigint AS "paid!"
        FROM events AS e
        LEFT JOIN event_registrations AS r ON r.event_id = e.id
        WHERE e.id = $1 AND e.deleted_at IS NULL
        GROUP BY e.id"#,
        id.as_uuid(),
    );
    let all = all.fetch_optional(&mut *tx).await?.ok_or(DataError::NotFound)?;
    Ok(EventFigures {
        max_capacity: all.max_capacity,
        registered: all.registered,
        held: all.held,
        waitlisted: all.waitlisted,
        offered: all.offered,
        attended: all.attended,
        no_shows: all.no_shows,
        cancelled: all.cancelled,
        paid_cents: amount(all.paid)?,
        by_price: by_price(tx, id).await?,
        by_day: by_day(tx, id).await?,
    })
}

async fn by_price(tx: &mut Tx, id: EventId) -> Result<Vec<PriceFigures>, DataError> {
    let rows = sqlx::query!(
        r#"SELECT price_kind, amount_cents, count(*) AS "registered!",
            count(*) FILTER (WHERE status = 'ATTENDED') AS "attended!",
            count(*) FILTER (WHERE status = 'NO_SHOW') AS "no_shows!",
            COALESCE(sum(amount_cents) FILTER (WHERE paid_at IS NOT NULL), 0)::bigint AS "paid!"
        FROM event_registrations
        WHERE event_id = $1 AND status IN ('REGISTERED', 'ATTENDED', 'NO_SHOW')
        GROUP BY price_kind, amount_cents
        ORDER BY price_kind, amount_cents"#,
        id.as_uuid(),
    );
    let rows = rows.fetch_all(&mut *tx).await?;
    let figures = rows.into_iter().map(|row| {
        Ok(PriceFigures {
            price_kind: word(&row.price_kind)?,
            amount_cents: amount(row.amount_cents)?,
            registered: row.registered,
            attended: row.attended,
            no_shows: row.no_shows,
            paid_cents: amount(row.paid)?,
        })
    });
    figures.collect()
}

async fn by_day(tx: &mut Tx, id: EventId) -> Result<Vec<DayFigures>, DataError> {
    let rows = sqlx::query!(
        r#"SELECT (r.registered_at AT TIME ZONE e.time_zone)::date AS "day!",
            count(*) FILTER (WHERE r.status IN ('REGISTERED', 'ATTENDED', 'NO_SHOW')) AS "registered!",
            count(*) FILTER (WHERE r.status = 'WAITLISTED') AS "waitlisted!",
            count(*) FILTER (WHERE r.status = 'CANCELLED') AS "cancelled!"
        FROM event_registrations AS r
        JOIN events AS e ON e.id = r.event_id
        WHERE r.event_id = $1
        GROUP BY 1
        ORDER BY 1"#,
        id.as_uuid(),
    );
    let rows = rows.fetch_all(&mut *tx).await?;
    let figures = rows.into_iter().map(|row| DayFigures {
        day: Day(row.day),
        registered: row.registered,
        waitlisted: row.waitlisted,
        cancelled: row.cancelled,
    });
    Ok(figures.collect())
}
