//! The Lambda function `contractor-import`.

use contractor_import::Importer;
use lambda_runtime::{Error, LambdaEvent, run, service_fn, tracing};
use serde_json::Value;

#[tokio::main]
async fn main() -> Result<(), Error> {
    tracing::init_default_subscriber();
    let importer = &Importer::from_env()?;
    run(service_fn(async |event: LambdaEvent<Value>| {
        importer.handle(event).await.inspect_err(|error| tracing::error!(%error, "the event was not served"))
    }))
    .await
}
