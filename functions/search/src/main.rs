//! Serves the search's routes behind API Gateway.

use portal_http::{Portal, serve, start_log};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    start_log();
    let portal = Portal::from_env()?;
    portal.warm_up().await;
    let tokens = portal.tokens().clone();
    serve(search::operations(), portal, Some(tokens)).await
}
