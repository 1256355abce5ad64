//! Construction projects: what there is to bid on, and where.

mod list_projects;
mod list_projects_near;
mod project_filters;
mod project_item;
mod show_project;

use portal_http::{Operations, Portal};
use utoipa::OpenApi;

/// The function's name.
pub const FUNCTION: &str = "projects-geo";

/// The handlers, by operation.
#[must_use]
pub fn operations() -> Operations<Portal> {
    Operations::of(FUNCTION)
        .bind("list_projects", list_projects::list_projects)
        .bind("list_projects_near", list_projects_near::list_projects_near)
        .bind("show_project", show_project::show_project)
}

#[derive(OpenApi)]
#[openapi(
    paths(
        list_projects::list_projects,
        list_projects_near::list_projects_near,
        show_project::show_project
    ),
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
