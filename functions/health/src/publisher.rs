//! SNS.

use std::sync::Arc;

use aws_sdk_sns::Client;
use aws_sdk_sns::error::DisplayErrorContext;
use aws_sdk_sns::types::MessageAttributeValue;
use tokio::sync::OnceCell;

use crate::notice::Message;

/// Tells people by SNS. The client is built when it is first needed; clones share it.
#[derive(Clone, Debug, Default)]
pub struct Publisher {
    client: Arc<OnceCell<Client>>,
}

impl Publisher {
    /// Access by a client that is there already.
    #[must_use]
    pub fn with_client(client: Client) -> Self {
        Self {
            client: Arc::new(OnceCell::new_with(Some(client))),
        }
    }

    /// Hands a message over; SNS keeps it for its subscribers from then on.
    ///
    /// # Errors
    /// What SNS or the connection says.
    pub(crate) async fn publish(&self, topic: &str, message: &Message) -> Result<(), String> {
        let client = self
            .client
            .get_or_init(|| async { Client::new(&portal_data::aws::sdk_config().await) })
            .await;
        let mut request = client
            .publish()
            .topic_arn(topic)
            .subject(&message.subject)
            .message(&message.text);
        for (name, value) in &message.attributes {
            let attribute = MessageAttributeValue::builder()
                .data_type("String")
                .string_value(value)
                .build()
                .map_err(|error| error.to_string())?;
            request = request.message_attributes(*name, attribute);
        }
        let sent = request.send().await;
        sent.map(drop)
            .map_err(|error| DisplayErrorContext(&error).to_string())
    }
}
