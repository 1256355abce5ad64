//! What must not be seen: keys, and where they come from.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use serde::Deserialize;

/// A text that is shown to nobody.
macro_rules! hidden {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The text itself, for who sends or computes with it.
            #[must_use]
            pub fn expose(&self) -> &str {
                &self.0
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    };
}

pub(crate) use hidden;

hidden! {
    /// A secret API key.
    ApiKey
}

hidden! {
    /// The secret that an endpoint's webhooks are signed with.
    WebhookSecret
}

/// The document that Secrets Manager keeps: `{"apiKey": "sk_…", "webhookSecrets": ["whsec_…"]}`. Webhooks signed with any of the secrets are
/// taken, so that one can be exchanged while the old one still signs.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StripeSecret {
    /// The key that calls the API.
    pub api_key: ApiKey,
    /// The secrets of the webhook endpoint.
    pub webhook_secrets: Vec<WebhookSecret>,
}

/// Why there is no key.
pub type KeyError = Box<dyn std::error::Error + Send + Sync>;

type KeyFuture = Pin<Box<dyn Future<Output = Result<ApiKey, KeyError>> + Send>>;

/// Where the key comes from. It is asked before each request, and once more with the key that Stripe has refused: by then the secret may have been
/// exchanged.
#[derive(Clone)]
pub struct ApiKeys(Arc<dyn Fn(Option<ApiKey>) -> KeyFuture + Send + Sync>);

impl ApiKeys {
    /// Whatever the function gives; its argument is the key that was refused, if one was.
    pub fn from_fn<F, K>(give: F) -> Self
    where
        F: Fn(Option<ApiKey>) -> K + Send + Sync + 'static,
        K: Future<Output = Result<ApiKey, KeyError>> + Send + 'static,
    {
        Self(Arc::new(move |refused| Box::pin(give(refused))))
    }

    /// Always this one.
    #[must_use]
    pub fn fixed(key: ApiKey) -> Self {
        Self::from_fn(move |_| std::future::ready(Ok(key.clone())))
    }

    pub(crate) async fn key(&self, refused: Option<ApiKey>) -> Result<ApiKey, KeyError> {
        (self.0)(refused).await
    }
}

impl fmt::Debug for ApiKeys {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ApiKeys(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_read_and_never_shown() {
        let text = r#"{"apiKey": "sk_test_hunter2", "webhookSecrets": ["whsec_hunter2", "whsec_old"]}"#;
        let secret: StripeSecret = serde_json::from_str(text).unwrap();
        assert_eq!(secret.api_key.expose(), "sk_test_hunter2");
        assert_eq!(secret.webhook_secrets.len(), 2);
        let shown = format!("{secret:?} {:?}", ApiKeys::fixed(secret.api_key.clone()));
        assert!(!shown.contains("hunter2"), "{shown}");
    }
}
