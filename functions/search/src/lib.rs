//! Search: projects, members, contractors, events and courses in one ranked list, suggestions while
//! somebody types, and searches that members keep.

mod change_saved_search;
mod forget_saved_search;
mod list_saved_searches;
mod save_search;
mod saved_search_body;
mod search_everything;
mod search_item;
mod search_parameters;
mod suggest_searches;

use portal_http::{Operations, Portal};
use utoipa::OpenApi;

/// The function's name.
pub const FUNCTION: &str = "search";

/// The handlers, by operation.
#[must_use]
pub fn operations() -> Operations<Portal> {
    Operations::of(FUNCTION)
        .bind("search_everything", search_everything::search_everything)
        .bind("suggest_searches", suggest_searches::suggest_searches)
        .bind("list_saved_searches", list_saved_searches::list_saved_searches)
        .bind("save_search", save_search::save_search)
        .bind("change_saved_search", change_saved_search::change_saved_search)
        .bind("forget_saved_search", forget_saved_search::forget_saved_search)
}

#[derive(OpenApi)]
#[openapi(
    paths(
        search_everything::search_everything,
        suggest_searches::suggest_searches,
        list_saved_searches::list_saved_searches,
        save_search::save_search,
        change_saved_search::change_saved_search,
        forget_saved_search::forget_saved_search
    ),
    components(schemas(portal_http::query::FilterText, portal_domain::search::SearchType))
)]
struct Document;

/// The function's part of the OpenAPI document.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    portal_http::openapi::complete(Document::openapi())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn handlers_description_and_table_agree() {
        assert_eq!(operations().into_router().err(), None);
        assert_eq!(
            portal_http::openapi::differences(FUNCTION, &openapi()),
            Vec::<String>::new()
        );
    }
}
