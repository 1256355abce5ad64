//! The lists: by name, by distance, and how many there are.

use portal_domain::geo::{Distance, LatLng};
use portal_domain::listing::ContractorListing;
use portal_domain::search::SearchWords;

use super::row::Row;
use super::{ContractorFilters, DistancePosition, ExactMetres, NamePosition, NearbyContractor};
use crate::estimate::{Counting, planned_rows};
use crate::place::{BoxArguments, as_geography, is_at_seam, reach};
use crate::{DataError, Tx};

/// A query over the filtered view, in one or more arms: what each selects, and what follows its filters. The filters stand here
/// once, for every order and for the count.
///
/// Statements are unnamed and so planned with their values: a filter that is NULL leaves no trace in the plan. The others are
/// served by the GIN indexes on classifications and search, and by those on lower(city) and lower(county), which hold the
/// order by name too. Where one city or county is asked for, it leads the order, or else PostgreSQL would not see that the index has
/// it: it takes no equality over a function for granted behind a view that is a barrier. Words stand in quotes, so a single one without them may be a licence number.
macro_rules! filtered {
    (
        $query:ident!($($row:ident,)? $([$($select:literal),+], [$($rest:literal),+]);+ => $end:literal),
        $filters:expr, $($argument:expr),* $(,)?
    ) => {{
        sqlx::$query!(
            $($row,)?
            $(
                $($select +)+
                "FROM contractor_listings
                 WHERE ($1::text[] IS NULL OR classifications && $1)
                   AND ($2::text[] IS NULL OR lower(primary_status) = ANY ($2))
                   AND ($3::boolean IS NULL OR in_good_standing = $3)
                   AND ($4::text[] IS NULL OR app.is_one_of(lower(city), $4))
                   AND ($5::text[] IS NULL OR app.is_one_of(lower(county), $5))
                   AND ($6::text IS NULL OR search @@ to_tsquery('public.portal_names', $6) OR license_number = replace($6, '''', ''))
                   AND ($7::boolean IS NULL OR is_namc_member = $7)
                   AND ($8::boolean IS NULL OR (removed_from_source_on IS NOT NULL) = $8)
                   AND ($9::text IS NULL OR coordinates && $9::text::geography AND app.is_in_box(coordinates, $10)) "
                    $(+ $rest)+ +
            )+
            $end,
            $filters.classes.as_deref(),
            $filters.statuses.as_deref(),
            $filters.in_good_standing,
            $filters.cities.as_deref(),
            $filters.counties.as_deref(),
            $filters.search,
            $filters.is_member,
            $filters.is_removed,
            $filters.bounds.cover,
            $filters.bounds.degrees.as_deref(),
            $($argument),*
        )
    }};
}

/// A page of rows: for each arm what stands before the columns and what sets it apart, then the distance, what follows the filters
/// of every arm, and the end.
macro_rules! page {
    ($([$before:literal, $apart:literal]),+; $distance:literal, $rest:literal => $end:literal, $filters:expr, $($argument:expr),* $(,)?) => {
        filtered!(
            query_as!(
                Row,
                $([
                $before,
                r#"SELECT license_number AS "license_number!", display_name AS "display_name!",
                          business_name AS "business_name!", full_business_name, dba_name, business_type,
                          address, city, state, county, zip_code, phone, issue_date, expiration_date,
                          primary_status AS "primary_status!", secondary_status, in_good_standing AS "in_good_standing!",
                          classifications AS "classifications!", is_namc_member AS "is_namc_member!",
                          removed_from_source_on, ST_Y(coordinates::geometry) AS lat, ST_X(coordinates::geometry) AS lng, "#,
                $distance
                ],
                [$apart, $rest]);+
                => $end
            ),
            $filters,
            $($argument),*
        )
    };
}

/// The filters as statements take them: NULL where nothing is filtered, text in lower case where its case does not matter.
struct Arguments {
    classes: Option<Vec<String>>,
    statuses: Option<Vec<String>>,
    in_good_standing: Option<bool>,
    cities: Option<Vec<String>>,
    counties: Option<Vec<String>>,
    search: Option<String>,
    is_member: Option<bool>,
    is_removed: Option<bool>,
    bounds: BoxArguments,
}

impl Arguments {
    fn of(filters: &ContractorFilters) -> Self {
        let classes: Vec<_> = filters.classes.iter().map(ToString::to_string).collect();
        Self {
            classes: (!classes.is_empty()).then_some(classes),
            statuses: lower(&filters.statuses),
            in_good_standing: filters.in_good_standing,
            cities: lower(&filters.cities),
            counties: lower(&filters.counties),
            search: filters
                .search
                .as_deref()
                .map(|text| SearchWords::parse(text).literal()),
            is_member: filters.is_member,
            is_removed: filters.is_removed,
            bounds: BoxArguments::of(filters.bounds),
        }
    }
}

fn lower(values: &[String]) -> Option<Vec<String>> {
    (!values.is_empty()).then(|| values.iter().map(|value| value.trim().to_lowercase()).collect())
}

/// A page of the contractors in the order of their names, whatever area the filters name.
///
/// Each partition has an arm of its own: what a filter finds is seldom spread evenly over the regions, and one plan for all of them
/// would walk all names of the south in search of a city of the north.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn list(
    tx: &mut Tx,
    filters: &ContractorFilters,
    after: Option<&NamePosition>,
    limit: i64,
) -> Result<Vec<ContractorListing>, DataError> {
    let filters = Arguments::of(filters);
    let rows = page!(
        ["SELECT page.* FROM ((", "AND region = 'NORTH' "],
        ["UNION ALL (", "AND region = 'SOUTH' "],
        ["UNION ALL (", "AND region = 'OUT_OF_STATE' "];
        "NULL::float8 AS distance ",
        "AND ($11::text IS NULL OR (display_name, license_number) > ($11, $12))
         ORDER BY CASE WHEN cardinality($4) = 1 THEN lower(city) END,
             CASE WHEN cardinality($5) = 1 AND $4 IS NULL THEN lower(county) END,
             display_name, license_number
         LIMIT $13) "
        => r#") AS page ORDER BY "display_name!", "license_number!" LIMIT $13"#,
        filters,
        after.map(|after| after.display_name.as_str()),
        after.map(|after| after.license_number.as_str()),
        limit,
    );
    rows.fetch_all(&mut *tx)
        .await?
        .into_iter()
        .map(TryInto::try_into)
        .collect()
}

/// A page of the contractors in a circle, nearest first.
///
/// The GiST index on coordinates serves the box and the order; `<->` on a geography is the distance on the sphere, so filter,
/// order, position and answer are one number. The index orders by distance alone, and contractors of one ZIP code share a point:
/// the inner query takes whole ties, and the outer one sorts them by licence. At the antimeridian and the poles all that is in the
/// circle ties in the inner one ([`is_at_seam`]).
///
/// # Errors
/// [`DataError`] of the query.
pub async fn list_near(
    tx: &mut Tx,
    filters: &ContractorFilters,
    (middle, radius): (LatLng, Distance),
    after: Option<&DistancePosition>,
    limit: i64,
) -> Result<Vec<NearbyContractor>, DataError> {
    let filters = Arguments::of(filters);
    let rows = page!(
        ["SELECT page.* FROM (", ""];
        "coordinates <-> $11::text::geography AS distance ",
        "AND coordinates && _ST_Expand($11::text::geography, $12)
         AND coordinates <-> $11::text::geography <= $12
         AND ($13::float8 IS NULL
              OR coordinates <-> $11::text::geography > $13
              OR coordinates <-> $11::text::geography = $13 AND license_number > $14)
         ORDER BY CASE WHEN $16 THEN NULL ELSE coordinates <-> $11::text::geography END
         FETCH FIRST ($15::bigint) ROWS WITH TIES) AS page "
        => r#"ORDER BY distance, "license_number!" LIMIT $15"#,
        filters,
        as_geography(middle),
        reach((middle, radius)),
        after.map(|after| after.metres.0),
        after.map(|after| after.license_number.as_str()),
        limit,
        is_at_seam(middle),
    );
    let rows = rows.fetch_all(&mut *tx).await?;
    let near = |row: Row| {
        let distance = Distance::from_metres(row.distance.unwrap_or_default());
        Ok(NearbyContractor {
            contractor: row.try_into()?,
            distance,
        })
    };
    rows.into_iter().map(near).collect()
}

impl NearbyContractor {
    /// Where a list goes on after this contractor.
    #[must_use]
    pub fn position(&self) -> DistancePosition {
        DistancePosition {
            metres: ExactMetres(self.distance.metres()),
            license_number: self.contractor.license_number.to_string(),
        }
    }
}

/// How many contractors a list has, in the area that the filters name, if they do; nothing unless it is asked for.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn total(
    tx: &mut Tx,
    filters: &ContractorFilters,
    counting: Option<Counting>,
) -> Result<Option<i64>, DataError> {
    let Some(counting) = counting else { return Ok(None) };
    let area = filters
        .area
        .map(|(middle, radius)| (as_geography(middle), reach((middle, radius))));
    let filters = Arguments::of(filters);
    let middle = area.as_ref().map(|(middle, _)| middle.as_str());
    let metres = area.as_ref().map(|(_, metres)| *metres);
    let counted = filtered!(
        query_scalar!([r#"SELECT count(*) AS "count!" FROM (SELECT "#], ["AND ($11::text IS NULL
                OR coordinates && _ST_Expand($11::text::geography, $12) AND coordinates <-> $11::text::geography <= $12) "]
            => "LIMIT $13) AS counted"),
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
            ["AND ($11::text IS NULL OR coordinates && _ST_Expand($11::text::geography, $12))"]
            => ""
        ),
        filters,
        middle,
        metres,
    );
    let plan = plan.fetch_one(&mut *tx).await?.unwrap_or_default();
    Ok(Some(planned_rows(&plan)?.max(counted)))
}
