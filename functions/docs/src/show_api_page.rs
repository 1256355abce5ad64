//! `GET /v1/docs`

use std::sync::LazyLock;

use axum::http::HeaderMap;
use axum::response::Response;
use portal_http::Problem;
use portal_http::query::{NoParameters, Query};
use portal_http::site::{COMMON, File, Site};

static FILES: &[File] = portal_http::site_files![
    "api.css",
    "api.js",
    "api-document.js",
    "api-example.js",
    "api-operation.js",
    "api-request.js",
    "api-schema.js",
    "api-try.js",
];

/// The page and its files.
pub(crate) static SITE: LazyLock<Site> = LazyLock::new(|| {
    Site::new(
        "/v1/docs/page",
        include_str!("../static/api.html"),
        &[COMMON, FILES],
    )
});

/// Shows the OpenAPI document as a page.
///
/// Every operation has an address, `/v1/docs#` with its id behind it. Requests can be tried there: tokens are kept only while the page
/// is open.
#[utoipa::path(
    get,
    path = "/v1/docs",
    operation_id = "show_api_page",
    tag = "docs",
    responses(
        (status = 200, description = "The page.", body = String, content_type = "text/html",
         headers(("ETag" = String, description = "The entity tag of this page."))),
        (status = 406, description = "Only HTML."),
    ),
)]
pub(crate) async fn show_api_page(headers: HeaderMap, _: Query<NoParameters>) -> Result<Response, Problem> {
    SITE.show(&headers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_is_whole() {
        assert_eq!(SITE.faults(), Vec::<String>::new());
    }
}
