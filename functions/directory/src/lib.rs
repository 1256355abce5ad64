//! The directory: who is licensed to build in California, and who of them is where.

mod list_contractors;
mod show_contractor;

use portal_http::{Operations, Portal};
use utoipa::OpenApi;

/// The function's name.
pub const FUNCTION: &str = "directory";

/// The handlers, by operation.
#[must_use]
pub fn operations() -> Operations<Portal> {
    Operations::of(FUNCTION)
        .bind("list_contractors", list_contractors::list_contractors)
        .bind("show_contractor", show_contractor::show_contractor)
}

#[derive(OpenApi)]
#[openapi(
    paths(list_contractors::list_contractors, show_contractor::show_contractor),
    components(schemas(portal_http::query::FilterText, portal_domain::contractor::Classification))
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
