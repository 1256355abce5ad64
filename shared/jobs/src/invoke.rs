//! Asking for an invocation of a function, without waiting for it.

use std::sync::Arc;

use aws_sdk_lambda::Client;
use aws_sdk_lambda::error::DisplayErrorContext;
use aws_sdk_lambda::primitives::Blob;
use aws_sdk_lambda::types::InvocationType;
use serde::Serialize;
use tokio::sync::OnceCell;

/// What invokes a function. The client is built when it is first needed; clones share it.
#[derive(Clone, Debug)]
pub struct Invoker {
    function: String,
    client: Arc<OnceCell<Client>>,
}

impl Invoker {
    /// Invokes the function of this name.
    #[must_use]
    pub fn new(function: &str) -> Self {
        Self {
            function: function.to_owned(),
            client: Arc::default(),
        }
    }

    /// Asks for an invocation with an event, which Lambda delivers behind the answer; false, with a line in the log, when that failed. What
    /// is to be done must therefore be written down elsewhere, where the function finds it by itself.
    pub async fn invoke(&self, event: &impl Serialize) -> bool {
        let payload = match serde_json::to_vec(event) {
            Ok(payload) => Blob::new(payload),
            Err(error) => {
                tracing::error!(function = self.function, %error, "an event could not be written");
                return false;
            }
        };
        let client = self
            .client
            .get_or_init(|| async { Client::new(&portal_data::aws::sdk_config().await) })
            .await;
        let request = client
            .invoke()
            .function_name(&self.function)
            .invocation_type(InvocationType::Event);
        match request.payload(payload).send().await {
            Ok(_) => true,
            Err(error) => {
                let error = DisplayErrorContext(&error);
                tracing::error!(function = self.function, %error, "a function could not be invoked");
                false
            }
        }
    }
}
