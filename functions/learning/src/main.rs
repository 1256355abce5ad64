//! Serves the course routes behind API Gateway.

use learning::Learning;
use portal_http::{serve, start_log};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    start_log();
    let learning = Learning::from_env()?;
    learning.portal().warm_up().await;
    let tokens = learning.portal().tokens().clone();
    serve(learning::operations(), learning, Some(tokens)).await
}
