//! The list by distance.

use portal_domain::geo::{Distance, LatLng};

use super::arguments::Arguments;
use super::row::Row;
use super::{DistancePosition, NearbyProject, ProjectFilters};
use crate::place::{as_geography, is_at_seam, reach};
use crate::{DataError, Tx};

/// A page of the projects in a circle, nearest first.
///
/// The GiST index on coordinates serves the box and the order; `<->` on a geography is the distance on the sphere, so filter,
/// order, position and answer are one number. The index orders by distance alone: the inner query takes whole ties, and the outer
/// one sorts them by id. At the antimeridian and the poles all that is in the circle ties in the inner one ([`is_at_seam`]).
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
         ORDER BY CASE WHEN $19 THEN NULL ELSE coordinates <-> $14::text::geography END
         FETCH FIRST ($18::bigint) ROWS WITH TIES) AS page ",
            r#"ORDER BY distance, "id!" LIMIT $18"#
        ],
        filters,
        as_geography(middle),
        reach((middle, radius)),
        after.map(|after| after.metres.0),
        after.map(|after| after.id.as_uuid()),
        limit,
        is_at_seam(middle),
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
