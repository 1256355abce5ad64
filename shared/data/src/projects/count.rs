//! How many projects a list has.

use super::ProjectFilters;
use super::arguments::Arguments;
use crate::estimate::{Counting, planned_rows};
use crate::place::{as_geography, reach};
use crate::{DataError, Tx};

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
        .map(|(middle, radius)| (as_geography(middle), reach((middle, radius))));
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
