//! The page by which staff look after the portal.

use axum::http::Method;

use super::{DatabaseRole, Route};

pub(super) static ROUTES: &[Route] = &[
    page("/v1/admin", "open_operations_page"),
    page("/v1/admin/", "show_operations_page"),
    page("/v1/admin/page/{version}/{name}", "show_operations_page_file"),
];

/// The page itself holds no data: whoever opens it has not signed in yet.
const fn page(path: &'static str, operation: &'static str) -> Route {
    Route::new("admin", Method::GET, path, operation)
        .anonymous()
        .served_by(DatabaseRole::None)
}
