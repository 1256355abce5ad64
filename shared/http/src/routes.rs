//! The one table of routes: what is not listed here does not exist.
//!
//! A function binds its handlers to operations of this table ([`crate::operations`]), the edge enforces what a row says
//! before a handler runs ([`crate::edge`]), and the OpenAPI document is completed from it ([`crate::openapi`]).

use axum::http::Method;

/// Whether a caller must have signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Authentication {
    /// Never looked at.
    None,
    /// Anonymous callers see public rows; a token that is sent must be good.
    Optional,
    /// Anonymous callers are refused.
    Required,
}

/// The database login role that serves a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DatabaseRole {
    /// The route needs no database.
    None,
    /// `portal_auth`: sign-in and sessions.
    Auth,
    /// `portal_api`: what members and visitors do.
    Api,
    /// `portal_admin`: what staff do.
    Admin,
}

/// One row of the table.
#[derive(Debug)]
pub struct Route {
    /// The HTTP method; HEAD goes wherever GET does.
    pub method: Method,
    /// The path, with its parameters in braces.
    pub path: &'static str,
    /// The operation id: also the name of the handler and of its file.
    pub operation: &'static str,
    /// The function that answers.
    pub function: &'static str,
    /// Whether a caller must have signed in.
    pub authentication: Authentication,
    /// The permission that the whole route takes, a `resource.action` string; some routes ask for more inside.
    pub permission: Option<&'static str>,
    /// The database role that serves it.
    pub role: DatabaseRole,
    /// Whether requests are counted and refused past a limit, with the `RateLimit` headers: where secrets could be guessed.
    pub throttled: bool,
}

/// Every route, by function and path.
pub static ROUTES: &[Route] = &[
    sign_in("/v1/auth/register", "register_member", true),
    sign_in("/v1/auth/verify-email", "verify_email", true),
    sign_in("/v1/auth/login", "log_in", true),
    sign_in("/v1/auth/mfa/challenge", "answer_mfa_challenge", true),
    sign_in("/v1/auth/password/forgot", "forgot_password", true),
    sign_in("/v1/auth/password/reset", "reset_password", true),
    sign_in("/v1/auth/refresh", "refresh_session", false),
    sign_in("/v1/auth/logout", "log_out", false),
    own(Method::POST, "/v1/auth/logout-all", "log_out_everywhere", false),
    own(Method::POST, "/v1/auth/password/change", "change_password", true),
    own(Method::POST, "/v1/auth/email/change", "change_email", true),
    own(Method::POST, "/v1/auth/mfa/totp", "begin_totp", true),
    own(Method::DELETE, "/v1/auth/mfa/totp", "remove_totp", true),
    own(Method::POST, "/v1/auth/mfa/totp/confirm", "confirm_totp", true),
    own(
        Method::POST,
        "/v1/auth/mfa/recovery-codes",
        "renew_recovery_codes",
        true,
    ),
    own(Method::GET, "/v1/auth/sessions", "list_sessions", false),
    own(Method::DELETE, "/v1/auth/sessions/{id}", "revoke_session", false),
    own(Method::GET, "/v1/auth/me", "show_me", false),
    anonymous(Method::GET, "/.well-known/jwks.json", "show_jwks", "auth"),
    anonymous(
        Method::GET,
        "/.well-known/openid-configuration",
        "show_openid_configuration",
        "auth",
    ),
    anonymous(Method::GET, "/v1/openapi.json", "show_openapi", "docs"),
    anonymous(Method::GET, "/v1/problems", "list_problem_types", "docs"),
    anonymous(Method::GET, "/v1/problems/{type}", "show_problem_type", "docs"),
    anonymous(Method::GET, "/v1/docs/map", "show_map", "docs"),
    anonymous(Method::GET, "/v1/docs/assets/{name}", "show_asset", "docs"),
    public(
        Method::GET,
        "/v1/geo/tiles/{layer}/{z}/{x}/{y}",
        "show_tile",
        "projects-geo",
    ),
    public(Method::GET, "/v1/contractors", "list_contractors", "directory"),
    public(
        Method::GET,
        "/v1/contractors/{licenseNo}",
        "show_contractor",
        "directory",
    ),
    public(Method::GET, "/v1/projects", "list_projects", "projects-geo"),
    public(
        Method::GET,
        "/v1/projects/near",
        "list_projects_near",
        "projects-geo",
    ),
    public(Method::GET, "/v1/projects/{id}", "show_project", "projects-geo"),
    member(Method::POST, "/v1/projects", "create_project", "projects-geo"),
    member(
        Method::PATCH,
        "/v1/projects/{id}",
        "change_project",
        "projects-geo",
    ),
    member(
        Method::DELETE,
        "/v1/projects/{id}",
        "delete_project",
        "projects-geo",
    ),
    member(
        Method::GET,
        "/v1/projects/matches",
        "list_project_matches",
        "projects-geo",
    ),
    member(
        Method::POST,
        "/v1/projects/{id}/award",
        "award_project",
        "projects-geo",
    ),
    member(
        Method::GET,
        "/v1/projects/{id}/addenda",
        "list_addenda",
        "projects-geo",
    ),
    member(
        Method::POST,
        "/v1/projects/{id}/addenda",
        "add_addendum",
        "projects-geo",
    ),
    member(
        Method::POST,
        "/v1/addenda/{id}/acknowledge",
        "acknowledge_addendum",
        "projects-geo",
    ),
    member(
        Method::GET,
        "/v1/projects/{id}/invitations",
        "list_invitations",
        "projects-geo",
    ),
    member(
        Method::POST,
        "/v1/projects/{id}/invitations",
        "invite_member",
        "projects-geo",
    ),
    member(
        Method::DELETE,
        "/v1/projects/{id}/invitations",
        "uninvite_member",
        "projects-geo",
    ),
    member(
        Method::GET,
        "/v1/projects/{id}/applications",
        "list_project_applications",
        "projects-geo",
    ),
    member(
        Method::POST,
        "/v1/projects/{id}/applications",
        "submit_application",
        "projects-geo",
    ),
    member(
        Method::GET,
        "/v1/applications",
        "list_applications",
        "projects-geo",
    ),
    member(
        Method::PATCH,
        "/v1/applications/{id}",
        "change_application",
        "projects-geo",
    ),
    member(
        Method::POST,
        "/v1/applications/{id}/withdraw",
        "withdraw_application",
        "projects-geo",
    ),
    member(
        Method::POST,
        "/v1/projects/{id}/publish",
        "publish_project",
        "projects-geo",
    ),
    member(
        Method::POST,
        "/v1/projects/{id}/open",
        "open_project",
        "projects-geo",
    ),
    member(
        Method::POST,
        "/v1/projects/{id}/close",
        "close_project",
        "projects-geo",
    ),
    member(
        Method::POST,
        "/v1/projects/{id}/complete",
        "complete_project",
        "projects-geo",
    ),
    member(
        Method::POST,
        "/v1/projects/{id}/cancel",
        "cancel_project",
        "projects-geo",
    ),
    member(
        Method::GET,
        "/v1/projects/{id}/files",
        "list_project_files",
        "projects-geo",
    ),
    member(
        Method::POST,
        "/v1/projects/{id}/files",
        "add_project_file",
        "projects-geo",
    ),
    member(
        Method::GET,
        "/v1/projects/{id}/files/{fileId}",
        "download_project_file",
        "projects-geo",
    ),
    member(
        Method::DELETE,
        "/v1/projects/{id}/files/{fileId}",
        "delete_project_file",
        "projects-geo",
    ),
    member(
        Method::POST,
        "/v1/members/me/avatar",
        "upload_avatar",
        "directory",
    ),
    member(Method::GET, "/v1/members", "list_members", "directory"),
    member(Method::GET, "/v1/members/{id}", "show_member", "directory"),
    member(Method::GET, "/v1/members/me", "show_own_profile", "directory"),
    member(Method::PATCH, "/v1/members/me", "change_own_profile", "directory"),
    member(
        Method::PUT,
        "/v1/members/me/skills",
        "replace_own_skills",
        "directory",
    ),
    member(
        Method::GET,
        "/v1/members/me/sensitive",
        "show_sensitive_data",
        "directory",
    ),
    member(
        Method::PUT,
        "/v1/members/me/sensitive",
        "keep_sensitive_data",
        "directory",
    ),
    member(
        Method::POST,
        "/v1/members/me/license",
        "claim_license",
        "directory",
    ),
    member(
        Method::DELETE,
        "/v1/members/me/license",
        "release_license",
        "directory",
    ),
    member(Method::GET, "/v1/skills", "list_skills", "directory"),
    staff(
        Method::PATCH,
        "/v1/contractors/{licenseNo}/outreach",
        "change_outreach",
        "directory",
        "contractors.outreach",
    ),
];

/// A route for everyone that reads no member's data and no database.
const fn anonymous(
    method: Method,
    path: &'static str,
    operation: &'static str,
    function: &'static str,
) -> Route {
    Route {
        method,
        path,
        operation,
        function,
        authentication: Authentication::None,
        permission: None,
        role: DatabaseRole::None,
        throttled: false,
    }
}

/// A route of the function `auth` for those who have yet to prove who they are. What they send could be a guess, so that
/// requests are counted; but nobody guesses a refresh token, which has 256 random bits.
const fn sign_in(path: &'static str, operation: &'static str, throttled: bool) -> Route {
    Route {
        method: Method::POST,
        path,
        operation,
        function: "auth",
        authentication: Authentication::None,
        permission: None,
        role: DatabaseRole::Auth,
        throttled,
    }
}

/// A route of the function `auth` for those who have signed in, about their own account.
const fn own(method: Method, path: &'static str, operation: &'static str, throttled: bool) -> Route {
    Route {
        method,
        path,
        operation,
        function: "auth",
        authentication: Authentication::Required,
        permission: None,
        role: DatabaseRole::Auth,
        throttled,
    }
}

/// A route that shows public rows to everyone and more to those who have signed in.
const fn public(
    method: Method,
    path: &'static str,
    operation: &'static str,
    function: &'static str,
) -> Route {
    Route {
        method,
        path,
        operation,
        function,
        authentication: Authentication::Optional,
        permission: None,
        role: DatabaseRole::Api,
        throttled: false,
    }
}

/// A route for those who have signed in.
const fn member(
    method: Method,
    path: &'static str,
    operation: &'static str,
    function: &'static str,
) -> Route {
    Route {
        method,
        path,
        operation,
        function,
        authentication: Authentication::Required,
        permission: None,
        role: DatabaseRole::Api,
        throttled: false,
    }
}

/// A route for those who have a permission.
const fn staff(
    method: Method,
    path: &'static str,
    operation: &'static str,
    function: &'static str,
    permission: &'static str,
) -> Route {
    Route {
        method,
        path,
        operation,
        function,
        authentication: Authentication::Required,
        permission: Some(permission),
        role: DatabaseRole::Api,
        throttled: false,
    }
}

/// The row of an operation.
#[must_use]
pub fn find(operation: &str) -> Option<&'static Route> {
    ROUTES.iter().find(|route| route.operation == operation)
}

/// The row that answers a method on a path of the table; HEAD is answered by GET.
#[must_use]
pub fn matching(method: &Method, path: &str) -> Option<&'static Route> {
    let method = if *method == Method::HEAD {
        &Method::GET
    } else {
        method
    };
    ROUTES
        .iter()
        .find(|route| route.method == *method && route.path == path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_operation_and_every_method_on_a_path_stands_once() {
        let operations: HashSet<_> = ROUTES.iter().map(|route| route.operation).collect();
        let places: HashSet<_> = ROUTES.iter().map(|route| (&route.method, route.path)).collect();
        assert_eq!(operations.len(), ROUTES.len());
        assert_eq!(places.len(), ROUTES.len());
    }

    #[test]
    fn a_permission_takes_a_sign_in() {
        for route in ROUTES {
            assert!(
                route.permission.is_none() || route.authentication == Authentication::Required,
                "{}",
                route.operation
            );
        }
    }

    #[test]
    fn head_is_answered_by_get_and_other_methods_by_nothing() {
        let get = matching(&Method::GET, "/v1/projects/{id}").unwrap();
        assert_eq!(
            matching(&Method::HEAD, "/v1/projects/{id}").unwrap().operation,
            get.operation
        );
        assert!(matching(&Method::TRACE, "/v1/projects/{id}").is_none());
    }
}
