//! Projects by their ids.

use portal_domain::ids::ProjectId;
use portal_domain::listing::ProjectListing;
use uuid::Uuid;

use super::ProjectFilters;
use super::arguments::Arguments;
use super::row::Row;
use crate::{DataError, Tx};

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
