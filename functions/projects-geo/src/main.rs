//! Serves the project routes behind API Gateway.

use portal_http::{serve, start_log};
use projects_geo::Projects;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    start_log();
    let projects = Projects::from_env()?;
    projects.portal().warm_up().await;
    let tokens = projects.portal().tokens().clone();
    serve(projects_geo::operations(), projects, Some(tokens)).await
}
