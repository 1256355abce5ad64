//! `GET /v1/openapi.json`

use std::sync::LazyLock;

use axum::http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use portal_http::Problem;
use portal_http::etag::EntityTag;
use portal_http::negotiate::{MediaType, negotiate};
use portal_http::query::{NoParameters, Query};

use crate::{DOCUMENT, gzip};

/// The document only changes with a deployment, and can be revalidated then.
const CACHE: &str = "public, max-age=300";

static TAG: LazyLock<EntityTag> =
    LazyLock::new(|| EntityTag::of_contents(MediaType::Json.content_type(), DOCUMENT.as_bytes()));

/// The document in a fourteenth of its size, with a tag of its own.
static COMPRESSED: LazyLock<Option<(Vec<u8>, EntityTag)>> = LazyLock::new(|| {
    let bytes = gzip::compress(DOCUMENT).ok()?;
    let tag = EntityTag::of_contents("application/json, gzip", &bytes);
    Some((bytes, tag))
});

/// Shows this document.
#[utoipa::path(
    get,
    path = "/v1/openapi.json",
    operation_id = "show_openapi",
    tag = "docs",
    responses(
        (status = 200, description = "The OpenAPI document of the whole API.", body = Object,
         headers(("ETag" = String, description = "The entity tag of this document."))),
        (status = 406, description = "Only JSON."),
    ),
)]
pub(crate) async fn show_openapi(headers: HeaderMap, _: Query<NoParameters>) -> Result<Response, Problem> {
    negotiate(&headers, &[MediaType::Json])?;
    let fixed = [
        (CONTENT_TYPE, MediaType::Json.content_type()),
        (CACHE_CONTROL, CACHE),
        (VARY, "accept-encoding"),
    ];
    match &*COMPRESSED {
        Some((bytes, tag)) if gzip::is_taken(&headers) => {
            let mut response = (fixed, bytes.as_slice()).into_response();
            response
                .headers_mut()
                .insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            Ok(tag.answer(&headers, response))
        }
        _ => Ok(TAG.answer(&headers, (fixed, DOCUMENT).into_response())),
    }
}
