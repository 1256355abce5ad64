//! Search over everything, and searches that members keep.

use axum::http::Method;

use super::Route;

pub(super) static ROUTES: &[Route] = &[
    route(Method::GET, "/v1/search", "search_everything").public(),
    route(Method::GET, "/v1/search/suggest", "suggest_searches").public(),
    route(Method::GET, "/v1/search/saved", "list_saved_searches"),
    route(Method::POST, "/v1/search/saved", "save_search"),
    route(Method::PATCH, "/v1/search/saved/{id}", "change_saved_search"),
    route(Method::DELETE, "/v1/search/saved/{id}", "forget_saved_search"),
];

const fn route(method: Method, path: &'static str, operation: &'static str) -> Route {
    Route::new("search", method, path, operation)
}
