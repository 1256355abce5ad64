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
}

/// Every route, by function and path.
pub static ROUTES: &[Route] = &[
    anonymous(Method::GET, "/v1/openapi.json", "show_openapi", "docs"),
    anonymous(Method::GET, "/v1/problems", "list_problem_types", "docs"),
    anonymous(Method::GET, "/v1/problems/{type}", "show_problem_type", "docs"),
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
