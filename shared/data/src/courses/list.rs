//! Courses, the newest first, and by their ids.

use portal_domain::ids::CourseId;
use portal_domain::listing::CourseListing;
use portal_domain::search::SearchWords;
use uuid::Uuid;

use super::row::Row;
use super::{CourseFilters, CoursePosition};
use crate::estimate::{Counting, planned_rows};
use crate::projects::instant;
use crate::{DataError, Tx};

/// The filters as statements take them: NULL where nothing is filtered, text in lower case where its case does not matter.
struct Arguments {
    categories: Option<Vec<String>>,
    difficulties: Option<Vec<String>>,
    is_published: Option<bool>,
    search: Option<String>,
}

impl Arguments {
    fn of(filters: &CourseFilters) -> Self {
        Self {
            categories: texts(filters.categories.iter().map(|name| name.trim().to_lowercase())),
            difficulties: texts(filters.difficulties.iter().map(ToString::to_string)),
            is_published: filters.is_published,
            search: filters
                .search
                .as_deref()
                .map(|text| SearchWords::parse(text).literal()),
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
                r#"SELECT id AS "id!", author_id AS "author_id!", title AS "title!", description AS "description!",
                    category AS "category!", difficulty AS "difficulty!", duration_minutes, price_cents AS "price_cents!",
                    member_price_cents, currency AS "currency!", completion_percent AS "completion_percent!",
                    certificate_valid_months, is_published AS "is_published!", published_at, created_at AS "created_at!",
                    updated_at AS "updated_at!", version AS "version!" "#,
                $rest
            ),
            $id,
            $filters,
            $($argument),*
        )
    };
}

/// A page of courses, the latest published first; drafts stand by their entry.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn list(
    tx: &mut Tx,
    filters: &CourseFilters,
    after: Option<CoursePosition>,
    limit: i64,
) -> Result<Vec<CourseListing>, DataError> {
    let filters = Arguments::of(filters);
    let rows = rows!(
        "AND ($6::timestamptz IS NULL OR (COALESCE(published_at, created_at), id) < ($6, $7::uuid))
        ORDER BY COALESCE(published_at, created_at) DESC, id DESC
        LIMIT $8",
        None::<Uuid>,
        filters,
        after.map(|after| instant(after.listed_micros)),
        after.map(|after| after.id.as_uuid()),
        limit,
    );
    let rows = rows.fetch_all(&mut *tx).await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// The course with an id, if the caller may see it.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn lookup(tx: &mut Tx, id: CourseId) -> Result<Option<CourseListing>, DataError> {
    let anything = Arguments::of(&CourseFilters::default());
    let row = rows!("", Some(id.as_uuid()), anything,);
    row.fetch_optional(&mut *tx)
        .await?
        .map(TryInto::try_into)
        .transpose()
}

/// How many courses a list has; nothing unless it is asked for.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn total(
    tx: &mut Tx,
    filters: &CourseFilters,
    counting: Option<Counting>,
) -> Result<Option<i64>, DataError> {
    let Some(counting) = counting else { return Ok(None) };
    let filters = Arguments::of(filters);
    let counted = filtered!(
        query_scalar!(
            r#"SELECT count(*) AS "count!" FROM (SELECT "#,
            "LIMIT $6) AS counted"
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
