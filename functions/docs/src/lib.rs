//! What describes the API: the OpenAPI document, the page that shows it, the pages of the problem types, and a map. Needs no database.

mod asset;
mod gzip;
mod list_problem_types;
mod page;
mod problem_type;
mod show_api_page;
mod show_api_page_file;
mod show_asset;
mod show_map;
mod show_openapi;
mod show_problem_type;

use portal_http::Operations;
use utoipa::OpenApi;

/// The function's name.
pub const FUNCTION: &str = "docs";

/// The OpenAPI document of all functions, as it is served.
pub const DOCUMENT: &str = include_str!("../openapi.json");

/// The handlers, by operation.
#[must_use]
pub fn operations() -> Operations<()> {
    Operations::of(FUNCTION)
        .bind("show_openapi", show_openapi::show_openapi)
        .bind("list_problem_types", list_problem_types::list_problem_types)
        .bind("show_problem_type", show_problem_type::show_problem_type)
        .bind("show_map", show_map::show_map)
        .bind("show_asset", show_asset::show_asset)
        .bind("show_api_page", show_api_page::show_api_page)
        .bind("show_api_page_file", show_api_page_file::show_api_page_file)
}

#[derive(OpenApi)]
#[openapi(paths(
    show_openapi::show_openapi,
    list_problem_types::list_problem_types,
    show_problem_type::show_problem_type,
    show_map::show_map,
    show_asset::show_asset,
    show_api_page::show_api_page,
    show_api_page_file::show_api_page_file
))]
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
