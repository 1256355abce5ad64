//! The Lambda function `billing`.

use billing::Billing;
use lambda_runtime::{Error, LambdaEvent, run, service_fn, tracing};
use serde_json::Value;

#[tokio::main]
async fn main() -> Result<(), Error> {
    tracing::init_default_subscriber();
    let billing = &Billing::from_env()?;
    run(service_fn(move |event: LambdaEvent<Value>| async move {
        // Boxed: the layers of the HTTP client's and the database's futures are deeper than the compiler's limit.
        Box::pin(billing.handle(event)).await.map_err(|error| {
            tracing::error!(%error, "the run was not done");
            Error::from(error)
        })
    }))
    .await
}
