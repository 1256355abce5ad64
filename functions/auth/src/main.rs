//! Serves sign-in behind API Gateway.

use auth::Auth;
use portal_http::{serve, start_log};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    start_log();
    let auth = Auth::from_env()?;
    auth.warm_up().await;
    let tokens = auth.portal().tokens().clone();
    serve(auth::operations(), auth, Some(tokens)).await
}
