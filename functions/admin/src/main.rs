//! Serves the routes of staff work behind API Gateway.

use admin::Admin;
use portal_http::{serve, start_log};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    start_log();
    let admin = Admin::from_env()?;
    admin.portal().warm_up().await;
    let tokens = admin.portal().tokens().clone();
    serve(admin::operations(), admin, Some(tokens)).await
}
