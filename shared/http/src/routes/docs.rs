//! What the API says of itself.

use axum::http::Method;

use super::{DatabaseRole, Route};

pub(super) static ROUTES: &[Route] = &[
    document("/v1/openapi.json", "show_openapi"),
    document("/v1/problems", "list_problem_types"),
    document("/v1/problems/{type}", "show_problem_type"),
    document("/v1/docs", "show_api_page"),
    document("/v1/docs/page/{version}/{name}", "show_api_page_file"),
    document("/v1/docs/map", "show_map"),
    document("/v1/docs/assets/{name}", "show_asset"),
];

/// Reads no member's data and no database.
const fn document(path: &'static str, operation: &'static str) -> Route {
    Route::new("docs", Method::GET, path, operation)
        .anonymous()
        .served_by(DatabaseRole::None)
}
