//! How a list of members divides up.

use portal_domain::member::MemberFacet;

use super::MemberFilters;
use super::arguments::Arguments;
use crate::{DataError, Tx};

/// How many members are counted at most.
pub const FACET_CAP: i64 = 10_000;

/// How many values of a facet are told.
const MOST_VALUES: usize = 20;

/// A value, and how many members have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FacetValue {
    /// The value.
    pub value: String,
    /// How many members.
    pub count: i64,
}

/// What was counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FacetCounts {
    /// How many members were counted: all of the list, or [`FACET_CAP`].
    pub counted: i64,
    /// Each facet with its commonest values, at most 20.
    pub facets: Vec<(MemberFacet, Vec<FacetValue>)>,
}

struct Row {
    /// Empty for the number of all that were counted.
    facet: String,
    value: String,
    count: i64,
}

macro_rules! counts {
    ([$select:literal], $view:literal, [$rest:literal], $filters:expr, $($argument:expr),* $(,)?) => {
        filtered!(query_as!(Row, [$select], $view, [$rest]), $filters, $($argument),*)
    };
}

/// Counts the members of a list by each facet. A city that its member hides from the caller is NULL in the view, and so in no facet.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn facets(
    tx: &mut Tx,
    filters: &MemberFilters,
    wanted: &[MemberFacet],
) -> Result<FacetCounts, DataError> {
    let arguments = Arguments::of(filters);
    let names: Vec<_> = wanted.iter().map(ToString::to_string).collect();
    let rows = of_either_view!(
        filters.ask_for_places(),
        counts!(
            ["WITH found AS MATERIALIZED (SELECT m.id, m.city, m.member_type "],
            VIEW,
            [r#"LIMIT $10)
                SELECT '' AS "facet!", '' AS "value!", count(*) AS "count!" FROM found
                UNION ALL
                SELECT 'city', min(city), count(*) FROM found
                WHERE 'city' = ANY ($11::text[]) AND city IS NOT NULL
                GROUP BY lower(city)
                UNION ALL
                SELECT 'memberType', member_type, count(*) FROM found
                WHERE 'memberType' = ANY ($11)
                GROUP BY member_type
                UNION ALL
                SELECT 'skills', s.skill, count(*) FROM found
                JOIN user_skills AS s ON s.user_id = found.id
                WHERE 'skills' = ANY ($11)
                GROUP BY s.skill
                ORDER BY 1, 3 DESC, 2"#],
            arguments,
            FACET_CAP,
            names.as_slice(),
        ),
        fetch_all,
        tx
    );
    let counted = rows
        .iter()
        .find(|row| row.facet.is_empty())
        .map_or(0, |row| row.count);
    let values = |facet: &MemberFacet| {
        let of_facet = rows
            .iter()
            .filter(|row| row.facet == facet.as_str())
            .take(MOST_VALUES);
        let told = of_facet.map(|row| FacetValue {
            value: row.value.clone(),
            count: row.count,
        });
        told.collect()
    };
    Ok(FacetCounts {
        counted,
        facets: wanted.iter().map(|facet| (*facet, values(facet))).collect(),
    })
}
