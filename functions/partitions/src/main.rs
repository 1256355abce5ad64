//! The Lambda function `partitions`.

use lambda_runtime::{Error, LambdaEvent, run, service_fn, tracing};
use partitions::Partitions;
use serde_json::Value;

#[tokio::main]
async fn main() -> Result<(), Error> {
    tracing::init_default_subscriber();
    let partitions = &Partitions::from_env()?;
    run(service_fn(move |event: LambdaEvent<Value>| async move {
        // Boxed: the layers of the SDK's and the database's futures are deeper than the compiler's limit.
        Box::pin(partitions.handle(event)).await.map_err(|error| {
            tracing::error!(%error, "the partitions are not as they should be");
            Error::from(error)
        })
    }))
    .await
}
