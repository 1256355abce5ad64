//! Construction projects: what there is to bid on, and where.

mod acknowledge_addendum;
mod act;
mod add_addendum;
mod add_project_file;
mod application_list;
mod award_project;
mod bid_body;
mod cancel_project;
mod change_application;
mod change_project;
mod close_project;
mod complete_project;
mod create_project;
mod delete_project;
mod delete_project_file;
mod download_project_file;
mod import_projects;
mod imported;
mod invite_member;
mod list_addenda;
mod list_applications;
mod list_invitations;
mod list_project_applications;
mod list_project_files;
mod list_project_matches;
mod list_projects;
mod list_projects_near;
mod manage;
mod open_project;
mod project_body;
mod project_file;
mod project_filters;
mod project_item;
mod publish_project;
mod show_project;
mod show_tile;
mod state;
mod submit_application;
mod tile_filters;
mod uninvite_member;
mod withdraw_application;

use portal_http::Operations;
pub use state::Projects;
use utoipa::OpenApi;

/// The function's name.
pub const FUNCTION: &str = "projects-geo";

/// The handlers, by operation.
#[must_use]
pub fn operations() -> Operations<Projects> {
    Operations::of(FUNCTION)
        .bind("list_projects", list_projects::list_projects)
        .bind("list_projects_near", list_projects_near::list_projects_near)
        .bind("cancel_project", cancel_project::cancel_project)
        .bind("change_project", change_project::change_project)
        .bind("close_project", close_project::close_project)
        .bind("complete_project", complete_project::complete_project)
        .bind("create_project", create_project::create_project)
        .bind("delete_project", delete_project::delete_project)
        .bind("import_projects", import_projects::import_projects)
        .bind("open_project", open_project::open_project)
        .bind("publish_project", publish_project::publish_project)
        .bind("acknowledge_addendum", acknowledge_addendum::acknowledge_addendum)
        .bind("add_addendum", add_addendum::add_addendum)
        .bind("award_project", award_project::award_project)
        .bind("change_application", change_application::change_application)
        .bind("invite_member", invite_member::invite_member)
        .bind("list_addenda", list_addenda::list_addenda)
        .bind("list_applications", list_applications::list_applications)
        .bind("list_invitations", list_invitations::list_invitations)
        .bind(
            "list_project_applications",
            list_project_applications::list_project_applications,
        )
        .bind("submit_application", submit_application::submit_application)
        .bind("uninvite_member", uninvite_member::uninvite_member)
        .bind("withdraw_application", withdraw_application::withdraw_application)
        .bind("add_project_file", add_project_file::add_project_file)
        .bind("delete_project_file", delete_project_file::delete_project_file)
        .bind(
            "download_project_file",
            download_project_file::download_project_file,
        )
        .bind("list_project_files", list_project_files::list_project_files)
        .bind("list_project_matches", list_project_matches::list_project_matches)
        .bind("show_project", show_project::show_project)
        .bind("show_tile", show_tile::show_tile)
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
        import_projects::import_projects,
        open_project::open_project,
        publish_project::publish_project,
        acknowledge_addendum::acknowledge_addendum,
        add_addendum::add_addendum,
        award_project::award_project,
        change_application::change_application,
        invite_member::invite_member,
        list_addenda::list_addenda,
        list_applications::list_applications,
        list_invitations::list_invitations,
        list_project_applications::list_project_applications,
        submit_application::submit_application,
        uninvite_member::uninvite_member,
        withdraw_application::withdraw_application,
        list_project_matches::list_project_matches,
        list_project_files::list_project_files,
        add_project_file::add_project_file,
        download_project_file::download_project_file,
        delete_project_file::delete_project_file,
        show_project::show_project,
        show_tile::show_tile
    ),
    components(schemas(
        portal_domain::project::ProjectDetails,
        portal_http::query::FilterText,
        portal_domain::contractor::Classification
    ))
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
