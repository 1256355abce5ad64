//! `GET /v1/geo/tiles/{layer}/{z}/{x}/{y}`

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse, Response};
use portal_data::{maps, read};
use portal_http::etag::EntityTag;
use portal_http::{Call, PathParameters, Portal, Problem};

use crate::tile_filters::{TileFilters, TileLayer, TileParameters, address};

/// The media type of a Mapbox Vector Tile.
const VECTOR_TILE: &str = "application/vnd.mapbox-vector-tile";

/// What everybody sees may be kept by anybody for as long as a person looks at a map.
const PUBLIC: &str = "public, max-age=300";

/// What a member sees may only be kept by that member's own client, and so long that panning to and fro asks once.
const PRIVATE: &str = "private, max-age=30";

/// Shows a vector tile of projects or contractors.
///
/// A Mapbox Vector Tile 2.1 with one layer, named as in the path. Below zoom 11 it holds clusters with `point_count`, at most
/// 16 by 16; from there on single points with `id` and `title`, `status` and `category` of a project or `name`, `status` and
/// `classes` of a contractor, and clusters again where these would be more than 2,000. A tile where nothing is has no bytes. What lies nearer to a pole than
/// 85.0511 degrees lies on no tile.
#[utoipa::path(
    get,
    path = "/v1/geo/tiles/{layer}/{z}/{x}/{y}",
    operation_id = "show_tile",
    tag = "maps",
    params(
        ("layer" = inline(TileLayer), Path, description = "What to show."),
        ("z" = u8, Path, minimum = 0, maximum = 20, description = "The zoom."),
        ("x" = u32, Path, minimum = 0, maximum = 1048575, description = "The column, from the west: 0 to 2^z - 1."),
        ("y" = u32, Path, minimum = 0, maximum = 1048575, description = "The row, from the north: 0 to 2^z - 1."),
        TileParameters
    ),
    responses(
        (status = 200, description = "The tile.", body = Vec<u8>, content_type = "application/vnd.mapbox-vector-tile",
         headers(("ETag" = String, description = "The entity tag of this tile as the caller sees it."))),
    ),
)]
pub(crate) async fn show_tile(
    State(portal): State<Portal>,
    call: Call,
    headers: HeaderMap,
    path: PathParameters,
    uri: Uri,
) -> Result<Response, Problem> {
    let (layer, tile) = address(&path)?;
    let filters = TileFilters::read(layer, uri.query().unwrap_or_default())?;
    let bytes = read!(portal.database(), &call.context, |tx| match &filters {
        TileFilters::Projects(filters) => maps::project_tile(tx, tile, filters).await,
        TileFilters::Contractors(filters) => maps::contractor_tile(tx, tile, filters).await,
    })?;
    let tag = EntityTag::of_contents(VECTOR_TILE, &bytes);
    let keep = if call.is_anonymous() { PUBLIC } else { PRIVATE };
    let answer = ([(CONTENT_TYPE, VECTOR_TILE), (CACHE_CONTROL, keep)], bytes);
    Ok(tag.answer(&headers, answer.into_response()))
}
