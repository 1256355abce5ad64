//! Serves the routes of messages, notifications, announcements and tickets behind API Gateway.

use messaging::Messaging;
use portal_http::{serve, start_log};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    start_log();
    let messaging = Messaging::from_env()?;
    messaging.portal().warm_up().await;
    let tokens = messaging.portal().tokens().clone();
    serve(messaging::operations(), messaging, Some(tokens)).await
}
