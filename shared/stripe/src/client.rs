//! Requests: made, made again, and read.

use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{HeaderValue, Method, Request, Uri, header};
use http_body_util::Full;
use serde::de::DeserializeOwned;

use crate::form::Form;
use crate::retry::{Attempt, pause};
use crate::secret::{ApiKey, ApiKeys};
use crate::transport::{Answer, Lost, Transport, connect, send};
use crate::{Config, IdempotencyKey, STRIPE_VERSION, StripeError};

/// Stripe's API. Clones share the connections, which are made when they are first needed.
#[derive(Clone, Debug)]
pub struct Stripe(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    config: Config,
    keys: ApiKeys,
    transport: OnceLock<Transport>,
}

/// A request, as often as it is made.
struct Call<'a> {
    method: Method,
    path: &'a str,
    parameters: String,
    key: Option<&'a IdempotencyKey>,
}

impl Stripe {
    /// The API that the configuration tells of, called with the key that `keys` gives.
    #[must_use]
    pub fn new(config: Config, keys: ApiKeys) -> Self {
        Self(Arc::new(Shared {
            config,
            keys,
            transport: OnceLock::new(),
        }))
    }

    pub(crate) async fn get<T: DeserializeOwned>(&self, path: &str, form: Form) -> Result<T, StripeError> {
        let call = Call {
            method: Method::GET,
            path,
            parameters: form.encoded(),
            key: None,
        };
        self.call(&call).await
    }

    pub(crate) async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        form: Form,
        key: &IdempotencyKey,
    ) -> Result<T, StripeError> {
        let call = Call {
            method: Method::POST,
            path,
            parameters: form.encoded(),
            key: Some(key),
        };
        self.call(&call).await
    }

    /// Makes a request with the key that is there, and once more with another when that one is refused.
    async fn call<T: DeserializeOwned>(&self, call: &Call<'_>) -> Result<T, StripeError> {
        let until = Instant::now() + self.0.config.total_timeout;
        let api_key = self.0.keys.key(None).await.map_err(StripeError::Key)?;
        let answer = match self.exchange(call, &api_key, until).await? {
            answer if answer.status == 401 => {
                let other = self
                    .0
                    .keys
                    .key(Some(api_key.clone()))
                    .await
                    .map_err(StripeError::Key)?;
                if other == api_key {
                    answer
                } else {
                    self.exchange(call, &other, until).await?
                }
            }
            answer => answer,
        };
        if !(200..300).contains(&answer.status) {
            let request_id = answer.header("request-id").map(str::to_owned);
            return Err(StripeError::of(answer.status, &answer.body, request_id));
        }
        serde_json::from_slice(&answer.body).map_err(|error| StripeError::Malformed(error.to_string()))
    }

    /// Makes a request until there is an answer worth having, the attempts are used up, or the time is.
    async fn exchange(
        &self,
        call: &Call<'_>,
        api_key: &ApiKey,
        until: Instant,
    ) -> Result<Answer, StripeError> {
        let config = &self.0.config;
        let mut attempts = 0;
        loop {
            attempts += 1;
            let started = Instant::now();
            let left = until.saturating_duration_since(started);
            let request = call.request(&config.api, api_key)?;
            let outcome = send(self.transport()?, request, config.attempt_timeout.min(left)).await;
            let attempt = attempt(&outcome);
            note(call, attempts, started.elapsed(), &outcome);
            let asked = outcome.as_ref().ok().and_then(Answer::retry_after);
            let pause = pause(config, attempts, asked);
            let is_last = attempts >= config.attempts || Instant::now() + pause >= until;
            if is_last || !attempt.is_worth_another(&call.method, call.key.is_some()) {
                return outcome.map_err(|lost| match lost {
                    Lost::NotConnected(reason) | Lost::Sent(reason) => StripeError::Unavailable(reason),
                });
            }
            tokio::time::sleep(pause).await;
        }
    }

    fn transport(&self) -> Result<&Transport, StripeError> {
        if let Some(transport) = self.0.transport.get() {
            return Ok(transport);
        }
        let fresh = connect(&self.0.config)?;
        Ok(self.0.transport.get_or_init(|| fresh))
    }
}

impl Call<'_> {
    fn request(&self, api: &str, api_key: &ApiKey) -> Result<Request<Full<Bytes>>, StripeError> {
        let setup = |error: http::Error| StripeError::Setup(error.to_string());
        let is_get = self.method == Method::GET;
        let query = if is_get && !self.parameters.is_empty() {
            "?"
        } else {
            ""
        };
        let query = format!("{query}{}", if is_get { self.parameters.as_str() } else { "" });
        let address: Uri = format!("{api}{}{query}", self.path)
            .parse()
            .map_err(|error: http::uri::InvalidUri| setup(error.into()))?;
        let bearer = HeaderValue::try_from(format!("Bearer {}", api_key.expose()));
        let mut bearer = bearer.map_err(|_| StripeError::Setup("the key is no header".to_owned()))?;
        bearer.set_sensitive(true);
        let mut request = Request::builder()
            .method(self.method.clone())
            .uri(address)
            .header(header::AUTHORIZATION, bearer)
            .header(header::ACCEPT, "application/json")
            .header(
                header::USER_AGENT,
                concat!("namc-portal/", env!("CARGO_PKG_VERSION")),
            )
            .header("stripe-version", STRIPE_VERSION);
        if let Some(key) = self.key {
            request = request.header("idempotency-key", key.as_str());
        }
        let body = if is_get {
            Bytes::new()
        } else {
            request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
            Bytes::from(self.parameters.clone())
        };
        request.body(Full::new(body)).map_err(setup)
    }
}

fn attempt(outcome: &Result<Answer, Lost>) -> Attempt {
    match outcome {
        Err(Lost::NotConnected(_)) => Attempt::NotConnected,
        Err(Lost::Sent(_)) => Attempt::Lost,
        Ok(answer) => Attempt::Answered {
            status: answer.status,
            advised: match answer.header("stripe-should-retry") {
                Some("true") => Some(true),
                Some("false") => Some(false),
                _ => None,
            },
        },
    }
}

/// Writes down how an attempt went: which thing, never what was sent or came back.
fn note(call: &Call<'_>, attempt: u32, took: Duration, outcome: &Result<Answer, Lost>) {
    let (method, path, milliseconds) = (&call.method, call.path, took.as_millis());
    match outcome {
        Ok(answer) => {
            let (status, request) = (answer.status, answer.header("request-id"));
            tracing::info!(%method, path, attempt, status, request, milliseconds, "Stripe has answered");
        }
        Err(Lost::NotConnected(reason) | Lost::Sent(reason)) => {
            tracing::warn!(%method, path, attempt, reason, milliseconds, "Stripe has not answered");
        }
    }
}
