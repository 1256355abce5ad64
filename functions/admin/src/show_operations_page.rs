//! `GET /v1/admin/`

use std::sync::LazyLock;

use axum::http::HeaderMap;
use axum::response::Response;
use portal_http::Problem;
use portal_http::query::{NoParameters, Query};
use portal_http::site::{COMMON, File, Site};

static FILES: &[File] = portal_http::site_files![
    "audit.js",
    "backups.js",
    "chart.js",
    "counties.json",
    "county-map.js",
    "database.js",
    "format.js",
    "imports.js",
    "list.js",
    "operations.css",
    "operations.js",
    "outreach.js",
    "overview.js",
    "panel.js",
    "people.js",
];

/// The page and its files.
pub(crate) static SITE: LazyLock<Site> = LazyLock::new(|| {
    Site::new(
        "/v1/admin/page",
        include_str!("../static/index.html"),
        &[COMMON, FILES],
    )
});

/// Shows the operations page.
///
/// It holds no data: it asks for a sign-in and reads the API with that, so that it shows to each what the roles allow. Tokens are kept only
/// while the page is open.
#[utoipa::path(
    get,
    path = "/v1/admin/",
    operation_id = "show_operations_page",
    tag = "admin",
    responses(
        (status = 200, description = "The page.", body = String, content_type = "text/html",
         headers(("ETag" = String, description = "The entity tag of this page."))),
        (status = 406, description = "Only HTML."),
    ),
)]
pub(crate) async fn show_operations_page(
    headers: HeaderMap,
    _: Query<NoParameters>,
) -> Result<Response, Problem> {
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
