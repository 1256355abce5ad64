//! Which function serves a path: the workspace's table, which the gateway reads too.

use super::layout::Layout;
use crate::shell;
use anyhow::{Context, Result};
use serde_json::Value;
use std::sync::Arc;

/// The table.
#[derive(Clone, Debug)]
pub(crate) struct Routes(Arc<[Route]>);

#[derive(Debug)]
struct Route {
    /// The path, or what paths begin with.
    path: String,
    /// Whether anything may follow.
    open: bool,
    function: String,
}

impl Routes {
    /// Reads it as Cargo sees it.
    pub(crate) async fn read(layout: &Layout) -> Result<Self> {
        let mut cargo = shell::cargo();
        cargo
            .args(["metadata", "--no-deps", "--format-version", "1"])
            .current_dir(&layout.root);
        let metadata: Value = serde_json::from_str(&shell::capture(&mut cargo).await?)?;
        let table = metadata.pointer("/metadata/lambda/watch/router");
        Self::of(table.context("the workspace's Cargo.toml has no table of routes")?)
    }

    /// A table of paths and functions.
    pub(crate) fn of(table: &Value) -> Result<Self> {
        let table = table.as_object().context("the routes are no table")?;
        let mut routes = Vec::new();
        for (path, function) in table {
            let function = function.as_str().context("a route names no function")?.to_owned();
            let (path, open) = match path.split_once("{*") {
                Some((beginning, _)) => (beginning.to_owned(), true),
                None => (path.clone(), false),
            };
            routes.push(Route { path, open, function });
        }
        // The most exact first.
        routes.sort_by_key(|route| (route.open, std::cmp::Reverse(route.path.len())));
        Ok(Self(routes.into()))
    }

    /// The function that serves a path, with or without a query.
    pub(crate) fn function(&self, path: &str) -> Option<&str> {
        let path = path.split('?').next().unwrap_or(path);
        let serves = |route: &&Route| {
            path == route.path
                || (route.open && path.len() > route.path.len() && path.starts_with(&route.path))
        };
        let route = self.0.iter().find(serves)?;
        Some(&route.function)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_most_exact_route_serves_a_path() {
        let table = json!({ "/v1/projects": "a", "/v1/projects/{*path}": "b", "/{*path}": "c" });
        let routes = Routes::of(&table).unwrap();
        assert_eq!(routes.function("/v1/projects?limit=1"), Some("a"));
        assert_eq!(routes.function("/v1/projects/near?x=1"), Some("b"));
        assert_eq!(routes.function("/v1/projectsx"), Some("c"));
        assert_eq!(routes.function("nothing"), None);
    }
}
