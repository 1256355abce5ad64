//! Projects, bids, their files, and maps.

use axum::http::Method;

use super::Route;

pub(super) static ROUTES: &[Route] = &[
    route(Method::GET, "/v1/geo/tiles/{layer}/{z}/{x}/{y}", "show_tile").public(),
    route(Method::GET, "/v1/projects", "list_projects").public(),
    route(Method::GET, "/v1/projects/near", "list_projects_near").public(),
    route(Method::GET, "/v1/projects/{id}", "show_project").public(),
    route(Method::POST, "/v1/projects", "create_project").throttled(),
    route(Method::POST, "/v1/projects/import", "import_projects").permitted("projects.manage"),
    route(Method::PATCH, "/v1/projects/{id}", "change_project"),
    route(Method::DELETE, "/v1/projects/{id}", "delete_project"),
    route(Method::GET, "/v1/projects/matches", "list_project_matches"),
    route(Method::POST, "/v1/projects/{id}/award", "award_project"),
    route(Method::GET, "/v1/projects/{id}/addenda", "list_addenda"),
    route(Method::POST, "/v1/projects/{id}/addenda", "add_addendum").throttled(),
    route(
        Method::POST,
        "/v1/addenda/{id}/acknowledge",
        "acknowledge_addendum",
    ),
    route(Method::GET, "/v1/projects/{id}/invitations", "list_invitations"),
    route(Method::POST, "/v1/projects/{id}/invitations", "invite_member").throttled(),
    route(Method::DELETE, "/v1/projects/{id}/invitations", "uninvite_member"),
    route(
        Method::GET,
        "/v1/projects/{id}/applications",
        "list_project_applications",
    ),
    route(
        Method::POST,
        "/v1/projects/{id}/applications",
        "submit_application",
    )
    .throttled(),
    route(Method::GET, "/v1/applications", "list_applications"),
    route(Method::PATCH, "/v1/applications/{id}", "change_application"),
    route(
        Method::POST,
        "/v1/applications/{id}/withdraw",
        "withdraw_application",
    ),
    route(Method::POST, "/v1/projects/{id}/publish", "publish_project"),
    route(Method::POST, "/v1/projects/{id}/open", "open_project"),
    route(Method::POST, "/v1/projects/{id}/close", "close_project"),
    route(Method::POST, "/v1/projects/{id}/complete", "complete_project"),
    route(Method::POST, "/v1/projects/{id}/cancel", "cancel_project"),
    route(Method::GET, "/v1/projects/{id}/files", "list_project_files"),
    route(Method::POST, "/v1/projects/{id}/files", "add_project_file").throttled(),
    route(
        Method::GET,
        "/v1/projects/{id}/files/{fileId}",
        "download_project_file",
    ),
    route(
        Method::DELETE,
        "/v1/projects/{id}/files/{fileId}",
        "delete_project_file",
    ),
];

const fn route(method: Method, path: &'static str, operation: &'static str) -> Route {
    Route::new("projects-geo", method, path, operation)
}
