//! Where alerts go: a topic of SNS, and a queue behind it in the place of people's mailboxes.
//!
//! Asked by their plain HTTP interface: two more SDKs would be built for three requests.

use super::aws::{ACCESS_KEY, REGION};
use anyhow::{Context, Result, bail};

/// The topic, and the queue that hears of all that is published to it.
const NAME: &str = "portal-alerts";
/// The account that the emulator thinks everything belongs to.
const ACCOUNT: &str = "000000000000";

/// The ARN of the topic.
pub(crate) fn topic() -> String {
    format!("arn:aws:sns:{REGION}:{ACCOUNT}:{NAME}")
}

/// Where the queue is read.
pub(crate) fn queue_url(endpoint: &str) -> String {
    format!("{endpoint}/{ACCOUNT}/{NAME}")
}

/// Makes topic, queue and subscription where they are missing.
pub(crate) async fn ensure(endpoint: &str) -> Result<()> {
    let queue = format!("arn:aws:sqs:{REGION}:{ACCOUNT}:{NAME}");
    let topic = topic();
    ask(endpoint, "sns", &[("Action", "CreateTopic"), ("Name", NAME)]).await?;
    ask(endpoint, "sqs", &[("Action", "CreateQueue"), ("QueueName", NAME)]).await?;
    let subscription = [
        ("Action", "Subscribe"),
        ("TopicArn", &topic),
        ("Protocol", "sqs"),
        ("Endpoint", &queue),
    ];
    ask(endpoint, "sns", &subscription).await
}

/// Sends a request of AWS's query protocol. The emulator tells services apart by the scope of the signature, which it does not check.
async fn ask(endpoint: &str, service: &str, parameters: &[(&str, &str)]) -> Result<()> {
    let scope = format!("{ACCESS_KEY}/20260101/{REGION}/{service}/aws4_request");
    let answer = reqwest::Client::builder()
        .no_proxy()
        .build()?
        .post(endpoint)
        .header(
            "Authorization",
            format!("AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=none"),
        )
        .form(parameters)
        .send()
        .await
        .with_context(|| format!("cannot reach {service} at {endpoint}"))?;
    if !answer.status().is_success() {
        bail!("{service} refused {parameters:?}: {}", answer.text().await?);
    }
    Ok(())
}
