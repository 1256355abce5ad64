//! What the Lambda service does and `cargo lambda watch` does not, for functions that events start:
//!
//! - `InvocationType: Event` answers at once, and the event is delivered behind it, three times at most;
//! - every invocation has a real deadline (the gateway's lies in 1970), which UpdateFunctionConfiguration moves;
//! - when a process dies in the middle of an invocation its caller is told, instead of waiting for ever.
//!
//! Functions that answer requests poll the gateway itself: there a hop more would be paid by every request.

use super::ports::Ports;
use anyhow::{Context, Result};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use serde::Deserialize;
use serde_json::json;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

/// Lambda's longest life of an invocation, in seconds; every function's until another is set.
const TIME_LIMIT: u64 = 900;
/// The first delivery of an event and Lambda's two further tries.
const TRIES: u32 = 3;
/// Between the tries; Lambda waits a minute and more.
const RETRY_PAUSE: Duration = Duration::from_secs(2);
const REQUEST_ID: HeaderName = HeaderName::from_static("lambda-runtime-aws-request-id");
const DEADLINE: HeaderName = HeaderName::from_static("lambda-runtime-deadline-ms");

/// Where this side of the Lambda API is served: the endpoint for the SDK's Lambda client.
pub(crate) fn url(ports: &Ports) -> String {
    format!("http://127.0.0.1:{}", ports.lambda)
}

/// The runtime API of one process of a function, for `AWS_LAMBDA_RUNTIME_API`: with a path, it needs a scheme.
pub(crate) fn runtime_api(ports: &Ports, function: &str, copy: usize) -> String {
    format!("http://127.0.0.1:{}/runtime/{function}/{copy}", ports.lambda)
}

struct Service {
    gateway: String,
    client: reqwest::Client,
    /// The invocation that each process works on, by function and copy.
    busy: Mutex<HashMap<(String, String), String>>,
    /// The time limits that were set, by function, in seconds.
    limits: Mutex<HashMap<String, u64>>,
}

/// Serves until this process ends. `exits` brings the names of function processes that ended.
pub(crate) async fn serve(ports: &Ports, exits: mpsc::UnboundedReceiver<String>) -> Result<()> {
    let client = reqwest::Client::builder().no_proxy().build()?;
    let gateway = format!("http://127.0.0.1:{}", ports.gateway);
    let service = Arc::new(Service {
        gateway,
        client,
        busy: Mutex::default(),
        limits: Mutex::default(),
    });
    let runtime = "/runtime/{function}/{copy}/2018-06-01/runtime";
    let routes = Router::new()
        .route("/2015-03-31/functions/{function}/invocations", post(invoke))
        .route("/2015-03-31/functions/{function}/configuration", put(configure))
        .route(&format!("{runtime}/invocation/next"), get(next))
        .route(
            &format!("{runtime}/invocation/{{request}}/{{outcome}}"),
            post(answer),
        )
        .route(&format!("{runtime}/init/error"), post(init_error))
        .with_state(service.clone());
    let listener = TcpListener::bind(("127.0.0.1", ports.lambda)).await;
    let listener = listener.with_context(|| format!("cannot listen on port {}", ports.lambda))?;
    tokio::spawn(report_deaths(service, exits));
    tokio::spawn(async move {
        if let Err(error) =
            axum::serve(listener, routes.layer(axum::extract::DefaultBodyLimit::disable())).await
        {
            eprintln!("the Lambda service of the stack ended: {error}");
        }
    });
    Ok(())
}

type Shared = State<Arc<Service>>;

async fn invoke(
    State(service): Shared,
    Path(function): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let kind = headers
        .get("x-amz-invocation-type")
        .and_then(|value| value.to_str().ok());
    if kind == Some("Event") {
        tokio::spawn(deliver(service, function, body));
        return StatusCode::ACCEPTED.into_response();
    }
    forward(service.send_event(&function, body).await).await
}

/// What can be set of a function; Lambda's request may hold more.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Configuration {
    /// How long an invocation may take, in seconds.
    timeout: u64,
}

/// UpdateFunctionConfiguration, as far as the time limit goes: it holds for invocations that begin from now on.
async fn configure(State(service): Shared, Path(function): Path<String>, body: Bytes) -> Response {
    let limit = match serde_json::from_slice(&body) {
        Ok(Configuration { timeout }) if (1..=TIME_LIMIT).contains(&timeout) => timeout,
        Ok(_) => {
            let message = format!("Timeout must be from 1 to {TIME_LIMIT} seconds");
            return (StatusCode::BAD_REQUEST, message).into_response();
        }
        Err(error) => {
            let message = format!("the body must be {{\"Timeout\": seconds}}: {error}");
            return (StatusCode::BAD_REQUEST, message).into_response();
        }
    };
    if let Ok(mut limits) = service.limits.lock() {
        limits.insert(function.clone(), limit);
    }
    json!({ "FunctionName": function, "Timeout": limit })
        .to_string()
        .into_response()
}

/// Delivers an event as Lambda does: again when the function fails.
async fn deliver(service: Arc<Service>, function: String, body: Bytes) {
    for attempt in 1..=TRIES {
        match service.send_event(&function, body.clone()).await {
            Ok(response) if response.status().is_success() => return,
            Ok(response) => eprintln!(
                "{function} failed on an event, try {attempt}: {}",
                response.status()
            ),
            Err(error) => eprintln!("an event did not reach {function}, try {attempt}: {error}"),
        }
        tokio::time::sleep(RETRY_PAUSE).await;
    }
}

async fn next(State(service): Shared, Path((function, copy)): Path<(String, String)>) -> Response {
    let url = format!(
        "{}/.rt/{function}/2018-06-01/runtime/invocation/next",
        service.gateway
    );
    let answer = service.client.get(url).send().await;
    let mut response = forward(answer).await;
    let deadline = SystemTime::now() + service.time_limit(&function);
    let deadline = deadline
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        .as_millis();
    if let Ok(value) = deadline.to_string().parse() {
        response.headers_mut().insert(DEADLINE, value);
    }
    let request = response
        .headers()
        .get(REQUEST_ID)
        .and_then(|value| value.to_str().ok())
        .map(str::to_owned);
    if let (Some(request), StatusCode::OK) = (request, response.status()) {
        service.set_busy((function, copy), Some(request));
    }
    response
}

async fn answer(
    State(service): Shared,
    Path((function, copy, request, outcome)): Path<(String, String, String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    service.set_busy((function.clone(), copy), None);
    let url = format!(
        "{}/.rt/{function}/2018-06-01/runtime/invocation/{request}/{outcome}",
        service.gateway
    );
    forward(service.post(&url, &headers, body).await).await
}

/// Lambda starts such a process again; so does the supervisor. The gateway would hand the error to any waiting caller.
async fn init_error(Path((function, _copy)): Path<(String, String)>, body: Bytes) -> StatusCode {
    eprintln!("{function} could not start: {}", String::from_utf8_lossy(&body));
    StatusCode::ACCEPTED
}

async fn report_deaths(service: Arc<Service>, mut exits: mpsc::UnboundedReceiver<String>) {
    while let Some(process) = exits.recv().await {
        let mut words = process.split(' ').skip(1);
        let (Some(function), Some(copy)) = (words.next(), words.next()) else {
            continue;
        };
        let Some(request) = service.set_busy((function.to_owned(), copy.to_owned()), None) else {
            continue;
        };
        let url = format!(
            "{}/.rt/{function}/2018-06-01/runtime/invocation/{request}/error",
            service.gateway
        );
        let message = format!("RequestId: {request} Error: Runtime exited before it answered");
        let body = json!({ "errorType": "Runtime.ExitError", "errorMessage": message }).to_string();
        if let Err(error) = service.post(&url, &HeaderMap::new(), body.into()).await {
            eprintln!("cannot report that {process} died: {error}");
        }
    }
}

impl Service {
    async fn send_event(&self, function: &str, body: Bytes) -> reqwest::Result<reqwest::Response> {
        let url = format!("{}/2015-03-31/functions/{function}/invocations", self.gateway);
        self.post(&url, &HeaderMap::new(), body).await
    }

    async fn post(&self, url: &str, headers: &HeaderMap, body: Bytes) -> reqwest::Result<reqwest::Response> {
        let kept = headers
            .iter()
            .filter(|(name, _)| name.as_str().starts_with("lambda-") || *name == "content-type");
        let headers = kept.map(|(name, value)| (name.clone(), value.clone())).collect();
        self.client.post(url).headers(headers).body(body).send().await
    }

    fn time_limit(&self, function: &str) -> Duration {
        let limits = self.limits.lock();
        let limit = limits.ok().and_then(|limits| limits.get(function).copied());
        Duration::from_secs(limit.unwrap_or(TIME_LIMIT))
    }

    /// Notes what a process works on now, and returns what it worked on before.
    fn set_busy(&self, process: (String, String), request: Option<String>) -> Option<String> {
        let mut busy = self.busy.lock().ok()?;
        match request {
            Some(request) => busy.insert(process, request),
            None => busy.remove(&process),
        }
    }
}

/// Hands an answer of the gateway on as it is.
async fn forward(answer: reqwest::Result<reqwest::Response>) -> Response {
    let whole = async {
        let response = answer?;
        let (status, headers) = (response.status(), response.headers().clone());
        Ok::<_, reqwest::Error>((status, headers, response.bytes().await?))
    };
    match whole.await {
        Ok((status, headers, body)) => {
            let mut response = (status, body).into_response();
            let kept = headers
                .iter()
                .filter(|(name, _)| name.as_str().starts_with("lambda-") || *name == "content-type");
            for (name, value) in kept {
                response.headers_mut().insert(name.clone(), value.clone());
            }
            response
        }
        Err(error) => (StatusCode::BAD_GATEWAY, error.to_string()).into_response(),
    }
}

#[cfg(test)]
#[path = "lambda_tests.rs"]
mod tests;
