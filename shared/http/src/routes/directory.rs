//! Members, their profiles, and the contractors that the state has licensed.

use axum::http::Method;

use super::Route;

pub(super) static ROUTES: &[Route] = &[
    route(Method::GET, "/v1/contractors", "list_contractors").public(),
    route(Method::GET, "/v1/contractors/{licenseNo}", "show_contractor").public(),
    route(Method::POST, "/v1/members/me/avatar", "upload_avatar")
        .before_approval()
        .throttled(),
    route(Method::GET, "/v1/members", "list_members"),
    route(Method::GET, "/v1/members/{id}", "show_member"),
    route(Method::GET, "/v1/members/me", "show_own_profile").before_approval(),
    route(Method::PATCH, "/v1/members/me", "change_own_profile").before_approval(),
    route(Method::PUT, "/v1/members/me/skills", "replace_own_skills").before_approval(),
    route(Method::GET, "/v1/members/me/sensitive", "show_sensitive_data").before_approval(),
    route(Method::PUT, "/v1/members/me/sensitive", "keep_sensitive_data").before_approval(),
    route(Method::POST, "/v1/members/me/license", "claim_license").before_approval(),
    route(Method::DELETE, "/v1/members/me/license", "release_license").before_approval(),
    route(Method::GET, "/v1/skills", "list_skills").before_approval(),
    route(
        Method::PATCH,
        "/v1/contractors/{licenseNo}/outreach",
        "change_outreach",
    )
    .permitted("contractors.outreach"),
];

const fn route(method: Method, path: &'static str, operation: &'static str) -> Route {
    Route::new("directory", method, path, operation)
}
