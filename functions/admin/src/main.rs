//! Serves the staff's routes behind API Gateway.

use portal_http::{serve, start_log};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    start_log();
    serve(admin::operations(), (), None).await
}
