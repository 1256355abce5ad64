//! The directory: who is licensed to build in California, and who of them is where.

mod list_contractors;
mod show_contractor;
mod state;
mod upload_avatar;

use portal_http::Operations;
pub use state::Directory;
use utoipa::OpenApi;

/// The function's name.
pub const FUNCTION: &str = "directory";

/// The handlers, by operation.
#[must_use]
pub fn operations() -> Operations<Directory> {
    Operations::of(FUNCTION)
        .bind("list_contractors", list_contractors::list_contractors)
        .bind("show_contractor", show_contractor::show_contractor)
        .bind("upload_avatar", upload_avatar::upload_avatar)
}

#[derive(OpenApi)]
#[openapi(
    paths(list_contractors::list_contractors, show_contractor::show_contractor, upload_avatar::upload_avatar),
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
