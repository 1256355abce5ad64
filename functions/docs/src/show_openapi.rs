//! `GET /v1/openapi.json`

use std::sync::LazyLock;

use axum::http::HeaderMap;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use portal_http::Problem;
use portal_http::etag::EntityTag;
use portal_http::negotiate::{MediaType, negotiate};
use portal_http::query::{NoParameters, Query};

use crate::DOCUMENT;

/// The document only changes with a deployment, and can be revalidated then.
const CACHE: &str = "public, max-age=300";

static TAG: LazyLock<EntityTag> =
    LazyLock::new(|| EntityTag::of_contents(MediaType::Json.content_type(), DOCUMENT.as_bytes()));

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
    let response = (
        [
            (CONTENT_TYPE, MediaType::Json.content_type()),
            (CACHE_CONTROL, CACHE),
        ],
        DOCUMENT,
    );
    Ok(TAG.answer(&headers, response.into_response()))
}
