//! Serves the routes of memberships and payments behind API Gateway.

use payments::Payments;
use portal_http::{serve, start_log};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    start_log();
    let payments = Payments::from_env()?;
    payments.warm_up().await;
    let tokens = payments.portal().tokens().clone();
    serve(payments::operations(), payments, Some(tokens)).await
}
