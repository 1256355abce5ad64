//! Binds a function's handlers to the operations that the table of routes gives it.

use axum::Router;
use axum::handler::Handler;
use axum::http::Method;
use axum::routing::{MethodFilter, on};
use thiserror::Error;

use crate::problem::{Problem, ProblemKind};
use crate::routes::{self, Route, find};

/// How the handlers of a function and the table of routes differ.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("the handlers of {function} and the table of routes differ: {}", differences.join("; "))]
pub struct BindingError {
    /// The function.
    pub function: &'static str,
    /// Each difference, in words.
    pub differences: Vec<String>,
}

/// The handlers of one function, by operation.
#[derive(Debug)]
pub struct Operations<S> {
    function: &'static str,
    router: Router<S>,
    bound: Vec<&'static str>,
    differences: Vec<String>,
}

impl<S: Clone + Send + Sync + 'static> Operations<S> {
    /// No handlers yet.
    #[must_use]
    pub fn of(function: &'static str) -> Self {
        Self {
            function,
            router: Router::new(),
            bound: Vec::new(),
            differences: Vec::new(),
        }
    }

    /// Binds a handler to an operation of the table.
    #[must_use]
    pub fn bind<H, T>(mut self, operation: &'static str, handler: H) -> Self
    where
        H: Handler<T, S>,
        T: 'static,
    {
        match self.route(operation) {
            Ok((route, filter)) => {
                self.router = self.router.route(route.path, on(filter, handler));
                self.bound.push(operation);
            }
            Err(difference) => self.differences.push(difference),
        }
        self
    }

    /// The router, once every operation of the function has its handler.
    ///
    /// Other paths answer 404 and other methods 405, both as problems.
    ///
    /// # Errors
    /// When handlers and table differ.
    pub fn into_router(mut self) -> Result<Router<S>, BindingError> {
        for route in routes::all().filter(|route| route.function == self.function) {
            if !self.bound.contains(&route.operation) {
                self.differences
                    .push(format!("{} has no handler", route.operation));
            }
        }
        if !self.differences.is_empty() {
            return Err(BindingError {
                function: self.function,
                differences: self.differences,
            });
        }
        Ok(self
            .router
            .fallback(no_such_path)
            .method_not_allowed_fallback(no_such_method))
    }

    /// The function's name.
    #[must_use]
    pub const fn function(&self) -> &'static str {
        self.function
    }

    fn route(&self, operation: &'static str) -> Result<(&'static Route, MethodFilter), String> {
        let route = find(operation).ok_or_else(|| format!("{operation} is not in the table"))?;
        if route.function != self.function {
            return Err(format!("{operation} belongs to {}", route.function));
        }
        if self.bound.contains(&operation) {
            return Err(format!("{operation} has two handlers"));
        }
        let filter = MethodFilter::try_from(route.method.clone()).map_err(|_| {
            format!(
                "{operation} has the method {}, which cannot be routed",
                route.method
            )
        })?;
        Ok((route, filter))
    }
}

async fn no_such_path() -> Problem {
    Problem::not_found("There is nothing at this path.")
}

async fn no_such_method(method: Method) -> Problem {
    Problem::new(
        ProblemKind::MethodNotAllowed,
        format!("This path does not take {method}; Allow names what it takes."),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn nothing() {}

    #[test]
    fn every_difference_from_the_table_is_named() {
        let operations = Operations::<()>::of("docs")
            .bind("show_openapi", nothing)
            .bind("show_openapi", nothing)
            .bind("list_projects", nothing)
            .bind("no_such_operation", nothing);
        let error = operations.into_router().unwrap_err();
        assert_eq!(
            error.differences,
            [
                "show_openapi has two handlers",
                "list_projects belongs to projects-geo",
                "no_such_operation is not in the table",
                "list_problem_types has no handler",
                "show_problem_type has no handler",
                "show_api_page has no handler",
                "show_api_page_file has no handler",
                "show_map has no handler",
                "show_asset has no handler",
            ]
        );
    }
}
