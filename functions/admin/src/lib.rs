//! What staff do: the operations page, which needs no database.

mod open_operations_page;
mod show_operations_page;
mod show_operations_page_file;

use portal_http::Operations;
use utoipa::OpenApi;

/// The function's name.
pub const FUNCTION: &str = "admin";

/// The handlers, by operation.
#[must_use]
pub fn operations() -> Operations<()> {
    Operations::of(FUNCTION)
        .bind("open_operations_page", open_operations_page::open_operations_page)
        .bind("show_operations_page", show_operations_page::show_operations_page)
        .bind(
            "show_operations_page_file",
            show_operations_page_file::show_operations_page_file,
        )
}

#[derive(OpenApi)]
#[openapi(paths(
    open_operations_page::open_operations_page,
    show_operations_page::show_operations_page,
    show_operations_page_file::show_operations_page_file
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
