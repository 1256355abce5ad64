//! Serves the directory's routes behind API Gateway.

use directory::Directory;
use portal_http::{serve, start_log};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    start_log();
    let directory = Directory::from_env()?;
    directory.portal().warm_up().await;
    let tokens = directory.portal().tokens().clone();
    serve(directory::operations(), directory, Some(tokens)).await
}
