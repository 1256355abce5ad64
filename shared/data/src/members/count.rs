//! How many members a list has.

use super::MemberFilters;
use super::arguments::Arguments;
use crate::estimate::{Counting, planned_rows};
use crate::{DataError, Tx};

macro_rules! counted {
    ([$select:literal], $view:literal, [$rest:literal], $filters:expr, $($argument:expr),* $(,)?) => {
        filtered!(query_scalar!([$select], $view, [$rest]), $filters, $($argument),*)
    };
}

/// The number of members, nothing unless it is asked for.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn total(
    tx: &mut Tx,
    filters: &MemberFilters,
    counting: Option<Counting>,
) -> Result<Option<i64>, DataError> {
    let Some(counting) = counting else { return Ok(None) };
    let asked = filters.ask_for_places();
    let arguments = Arguments::of(filters);
    let counted = of_either_view!(
        asked,
        counted!(
            [r#"SELECT count(*) AS "count!" FROM (SELECT "#],
            VIEW,
            ["LIMIT $10) AS counted"],
            arguments,
            counting.limit()
        ),
        fetch_one,
        tx
    );
    if counting.limit() != Some(counted) {
        return Ok(Some(counted));
    }
    let plan = of_either_view!(
        asked,
        counted!(["EXPLAIN (FORMAT JSON) SELECT "], VIEW, [""], arguments,),
        fetch_one,
        tx
    );
    Ok(Some(planned_rows(&plan.unwrap_or_default())?.max(counted)))
}
