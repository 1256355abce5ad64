//! The Lambda function `backup`, and the same as a task of a container: with `PORTAL_BACKUP_ONCE` it serves that one action and ends.

use backup::{Action, Backups};
use lambda_runtime::{Error, LambdaEvent, run, service_fn, tracing};
use portal_data::Environment;
use serde_json::Value;

#[tokio::main]
async fn main() -> Result<(), Error> {
    tracing::init_default_subscriber();
    let backups = &Backups::from_env()?;
    let action: Option<Action> = Environment::process().optional("PORTAL_BACKUP_ONCE", Action::EXPECTED)?;
    if let Some(action) = action {
        let answer = Box::pin(backups.once(action)).await.inspect_err(|error| {
            tracing::error!(%error, "the task failed");
        })?;
        tracing::info!(?answer, "the task is done");
        return Ok(());
    }
    run(service_fn(move |event: LambdaEvent<Value>| async move {
        // Boxed: the layers of the SDK's and the database's futures are deeper than the compiler's limit.
        Box::pin(backups.handle(event)).await.map_err(|error| {
            tracing::error!(%error, "the event was not served");
            Error::from(error)
        })
    }))
    .await
}
