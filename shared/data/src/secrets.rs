//! Secrets Manager, asked once for each secret and again only when a secret has proved wrong.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use aws_sdk_secretsmanager::operation::get_secret_value::GetSecretValueError;
use serde::de::DeserializeOwned;
use tokio::sync::OnceCell;

/// Why a secret could not be had.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// Secrets Manager did not answer, or refused.
    #[error("secret {id} could not be fetched from Secrets Manager: {message}")]
    Fetch {
        /// The secret's name.
        id: String,
        /// The service's reason.
        message: String,
    },
    /// The secret holds no text, or not the JSON that is expected. The text itself is not repeated.
    #[error("secret {id} is not the JSON document that is expected there")]
    Malformed {
        /// The secret's name.
        id: String,
    },
}

/// A cache in front of Secrets Manager; its clones share it. The client is built when it is first needed.
#[derive(Clone, Default)]
pub struct Secrets {
    client: Arc<OnceCell<aws_sdk_secretsmanager::Client>>,
    cached: Arc<Mutex<HashMap<String, String>>>,
}

impl Secrets {
    /// A cache in front of a client that is there already.
    #[must_use]
    pub fn with_client(client: aws_sdk_secretsmanager::Client) -> Self {
        Self {
            client: Arc::new(OnceCell::new_with(Some(client))),
            cached: Arc::default(),
        }
    }

    /// The secret, from the cache where it is there.
    ///
    /// # Errors
    /// [`SecretError`] when it cannot be fetched or is not a JSON document of type `T`.
    pub async fn get<T: DeserializeOwned>(&self, id: &str) -> Result<T, SecretError> {
        let cached = self.cached().get(id).cloned();
        let text = match cached {
            Some(text) => text,
            None => self.fetch(id).await?,
        };
        parse(id, &text)
    }

    /// The secret as it is now, past the cache: for when what was cached has been refused.
    ///
    /// # Errors
    /// As [`Secrets::get`].
    pub async fn refetch<T: DeserializeOwned>(&self, id: &str) -> Result<T, SecretError> {
        let text = self.fetch(id).await?;
        parse(id, &text)
    }

    /// The version that a rotation under way has made, if there is one: the server may know it before it is the current one.
    ///
    /// # Errors
    /// As [`Secrets::get`].
    pub async fn pending<T: DeserializeOwned>(&self, id: &str) -> Result<Option<T>, SecretError> {
        let text = self.ask(id, "AWSPENDING").await?;
        text.map(|text| parse(id, &text)).transpose()
    }

    async fn fetch(&self, id: &str) -> Result<String, SecretError> {
        let text = self.ask(id, "AWSCURRENT").await?;
        let text = text.ok_or_else(|| SecretError::Fetch {
            id: id.to_owned(),
            message: "there is no such secret, or it has no current version".to_owned(),
        })?;
        self.cached().insert(id.to_owned(), text.clone());
        Ok(text)
    }

    /// The version of a secret with this label, if there is one.
    async fn ask(&self, id: &str, label: &str) -> Result<Option<String>, SecretError> {
        let client = self
            .client
            .get_or_init(|| async { aws_sdk_secretsmanager::Client::new(&crate::aws::sdk_config().await) })
            .await;
        let asked = client.get_secret_value().secret_id(id).version_stage(label);
        let answer = match asked.send().await {
            Ok(answer) => answer,
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(GetSecretValueError::is_resource_not_found_exception) =>
            {
                return Ok(None);
            }
            Err(error) => {
                return Err(SecretError::Fetch {
                    id: id.to_owned(),
                    message: aws_sdk_secretsmanager::error::DisplayErrorContext(&error).to_string(),
                });
            }
        };
        let text = answer.secret_string().map(str::to_owned);
        text.map(Some)
            .ok_or_else(|| SecretError::Malformed { id: id.to_owned() })
    }

    /// The map is whole after every statement, so a panic elsewhere cannot have left it half written.
    fn cached(&self) -> std::sync::MutexGuard<'_, HashMap<String, String>> {
        self.cached
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

fn parse<T: DeserializeOwned>(id: &str, text: &str) -> Result<T, SecretError> {
    serde_json::from_str(text).map_err(|_| SecretError::Malformed { id: id.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_malformed_secret_is_named_but_not_shown() {
        let error = parse::<HashMap<String, String>>("portal/x", "hunter2").unwrap_err();
        assert!(error.to_string().contains("portal/x"));
        assert!(!error.to_string().contains("hunter2"));
    }
}
