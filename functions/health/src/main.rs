//! The Lambda function `health`.

use health::Health;
use lambda_runtime::{Error, LambdaEvent, run, service_fn, tracing};
use serde_json::Value;

#[tokio::main]
async fn main() -> Result<(), Error> {
    tracing::init_default_subscriber();
    let health = &Health::from_env()?;
    run(service_fn(move |event: LambdaEvent<Value>| async move {
        // Boxed: the layers of the SDK's and the database's futures are deeper than the compiler's limit.
        Box::pin(health.handle(event)).await.map_err(|error| {
            tracing::error!(%error, "not everything could be looked at or told");
            Error::from(error)
        })
    }))
    .await
}
