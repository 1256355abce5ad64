//! Serves the event routes behind API Gateway.

use events::Events;
use portal_http::{serve, start_log};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    start_log();
    let events = Events::from_env()?;
    events.portal().warm_up().await;
    let tokens = events.portal().tokens().clone();
    serve(events::operations(), events, Some(tokens)).await
}
