//! The lists: newest first, by deadline, by distance; one project; and how many there are.

use portal_domain::geo::{Distance, LatLng};
use portal_domain::ids::ProjectId;
use portal_domain::listing::ProjectListing;
use uuid::Uuid;

use super::arguments::Arguments;
use super::row::Row;
use super::{DeadlinePosition, DistancePosition, NearbyProject, NewestPosition, ProjectFilters, instant};
use crate::estimate::{Counting, planned_rows};
use crate::place::as_geography;
use crate::{DataError, Tx};

/// A query over the filtered view. The filters stand here once, for every order and for the count.
///
/// Statements are unnamed and so planned with their values: a filter that is NULL leaves no trace in the plan.
macro_rules! filtered {
    ($query:ident!($($row:ident,)? [$($select:literal),+], [$($rest:literal),+]), $filters:expr, $($argument:expr),* $(,)?) => {{
        sqlx::$query!(
            $($row,)?
            $($select +)+
            "FROM project_listings
             WHERE ($2::text[] IS NULL OR category = ANY ($2))
               AND ($3::text[] IS NULL OR lower(city) = ANY ($3))
               AND ($4::text[] IS NULL OR lower(state) = ANY ($4))
               AND ($5::text[] IS NULL OR skills_required && $5)
               AND ($6::text[] IS NULL OR license_classes && $6)
               AND ($7::bigint IS NULL OR COALESCE(budget_max_cents, budget_min_cents) >= $7)
               AND ($8::bigint IS NULL OR COALESCE(budget_min_cents, budget_max_cents) <= $8)
               AND ($9::timestamptz IS NULL OR deadline_date < $9)
               AND ($10::timestamptz IS NULL OR deadline_date > $10)
               AND ($11::text IS NULL OR search @@ websearch_to_tsquery('public.portal_prose', $11))
               AND ($12::text IS NULL OR coordinates && $12::text::geography AND app.is_in_box(coordinates, $13)) "
                $(+ $rest)+,
            $filters.statuses.as_deref(),
            $filters.categories.as_deref(),
            $filters.cities.as_deref(),
            $filters.states.as_deref(),
            $filters.skills.as_deref(),
            $filters.classes.as_deref(),
            $filters.budget_min,
            $filters.budget_max,
            $filters.deadline_before,
            $filters.deadline_after,
            $filters.search,
            $filters.bounds.cover,
            $filters.bounds.degrees.as_deref(),
            $($argument),*
        )
    }};
}

/// A query for rows: what stands before the columns, then the distance, then filters and order.
macro_rules! rows {
    ($before:literal, $distance:literal, [$($rest:literal),+], $filters:expr, $($argument:expr),* $(,)?) => {
        filtered!(
            query_as!(
                Row,
                [$before, r#"SELECT id AS "id!", external_id, source AS "source!", owner_id AS "owner_id!", title AS "title!",
                                description AS "description!", category AS "category!",
                                budget_min_cents, budget_max_cents, estimated_value_cents, currency AS "currency!",
                                funding_source, location, address, city, state, zip,
                                ST_Y(coordinates::geometry) AS lat, ST_X(coordinates::geometry) AS lng,
                                start_date, end_date, deadline_date, requirements AS "requirements!",
                                skills_required AS "skills_required!", license_classes AS "license_classes!",
                                experience_years, bonding_required AS "bonding_required!", insurance AS "insurance!",
                                status AS "status!", priority AS "priority!", visibility AS "visibility!", max_applications,
                                application_count, accepting_applications AS "accepting_applications!",
                                contact_name, contact_email, contact_phone, published_at, closed_at,
                                addendum_count AS "addendum_count!", created_at AS "created_at!",
                                updated_at AS "updated_at!", version AS "version!", "#, $distance],
                [$($rest),+]
            ),
            $filters,
            $($argument),*
        )
    };
}

/// A page of the projects, newest first.
///
/// Walks the index on (status, created_at, id) once for each status, so that a page costs the same wherever it stands.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn list_newest(
    tx: &mut Tx,
    filters: &ProjectFilters,
    after: Option<NewestPosition>,
    limit: i64,
) -> Result<Vec<ProjectListing>, DataError> {
    let filters = Arguments::of(filters);
    let rows = rows!(
        "SELECT page.* FROM unnest($1::text[]) AS wanted (status) CROSS JOIN LATERAL (",
        "NULL::float8 AS distance ",
        [
            "AND status = wanted.status
         AND ($14::timestamptz IS NULL OR (created_at, id) < ($14, $15))
         ORDER BY created_at DESC, id DESC
         LIMIT $16",
            r#") AS page ORDER BY "created_at!" DESC, "id!" DESC LIMIT $16"#
        ],
        filters,
        after.map(|after| instant(after.created_micros)),
        after.map(|after| after.id.as_uuid()),
        limit,
    );
    rows.fetch_all(&mut *tx)
        .await?
        .into_iter()
        .map(TryInto::try_into)
        .collect()
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

/// A page of the projects in a circle, nearest first.
///
/// The GiST index on coordinates serves the box and the order; `<->` on a geography is the distance on the sphere, so filter,
/// order, position and answer are one number. The index orders by distance alone: the inner query takes whole ties, and the outer
/// one sorts them by id.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn list_near(
    tx: &mut Tx,
    filters: &ProjectFilters,
    (middle, radius): (LatLng, Distance),
    after: Option<DistancePosition>,
    limit: i64,
) -> Result<Vec<NearbyProject>, DataError> {
    let filters = Arguments::of(filters);
    let rows = rows!(
        "SELECT page.* FROM (",
        "coordinates <-> $14::text::geography AS distance ",
        [
            "AND ($1::text[] IS NULL OR status = ANY ($1))
         AND coordinates && _ST_Expand($14::text::geography, $15)
         AND coordinates <-> $14::text::geography <= $15
         AND ($16::float8 IS NULL
              OR coordinates <-> $14::text::geography > $16
              OR coordinates <-> $14::text::geography = $16 AND id > $17)
         ORDER BY coordinates <-> $14::text::geography
         FETCH FIRST ($18::bigint) ROWS WITH TIES) AS page ",
            r#"ORDER BY distance, "id!" LIMIT $18"#
        ],
        filters,
        as_geography(middle),
        radius.metres(),
        after.map(|after| after.metres.0),
        after.map(|after| after.id.as_uuid()),
        limit,
    );
    let near = |row: Row| {
        let distance = Distance::from_metres(row.distance.unwrap_or_default());
        Ok(NearbyProject {
            project: row.try_into()?,
            distance,
        })
    };
    rows.fetch_all(&mut *tx).await?.into_iter().map(near).collect()
}

/// The project with an id, if the caller may see it.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn lookup(tx: &mut Tx, id: ProjectId) -> Result<Option<ProjectListing>, DataError> {
    let anything = Arguments::of(&ProjectFilters::default());
    let rows = rows!(
        "",
        "NULL::float8 AS distance ",
        ["AND ($1::text[] IS NULL OR status = ANY ($1)) AND id = $14"],
        anything,
        id.as_uuid(),
    );
    rows.fetch_optional(&mut *tx)
        .await?
        .map(TryInto::try_into)
        .transpose()
}

/// The projects with these ids that the caller may see, in no order.
///
/// # Errors
/// [`DataError`] of the query.
pub(super) async fn with_ids(
    tx: &mut Tx,
    filters: &Arguments,
    ids: &[Uuid],
) -> Result<Vec<ProjectListing>, DataError> {
    let rows = rows!(
        "",
        "NULL::float8 AS distance ",
        ["AND ($1::text[] IS NULL OR status = ANY ($1)) AND id = ANY ($14::uuid[])"],
        filters,
        ids,
    );
    rows.fetch_all(&mut *tx)
        .await?
        .into_iter()
        .map(TryInto::try_into)
        .collect()
}

/// How many projects a list has, in the area that the filters name, if they do; nothing unless it is asked for.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn total(
    tx: &mut Tx,
    filters: &ProjectFilters,
    counting: Option<Counting>,
) -> Result<Option<i64>, DataError> {
    let Some(counting) = counting else { return Ok(None) };
    let area = filters
        .area
        .map(|(middle, radius)| (as_geography(middle), radius.metres()));
    let middle = area.as_ref().map(|(middle, _)| middle.as_str());
    let metres = area.as_ref().map(|(_, metres)| *metres);
    let filters = Arguments::of(filters);
    let counted = filtered!(
        query_scalar!(
            [r#"SELECT count(*) AS "count!" FROM (SELECT "#],
            ["AND ($1::text[] IS NULL OR status = ANY ($1))
             AND ($14::text IS NULL
                  OR coordinates && _ST_Expand($14::text::geography, $15) AND coordinates <-> $14::text::geography <= $15)
             LIMIT $16) AS counted"]
        ),
        filters,
        middle,
        metres,
        counting.limit(),
    );
    let counted = counted.fetch_one(&mut *tx).await?;
    if counting.limit() != Some(counted) {
        return Ok(Some(counted));
    }
    let plan = filtered!(
        query_scalar!(
            ["EXPLAIN (FORMAT JSON) SELECT "],
            ["AND ($1::text[] IS NULL OR status = ANY ($1))
             AND ($14::text IS NULL OR coordinates && _ST_Expand($14::text::geography, $15))"]
        ),
        filters,
        middle,
        metres,
    );
    let plan = plan.fetch_one(&mut *tx).await?.unwrap_or_default();
    Ok(Some(planned_rows(&plan)?.max(counted)))
}
