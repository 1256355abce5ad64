//! Events by their start, and by their ids.

use portal_domain::event::EventStatus;
use portal_domain::geo::Distance;
use portal_domain::ids::{EventId, UserId};
use portal_domain::listing::EventListing;
use portal_domain::search::SearchWords;
use time::OffsetDateTime;
use uuid::Uuid;

use super::row::Row;
use super::{EventFilters, EventPosition, ListedEvent};
use crate::estimate::{Counting, planned_rows};
use crate::place::{as_geography, reach};
use crate::projects::instant;
use crate::{DataError, Tx};

/// The filters as statements take them: NULL where nothing is filtered, text in lower case where its case does not matter.
struct Arguments {
    kinds: Option<Vec<String>>,
    statuses: Option<Vec<String>>,
    cities: Option<Vec<String>>,
    from: Option<OffsetDateTime>,
    to: Option<OffsetDateTime>,
    search: Option<String>,
    middle: Option<String>,
    reach: Option<f64>,
    not_over: Option<bool>,
    organizer: Option<Uuid>,
}

impl Arguments {
    fn of(filters: &EventFilters) -> Self {
        let current = |status: &EventStatus| EventStatus::CURRENT.contains(status);
        let all_current = !filters.statuses.is_empty() && filters.statuses.iter().all(current);
        Self {
            kinds: texts(filters.kinds.iter().map(ToString::to_string)),
            statuses: texts(filters.statuses.iter().map(ToString::to_string)),
            cities: texts(filters.cities.iter().map(|city| city.trim().to_lowercase())),
            from: filters.from.map(|moment| moment.0),
            to: filters.to.map(|moment| moment.0),
            search: filters
                .search
                .as_deref()
                .map(|text| SearchWords::parse(text).literal()),
            middle: filters.area.map(|(middle, _)| as_geography(middle)),
            reach: filters.area.map(reach),
            not_over: all_current.then_some(true),
            organizer: filters.organizer.map(UserId::as_uuid),
        }
    }
}

/// The values, or NULL when there are none.
fn texts(values: impl Iterator<Item = String>) -> Option<Vec<String>> {
    let values: Vec<_> = values.collect();
    (!values.is_empty()).then_some(values)
}

/// A query for rows.
macro_rules! rows {
    ($rest:literal, $id:expr, $filters:expr, $($argument:expr),* $(,)?) => {
        filtered!(
            query_as!(
                Row,
                r#"SELECT id AS "id!", organizer_id AS "organizer_id!", title AS "title!", description AS "description!",
                    type AS "kind!", status AS "status!", visibility AS "visibility!", starts_at AS "starts_at!",
                    ends_at AS "ends_at!", time_zone AS "time_zone!", registration_opens_at, registration_deadline,
                    max_capacity, registered_count AS "registered_count!", waitlist_enabled AS "waitlist_enabled!", place,
                    address, city, is_online AS "is_online!", virtual_url, ST_Y(coordinates::geometry) AS lat, ST_X(coordinates::geometry) AS lng,
                    price_cents AS "price_cents!", member_price_cents, early_bird_price_cents, early_bird_deadline,
                    currency AS "currency!", agenda AS "agenda!", speakers AS "speakers!", sponsors AS "sponsors!",
                    calendar_sequence AS "calendar_sequence!", published_at, cancelled_at, created_at AS "created_at!",
                    updated_at AS "updated_at!", version AS "version!",
                    coordinates <-> $8::text::geography AS distance "#,
                $rest
            ),
            $id,
            $filters,
            $($argument),*
        )
    };
}

/// A page of events, the next first.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn list(
    tx: &mut Tx,
    filters: &EventFilters,
    after: Option<EventPosition>,
    limit: i64,
) -> Result<Vec<ListedEvent>, DataError> {
    let filters = Arguments::of(filters);
    let rows = rows!(
        "AND ($12::timestamptz IS NULL OR (starts_at, id) > ($12, $13::uuid))
        ORDER BY starts_at, id
        LIMIT $14",
        None::<Uuid>,
        filters,
        after.map(|after| instant(after.starts_micros)),
        after.map(|after| after.id.as_uuid()),
        limit,
    );
    let rows = rows.fetch_all(&mut *tx).await?;
    rows.into_iter().map(listed).collect()
}

/// The event with an id, if the caller may see it.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn lookup(tx: &mut Tx, id: EventId) -> Result<Option<EventListing>, DataError> {
    let anything = Arguments::of(&EventFilters::default());
    let row = rows!("", Some(id.as_uuid()), anything,);
    row.fetch_optional(&mut *tx)
        .await?
        .map(TryInto::try_into)
        .transpose()
}

/// How many events a list has; nothing unless it is asked for.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn total(
    tx: &mut Tx,
    filters: &EventFilters,
    counting: Option<Counting>,
) -> Result<Option<i64>, DataError> {
    let Some(counting) = counting else { return Ok(None) };
    let filters = Arguments::of(filters);
    let counted = filtered!(
        query_scalar!(
            r#"SELECT count(*) AS "count!" FROM (SELECT "#,
            "LIMIT $12) AS counted"
        ),
        None::<Uuid>,
        filters,
        counting.limit(),
    );
    let counted = counted.fetch_one(&mut *tx).await?;
    if counting.limit() != Some(counted) {
        return Ok(Some(counted));
    }
    let plan = filtered!(
        query_scalar!("EXPLAIN (FORMAT JSON) SELECT ", ""),
        None::<Uuid>,
        filters,
    );
    let plan = plan.fetch_one(&mut *tx).await?.unwrap_or_default();
    Ok(Some(planned_rows(&plan)?.max(counted)))
}

fn listed(row: Row) -> Result<ListedEvent, DataError> {
    let distance = row.distance.map(Distance::from_metres);
    Ok(ListedEvent {
        event: row.try_into()?,
        distance,
    })
}
