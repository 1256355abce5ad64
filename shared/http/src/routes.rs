//! The one table of routes: what is not listed here does not exist.
//!
//! A function binds its handlers to operations of this table ([`crate::operations`]), the edge enforces what a row says
//! before a handler runs ([`crate::edge`]), and the OpenAPI document is completed from it ([`crate::openapi`]). Each function's rows
//! stand in a file of its own.

mod admin;
mod auth;
mod directory;
mod docs;
mod events;
mod learning;
mod messaging;
mod operations_page;
mod payments;
mod projects_geo;
mod search;

use axum::http::Method;
use portal_data::Standing;

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
    /// `portal_jobs`: what Stripe tells.
    Jobs,
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
    /// Whether accounts are served that staff have not approved yet.
    pub before_approval: bool,
    /// Whether requests are counted and refused past a limit, with the `RateLimit` headers: where secrets could be guessed, or one member
    /// makes mails or rows for others.
    pub throttled: bool,
}

static FUNCTIONS: &[&[Route]] = &[
    admin::ROUTES,
    auth::ROUTES,
    directory::ROUTES,
    docs::ROUTES,
    messaging::ROUTES,
    operations_page::ROUTES,
    events::ROUTES,
    learning::ROUTES,
    payments::ROUTES,
    projects_geo::ROUTES,
    search::ROUTES,
];

impl Route {
    /// What an account has to be here: approved, for staff work with a second factor, except where it deals with itself alone; where everybody is served, one that is
    /// not approved is nobody.
    #[must_use]
    pub fn standing(&self) -> Standing {
        match (self.authentication, self.role) {
            _ if self.before_approval => Standing::Any,
            (_, DatabaseRole::Auth | DatabaseRole::None) => Standing::Any,
            (Authentication::Required, DatabaseRole::Admin) => Standing::Staff,
            (Authentication::Required, _) => Standing::Approved,
            (Authentication::Optional | Authentication::None, _) => Standing::ApprovedOrNobody,
        }
    }

    /// Whether it reads and writes nothing.
    #[must_use]
    pub fn reads(&self) -> bool {
        self.method == Method::GET
    }

    /// A route for those who have signed in, served by the members' role; what differs is said by the methods below.
    const fn new(
        function: &'static str,
        method: Method,
        path: &'static str,
        operation: &'static str,
    ) -> Self {
        Self {
            method,
            path,
            operation,
            function,
            authentication: Authentication::Required,
            permission: None,
            role: DatabaseRole::Api,
            before_approval: false,
            throttled: false,
        }
    }

    /// For everyone: who calls is never looked at.
    const fn anonymous(mut self) -> Self {
        self.authentication = Authentication::None;
        self
    }

    /// Shows public rows to everyone and more to those who have signed in.
    const fn public(mut self) -> Self {
        self.authentication = Authentication::Optional;
        self
    }

    /// Only for those who have this permission.
    const fn permitted(mut self, permission: &'static str) -> Self {
        self.permission = Some(permission);
        self
    }

    /// Also for accounts that staff have not approved yet: what is their own.
    const fn before_approval(mut self) -> Self {
        self.before_approval = true;
        self
    }

    /// Served by another database role.
    const fn served_by(mut self, role: DatabaseRole) -> Self {
        self.role = role;
        self
    }

    /// Counted, and refused past a limit, since what is sent could be a guess, or one of a flood. Nobody guesses a refresh token, which has
    /// 256 random bits.
    const fn throttled(mut self) -> Self {
        self.throttled = true;
        self
    }
}

/// Every route, by function.
pub fn all() -> impl Iterator<Item = &'static Route> {
    FUNCTIONS.iter().copied().flatten()
}

/// The row of an operation.
#[must_use]
pub fn find(operation: &str) -> Option<&'static Route> {
    all().find(|route| route.operation == operation)
}

/// The row that answers a method on a path of the table; HEAD is answered by GET.
#[must_use]
pub fn matching(method: &Method, path: &str) -> Option<&'static Route> {
    let method = if *method == Method::HEAD {
        &Method::GET
    } else {
        method
    };
    all().find(|route| route.method == *method && route.path == path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_operation_and_every_method_on_a_path_stands_once() {
        let operations: HashSet<_> = all().map(|route| route.operation).collect();
        let places: HashSet<_> = all().map(|route| (&route.method, route.path)).collect();
        assert_eq!(operations.len(), all().count());
        assert_eq!(places.len(), all().count());
    }

    #[test]
    fn a_permission_takes_a_sign_in() {
        for route in all() {
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
