//! The Lambda function `backup`, and the same as a task of a container: with `PORTAL_BACKUP_ONCE` it serves what that says and ends.

use backup::{Backups, Task};
use lambda_runtime::{Error, LambdaEvent, run, service_fn, tracing};
use portal_data::Environment;
use serde_json::Value;

#[tokio::main]
async fn main() -> Result<(), Error> {
    tracing::init_default_subscriber();
    let backups = &Backups::from_env()?;
    let task: Option<Task> = Environment::process().optional("PORTAL_BACKUP_ONCE", Task::EXPECTED)?;
    if let Some(task) = task {
        return serve(backups, task).await;
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

/// Serves a task. What fails does not keep the next from being done: a drill proves the newest backup that there is.
async fn serve(backups: &Backups, task: Task) -> Result<(), Error> {
    let mut failed = None;
    for action in task.0 {
        match Box::pin(backups.once(*action)).await {
            Ok(answer) => tracing::info!(?answer, "an action of the task is done"),
            Err(error) => {
                tracing::error!(%error, "an action of the task failed");
                failed = failed.or(Some(error));
            }
        }
    }
    failed.map_or(Ok(()), |error| Err(error.into()))
}
