//! A stand-in before S3 that hands on what it gets, or does as a store in trouble.

use crate::load::apart::Apart;
use anyhow::{Context, Result};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;

/// What S3 says when it cannot.
const SLOW_DOWN: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>";

/// How the store is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mood {
    /// It answers.
    Well,
    /// It answers every request with an error.
    Failing,
    /// It answers, but only after so long.
    Slow(Duration),
}

/// The stand-in; its mood can be changed while it serves.
pub(super) struct FaultyStore {
    url: String,
    mood: watch::Sender<Mood>,
}

struct Behind {
    endpoint: String,
    client: reqwest::Client,
    mood: watch::Receiver<Mood>,
}

impl FaultyStore {
    /// Starts it on the load's thread, before the store at this address.
    pub(super) async fn start(apart: &Apart, endpoint: &str) -> Result<Self> {
        let (mood, moods) = watch::channel(Mood::Well);
        let behind = Arc::new(Behind {
            endpoint: endpoint.to_owned(),
            client: reqwest::Client::builder().no_proxy().build()?,
            mood: moods,
        });
        let routes = Router::new()
            .fallback(pass)
            .layer(DefaultBodyLimit::disable())
            .with_state(behind);
        let listener = apart.run(TcpListener::bind("127.0.0.1:0")).await??;
        let url = format!("http://{}", listener.local_addr()?);
        apart.begin(async move { axum::serve(listener, routes).await });
        Ok(Self { url, mood })
    }

    /// Where it is.
    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// Changes what it does.
    pub(super) fn set_mood(&self, mood: Mood) {
        self.mood.send_replace(mood);
    }
}

async fn pass(State(behind): State<Arc<Behind>>, request: Request) -> Response {
    let mood = *behind.mood.borrow();
    match mood {
        Mood::Well => {}
        Mood::Failing => return (StatusCode::SERVICE_UNAVAILABLE, SLOW_DOWN).into_response(),
        Mood::Slow(pause) => tokio::time::sleep(pause).await,
    }
    match behind.ask(request).await {
        Ok((status, headers, body)) => (status, headers, body).into_response(),
        Err(error) => (StatusCode::BAD_GATEWAY, format!("{error:#}")).into_response(),
    }
}

impl Behind {
    /// The same request with the same headers, `Host` among them: it is signed.
    async fn ask(&self, request: Request) -> Result<(StatusCode, HeaderMap, Bytes)> {
        let (parts, body) = request.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await?;
        let path = Uri::path_and_query(&parts.uri).context("a request without a path")?;
        let mut headers = parts.headers;
        headers.remove("connection");
        let asked = self
            .client
            .request(parts.method, format!("{}{path}", self.endpoint));
        let answer = asked.headers(headers).body(body).send().await?;
        let (status, mut headers) = (answer.status(), answer.headers().clone());
        headers.remove("transfer-encoding");
        Ok((status, headers, answer.bytes().await?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_signed_arrives_and_a_failing_store_says_so() {
        let apart = Apart::start().unwrap();
        let echo = |headers: HeaderMap, uri: Uri, body: Bytes| async move {
            let host = headers["host"].to_str().unwrap().to_owned();
            format!("{host} {uri} {}", body.len())
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, Router::new().fallback(echo)).await });
        let store = FaultyStore::start(&apart, &endpoint).await.unwrap();
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let put = || {
            client
                .put(format!("{}/bucket/a%20b?x=1", store.url()))
                .body("abc")
                .send()
        };
        let said = put().await.unwrap().text().await.unwrap();
        let host = store.url().trim_start_matches("http://");
        assert_eq!(said, format!("{host} /bucket/a%20b?x=1 3"));
        store.set_mood(Mood::Failing);
        let answer = put().await.unwrap();
        assert_eq!(answer.status(), 503);
        assert!(answer.text().await.unwrap().contains("SlowDown"));
    }
}
