//! The AWS SDK's configuration, the same for every client.

use std::time::Duration;

use aws_config::{BehaviorVersion, ConfigLoader, SdkConfig, retry::RetryConfig, timeout::TimeoutConfig};
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};

/// Region, credentials and endpoints from the SDK's own environment variables.
pub async fn sdk_config() -> SdkConfig {
    loader().load().await
}

/// What every client has in common: TLS by rustls with *ring*, the one cryptography library that we link, and how long and how
/// often it tries.
pub fn loader() -> ConfigLoader {
    let client = aws_smithy_http_client::Builder::new()
        .tls_provider(Provider::Rustls(CryptoMode::Ring))
        .build_https();
    aws_config::defaults(BehaviorVersion::latest())
        .http_client(client)
        .retry_config(RetryConfig::standard().with_max_attempts(4))
        .timeout_config(
            TimeoutConfig::builder()
                .connect_timeout(Duration::from_secs(2))
                .build(),
        )
}
