//! Search over everything.

use axum::http::Method;

use super::Route;

pub(super) static ROUTES: &[Route] = &[
    route(Method::GET, "/v1/search", "search_everything").public(),
    route(Method::GET, "/v1/search/suggest", "suggest_searches").public(),
];

const fn route(method: Method, path: &'static str, operation: &'static str) -> Route {
    Route::new("search", method, path, operation)
}
