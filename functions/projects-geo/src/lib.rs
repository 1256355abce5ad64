//! Construction projects: what there is to bid on, and where.

mod act;
mod cancel_project;
mod change_project;
mod close_project;
mod complete_project;
mod create_project;
mod delete_project;
mod list_projects;
mod list_projects_near;
mod manage;
mod open_project;
mod project_body;
mod project_filters;
mod project_item;
mod publish_project;
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
        .bind("cancel_project", cancel_project::cancel_project)
        .bind("change_project", change_project::change_project)
        .bind("close_project", close_project::close_project)
        .bind("complete_project", complete_project::complete_project)
        .bind("create_project", create_project::create_project)
        .bind("delete_project", delete_project::delete_project)
        .bind("open_project", open_project::open_project)
        .bind("publish_project", publish_project::publish_project)
        .bind("show_project", show_project::show_project)
}

#[derive(OpenApi)]
#[openapi(
    paths(
        list_projects::list_projects,
        list_projects_near::list_projects_near,
        cancel_project::cancel_project,
        change_project::change_project,
        close_project::close_project,
        complete_project::complete_project,
        create_project::create_project,
        delete_project::delete_project,
        open_project::open_project,
        publish_project::publish_project,
        show_project::show_project
    ),
    components(schemas(portal_domain::project::ProjectDetails, portal_http::query::FilterText, portal_domain::contractor::Classification))
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
