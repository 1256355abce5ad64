//! One HTTP request and its answer.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Request, Response, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};

use crate::{Config, StripeError};

/// The largest answer that is read: a page of a hundred PaymentIntents with their charges is a tenth of it.
const LARGEST_ANSWER: usize = 8 * 1024 * 1024;
/// How long a connection is kept that nobody uses: less than servers do, so that none is taken up just when it is closed.
const IDLE: Duration = Duration::from_secs(30);

/// The HTTP client, with its connections.
pub(crate) type Transport = Client<HttpsConnector<HttpConnector>, Full<Bytes>>;

/// An answer that has come whole.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    /// A header's text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// How long Stripe asks to wait.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        let seconds = self.header(header::RETRY_AFTER.as_str())?.parse().ok()?;
        Some(Duration::from_secs(seconds))
    }
}

/// Why there is no answer.
pub(crate) enum Lost {
    /// No connection came about: nothing was sent.
    NotConnected(String),
    /// It may have been sent.
    Sent(String),
}

/// A client that verifies certificates by the roots of the host, as the AWS SDKs do; an address without TLS is taken as it is.
pub(crate) fn connect(config: &Config) -> Result<Transport, StripeError> {
    let mut http = HttpConnector::new();
    http.set_connect_timeout(Some(config.connect_timeout));
    http.set_nodelay(true);
    http.enforce_http(false);
    let https = HttpsConnectorBuilder::new()
        .with_native_roots()
        .map_err(|error| StripeError::Setup(error.to_string()))?
        .https_or_http()
        .enable_http1()
        .wrap_connector(http);
    Ok(Client::builder(TokioExecutor::new())
        .pool_idle_timeout(IDLE)
        .pool_timer(TokioTimer::new())
        .build(https))
}

/// Sends a request and reads the answer to its end.
pub(crate) async fn send(
    transport: &Transport,
    request: Request<Full<Bytes>>,
    timeout: Duration,
) -> Result<Answer, Lost> {
    let exchange = async {
        let response = transport.request(request).await.map_err(|error| {
            let reason = chain(&error);
            if error.is_connect() {
                Lost::NotConnected(reason)
            } else {
                Lost::Sent(reason)
            }
        })?;
        read(response).await
    };
    let answer = tokio::time::timeout(timeout, exchange).await;
    answer.unwrap_or_else(|_| Err(Lost::Sent(format!("no answer within {} ms", timeout.as_millis()))))
}

async fn read<B>(response: Response<B>) -> Result<Answer, Lost>
where
    B: http_body_util::BodyExt<Data = Bytes>,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let (head, body) = response.into_parts();
    let body = Limited::new(body, LARGEST_ANSWER).collect().await;
    let body = body.map_err(|error| Lost::Sent(error.to_string()))?;
    Ok(Answer {
        status: head.status.as_u16(),
        headers: head.headers,
        body: body.to_bytes(),
    })
}

/// An error with all that it comes from.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}
