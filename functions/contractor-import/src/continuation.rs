//! Going on in a new invocation.

use std::sync::Arc;

use aws_sdk_lambda::Client;
use aws_sdk_lambda::error::DisplayErrorContext;
use aws_sdk_lambda::primitives::Blob;
use aws_sdk_lambda::types::InvocationType;
use portal_domain::ids::ImportId;
use tokio::sync::OnceCell;

use crate::action::Action;

/// Invokes this function again. The client is built when it is first needed.
#[derive(Clone, Debug)]
pub(crate) struct Continuation {
    function: String,
    client: Arc<OnceCell<Client>>,
}

impl Continuation {
    /// Continues in the function of this name.
    #[must_use]
    pub(crate) fn new(function: &str) -> Self {
        Self {
            function: function.to_owned(),
            client: Arc::default(),
        }
    }

    /// Asks for an invocation that goes on with a run; false when that failed, which the sweep makes good.
    pub(crate) async fn invoke(&self, id: ImportId) -> bool {
        let payload = match serde_json::to_vec(&Action::Continue { import_id: id }) {
            Ok(payload) => Blob::new(payload),
            Err(error) => {
                tracing::error!(import_id = %id, %error, "the continuation could not be written");
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
                tracing::error!(import_id = %id, %error, "the continuation could not be invoked: the next sweep goes on");
                false
            }
        }
    }
}
