//! Vector tiles of projects and contractors (Mapbox Vector Tile 2.1), read through the same views as the lists.
//!
//! A place belongs to exactly one tile of each zoom: the one whose west and north border it is on or past. Below
//! [`SINGLES_FROM`] a tile holds clusters, one for each of its 16 by 16 cells that is not empty, at the mean place of what it
//! counts, with `point_count`. From there on it holds every project or contractor by itself, and clusters again where that
//! would be more than [`MOST_SINGLES`], so that nothing is ever left out.

use portal_domain::contractor::Classification;
use portal_domain::project::ProjectStatus;
use portal_domain::tile::TileAddress;
use sqlx::postgres::PgConnection;

use crate::place::as_cover;
use crate::{DataError, Tx};

/// The zoom from which on a tile shows single places: there it is some 15 kilometres wide in California.
pub const SINGLES_FROM: u8 = 11;

/// How many single places a tile holds at most. More could not be told apart on a screen, and make the tile slow to send.
pub const MOST_SINGLES: i64 = 2_000;

/// The zoom from which on tiles are found by the spatial index: there one is some 1,000 kilometres wide in California.
const INDEXED_FROM: u8 = 5;

/// What a tile of contractors shows. What is empty filters nothing.
#[derive(Clone, Debug, Default)]
pub struct ContractorTileFilters {
    /// Primary statuses, in any case.
    pub statuses: Vec<String>,
    /// Licence classes, of which a contractor has at least one.
    pub classes: Vec<Classification>,
}

/// What a tile of projects shows.
#[derive(Clone, Debug)]
pub struct ProjectTileFilters {
    /// Where the projects stand.
    pub statuses: Vec<ProjectStatus>,
    /// Licence classes, of which a project asks for at least one; none filters nothing.
    pub classes: Vec<Classification>,
}

/// A tile of the layer `contractors`: empty bytes where there is none.
///
/// # Errors
/// [`DataError`] of the queries.
pub async fn contractor_tile(
    tx: &mut Tx,
    tile: TileAddress,
    filters: &ContractorTileFilters,
) -> Result<Vec<u8>, DataError> {
    let [tiles, column, row] = tile.grid();
    let cover = cover(tile);
    let statuses = texts(filters.statuses.iter().map(|status| status.trim().to_lowercase()));
    let classes = texts(filters.classes.iter().map(ToString::to_string));
    if tile.zoom() >= SINGLES_FROM {
        let singles = sqlx::query_file!(
            "src/maps/sql/contractors.sql",
            tiles,
            column,
            row,
            cover,
            statuses.as_deref(),
            classes.as_deref(),
            MOST_SINGLES + 1,
        );
        let singles = singles.fetch_one(&mut *tx).await?;
        if singles.found <= MOST_SINGLES {
            return Ok(singles.tile);
        }
    }
    let Some(classes) = classes else {
        let clusters = sqlx::query_file_scalar!(
            "src/maps/sql/clusters_of_places.sql",
            tiles,
            column,
            row,
            statuses.as_deref(),
        );
        return Ok(clusters.fetch_one(&mut *tx).await?);
    };
    let clusters = sqlx::query_file_scalar!(
        "src/maps/sql/clusters_of_contractors.sql",
        tiles,
        column,
        row,
        cover,
        statuses.as_deref(),
        &classes,
    );
    Ok(clusters.fetch_one(&mut *tx).await?)
}

/// A tile of the layer `projects`, of those that the caller may see: empty bytes where there is none.
///
/// # Errors
/// [`DataError`] of the queries.
pub async fn project_tile(
    tx: &mut Tx,
    tile: TileAddress,
    filters: &ProjectTileFilters,
) -> Result<Vec<u8>, DataError> {
    let [tiles, column, row] = tile.grid();
    let cover = cover(tile);
    let statuses: Vec<_> = filters.statuses.iter().map(ToString::to_string).collect();
    let classes = texts(filters.classes.iter().map(ToString::to_string));
    if tile.zoom() >= SINGLES_FROM {
        let singles = sqlx::query_file!(
            "src/maps/sql/projects.sql",
            tiles,
            column,
            row,
            cover,
            &statuses,
            classes.as_deref(),
            MOST_SINGLES + 1,
        );
        let singles = singles.fetch_one(&mut *tx).await?;
        if singles.found <= MOST_SINGLES {
            return Ok(singles.tile);
        }
    }
    let clusters = sqlx::query_file_scalar!(
        "src/maps/sql/clusters_of_projects.sql",
        tiles,
        column,
        row,
        cover,
        &statuses,
        classes.as_deref(),
    );
    Ok(clusters.fetch_one(&mut *tx).await?)
}

/// Counts the contractors by place anew, at the end of the transaction that has changed them: readers of tiles wait for its
/// commit.
pub(crate) async fn count_contractors(transaction: &mut PgConnection) -> Result<(), DataError> {
    sqlx::query!(r#"SELECT app.refresh_contractor_places()::text AS "nothing""#)
        .fetch_one(transaction)
        .await?;
    Ok(())
}

/// What the spatial index is asked for. Of a tile that is a good part of the earth it would give most rows, each of them checked at
/// more cost than by the tile's own borders.
fn cover(tile: TileAddress) -> Option<String> {
    (tile.zoom() >= INDEXED_FROM).then(|| as_cover(tile.around()))
}

/// The values, or NULL when there are none.
fn texts(values: impl Iterator<Item = String>) -> Option<Vec<String>> {
    let values: Vec<_> = values.collect();
    (!values.is_empty()).then_some(values)
}
