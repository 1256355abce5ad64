//! The `migrate` function: `{}` in, a report out.

use lambda_runtime::{Error, LambdaEvent, service_fn, tracing::init_default_subscriber};
use portal_data::{DatabaseConfig, Secrets};
use serde_json::Value;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    init_default_subscriber();
    let config = DatabaseConfig::from_env()?;
    let prefix =
        std::env::var("PORTAL_ROLE_SECRETS_PREFIX").unwrap_or_else(|_| "portal/database/".to_owned());
    lambda_runtime::run(service_fn(|_event: LambdaEvent<Value>| async {
        // A fresh cache each time: a deployment may come with rotated secrets.
        let report = migrate::run(&config, &Secrets::default(), &prefix).await?;
        tracing::info!(?report, "the database is up to date");
        Ok::<_, Error>(report)
    }))
    .await
}
