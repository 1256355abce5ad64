//! `GET /v1/docs/assets/{name}`

use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use portal_http::query::{NoParameters, Query};
use portal_http::{PathParameters, Problem};

use crate::asset;

/// A name stands for the same bytes for ever.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// A worker goes by the policy of its own script, not by the page's: it asks this host for tiles, and loads nothing else.
const POLICY: &str = "default-src 'none'; connect-src 'self'; frame-ancestors 'none'";

/// Shows a file that the map page loads.
#[utoipa::path(
    get,
    path = "/v1/docs/assets/{name}",
    operation_id = "show_asset",
    tag = "docs",
    params(("name" = String, Path, description = "A name that /v1/docs/map loads; it changes with the contents.")),
    responses((status = 200, description = "The file, compressed with gzip or as it is.", content(
        (String = "text/javascript"),
        (String = "text/css"),
        (Object = "application/geo+json"),
    ))),
)]
pub(crate) async fn show_asset(path: PathParameters, _: Query<NoParameters>) -> Result<Response, Problem> {
    let name: String = path.read("name")?;
    let asset = asset::find(&name).ok_or_else(|| {
        Problem::not_found("There is no file by this name; load /v1/docs/map again for the present ones.")
    })?;
    let fixed = [
        (CONTENT_TYPE, asset.content_type),
        (CACHE_CONTROL, FOR_EVER),
        (CONTENT_SECURITY_POLICY, POLICY),
    ];
    let mut response = (fixed, asset.contents).into_response();
    if let Some(encoding) = asset.encoding {
        response
            .headers_mut()
            .insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    Ok(response)
}
