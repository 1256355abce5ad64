//! The lists by time: newest first, and by deadline.

use portal_domain::listing::ProjectListing;
use portal_domain::project::ProjectStatus;
use uuid::Uuid;

use super::arguments::Arguments;
use super::row::Row;
use super::{DeadlinePosition, NewestPosition, ProjectFilters, instant};
use crate::{DataError, Tx};

/// A page of the projects, newest first.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn list_newest(
    tx: &mut Tx,
    filters: &ProjectFilters,
    after: Option<NewestPosition>,
    limit: i64,
) -> Result<Vec<ProjectListing>, DataError> {
    let arguments = Arguments::of(filters);
    let rows = if filters.statuses == ProjectStatus::CURRENT {
        current(tx, &arguments, after, limit).await?
    } else {
        of_statuses(tx, &arguments, after, limit).await?
    };
    rows.into_iter().map(TryInto::try_into).collect()
}

/// What can still be won, which is what nearly every list shows: by indexes of those projects alone. The statuses stand in the
/// statement, or the planner would not know that they are those of the indexes.
async fn current(
    tx: &mut Tx,
    filters: &Arguments,
    after: Option<NewestPosition>,
    limit: i64,
) -> Result<Vec<Row>, DataError> {
    let rows = rows!(
        "",
        "NULL::float8 AS distance ",
        [
            "AND status IN ('PUBLISHED', 'BIDDING_OPEN') AND $1::text[] IS NOT NULL
         AND ($14::timestamptz IS NULL OR (created_at, id) < ($14, $15))
         ORDER BY CASE WHEN cardinality($3) = 1 THEN lower(city) END, created_at DESC, id DESC
         LIMIT $16"
        ],
        filters,
        after.map(|after| instant(after.created_micros)),
        after.map(|after| after.id.as_uuid()),
        limit,
    );
    Ok(rows.fetch_all(&mut *tx).await?)
}

/// Walks the index on (status, created_at, id) once for each status, so that a page costs the same wherever it stands.
async fn of_statuses(
    tx: &mut Tx,
    filters: &Arguments,
    after: Option<NewestPosition>,
    limit: i64,
) -> Result<Vec<Row>, DataError> {
    let rows = rows!(
        "SELECT page.* FROM unnest($1::text[]) AS wanted (status) CROSS JOIN LATERAL (",
        "NULL::float8 AS distance ",
        [
            "AND status = wanted.status
         AND ($14::timestamptz IS NULL OR (created_at, id) < ($14, $15))
         ORDER BY CASE WHEN cardinality($3) = 1 THEN lower(city) END, created_at DESC, id DESC
         LIMIT $16",
            r#") AS page ORDER BY "created_at!" DESC, "id!" DESC LIMIT $16"#
        ],
        filters,
        after.map(|after| instant(after.created_micros)),
        after.map(|after| after.id.as_uuid()),
        limit,
    );
    Ok(rows.fetch_all(&mut *tx).await?)
}

/// A page of the projects, the next deadline first; those without one come last, by id.
///
/// Two statements, since one keyset cannot pass from deadlines to none; the second runs where the first has run out.
///
/// # Errors
/// [`DataError`] of a query.
pub async fn list_by_deadline(
    tx: &mut Tx,
    filters: &ProjectFilters,
    after: Option<DeadlinePosition>,
    limit: i64,
) -> Result<Vec<ProjectListing>, DataError> {
    let filters = Arguments::of(filters);
    let undated_after = after
        .filter(|after| after.deadline_micros.is_none())
        .map(|after| after.id.as_uuid());
    let mut rows = match undated_after {
        None => dated(tx, &filters, after, limit).await?,
        Some(_) => Vec::new(),
    };
    let room = limit.saturating_sub(i64::try_from(rows.len()).unwrap_or(limit));
    if room > 0 {
        rows.extend(undated(tx, &filters, undated_after, room).await?);
    }
    rows.into_iter().map(TryInto::try_into).collect()
}

/// Projects with a deadline, by the index on (status, deadline_date, id).
async fn dated(
    tx: &mut Tx,
    filters: &Arguments,
    after: Option<DeadlinePosition>,
    limit: i64,
) -> Result<Vec<Row>, DataError> {
    let rows = rows!(
        "SELECT page.* FROM unnest($1::text[]) AS wanted (status) CROSS JOIN LATERAL (",
        "NULL::float8 AS distance ",
        [
            "AND status = wanted.status
         AND deadline_date IS NOT NULL
         AND ($14::timestamptz IS NULL OR (deadline_date, id) > ($14, $15))
         ORDER BY deadline_date, id
         LIMIT $16",
            r#") AS page ORDER BY deadline_date, "id!" LIMIT $16"#
        ],
        filters,
        after.and_then(|after| after.deadline_micros).map(instant),
        after.map(|after| after.id.as_uuid()),
        limit,
    );
    Ok(rows.fetch_all(&mut *tx).await?)
}

/// Projects without a deadline, by the same index.
async fn undated(
    tx: &mut Tx,
    filters: &Arguments,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Row>, DataError> {
    let rows = rows!(
        "SELECT page.* FROM unnest($1::text[]) AS wanted (status) CROSS JOIN LATERAL (",
        "NULL::float8 AS distance ",
        [
            "AND status = wanted.status
         AND deadline_date IS NULL
         AND ($14::uuid IS NULL OR id > $14)
         ORDER BY id
         LIMIT $15",
            r#") AS page ORDER BY "id!" LIMIT $15"#
        ],
        filters,
        after,
        limit,
    );
    Ok(rows.fetch_all(&mut *tx).await?)
}
