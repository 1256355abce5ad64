//! The Lambda runtime API, as far as functions that answer requests need it: events are handed to their processes at once, with no
//! gateway in between.

use super::request::{Answer, Request};
use crate::stack::routes::Routes;
use anyhow::{Context, Result, bail};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::serve::ListenerExt;
use std::collections::HashMap;
use std::net::{SocketAddr, TcpListener};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tokio::sync::{Mutex as AsyncMutex, mpsc, oneshot, watch};

/// How long a function may take.
const TIME_LIMIT: Duration = Duration::from_secs(30);

/// What a function said of an event: its answer, or its error.
type Said = Result<Bytes, Bytes>;

struct Invocation {
    event: Bytes,
    answer: oneshot::Sender<Said>,
}

/// The events of one function, and when a process of it first asked for one.
#[derive(Clone)]
struct Inbox {
    sender: mpsc::UnboundedSender<Invocation>,
    receiver: Arc<AsyncMutex<mpsc::UnboundedReceiver<Invocation>>>,
    polled: Arc<watch::Sender<Option<Instant>>>,
}

/// The runtime API of all functions. Clones are the same.
#[derive(Clone)]
pub(crate) struct RuntimeApi {
    inner: Arc<Inner>,
    /// Where every event goes, whatever its path.
    only: Option<Arc<str>>,
}

struct Inner {
    address: SocketAddr,
    routes: Routes,
    inboxes: Mutex<HashMap<String, Inbox>>,
    under_way: Mutex<HashMap<String, oneshot::Sender<Said>>>,
    number: AtomicU64,
}

impl RuntimeApi {
    /// One on a free port, and its listener for [`RuntimeApi::serve`].
    pub(crate) fn bind(routes: Routes) -> Result<(Self, TcpListener)> {
        let listener = TcpListener::bind("127.0.0.1:0").context("no port is free for the runtime API")?;
        listener.set_nonblocking(true)?;
        let inner = Inner {
            address: listener.local_addr()?,
            routes,
            inboxes: Mutex::default(),
            under_way: Mutex::default(),
            number: AtomicU64::default(),
        };
        let inner = Arc::new(inner);
        Ok((Self { inner, only: None }, listener))
    }

    /// The same, for events that are all for the processes that ask under this name.
    pub(crate) fn only(&self, inbox: &str) -> Self {
        Self {
            inner: self.inner.clone(),
            only: Some(inbox.into()),
        }
    }

    /// What a process of the function has to find in `AWS_LAMBDA_RUNTIME_API`.
    pub(crate) fn setting(&self, function: &str) -> String {
        format!("http://{}/{function}", self.inner.address)
    }

    /// Serves until its runtime ends.
    pub(crate) async fn serve(self, listener: TcpListener) -> Result<()> {
        let runtime = "/{function}/2018-06-01/runtime";
        let routes = Router::new()
            .route(&format!("{runtime}/invocation/next"), get(next))
            .route(
                &format!("{runtime}/invocation/{{request}}/{{outcome}}"),
                post(settle),
            )
            .route(&format!("{runtime}/init/error"), post(init_error))
            .layer(DefaultBodyLimit::disable())
            .with_state(self);
        let listener = tokio::net::TcpListener::from_std(listener)?.tap_io(|stream| {
            // Without it, it would only be slower.
            stream.set_nodelay(true).ok();
        });
        axum::serve(listener, routes)
            .await
            .context("the runtime API ended")
    }

    /// Sends a request to the function that serves its path.
    pub(crate) async fn send(&self, request: &Request) -> Result<Answer> {
        let function = self
            .only
            .as_deref()
            .or_else(|| self.inner.routes.function(request.path()));
        let function = function.with_context(|| format!("no function serves {}", request.path()))?;
        let reply = self.invoke(function, request.event()).await?;
        Answer::of_function(&reply).with_context(|| format!("{function} did not answer as a function does"))
    }

    /// Hands an event to a process of the function and waits for its answer.
    pub(crate) async fn invoke(&self, function: &str, event: Bytes) -> Result<Bytes> {
        let (answer, said) = oneshot::channel();
        let sent = self.inbox(function).sender.send(Invocation { event, answer });
        sent.ok().context("the function's inbox is closed")?;
        match said.await.context("the function was asked and never answered")? {
            Ok(reply) => Ok(reply),
            Err(error) => bail!("{function} failed: {}", String::from_utf8_lossy(&error)),
        }
    }

    /// When a process first asked for an event under this name; waits for it.
    pub(crate) async fn first_poll(&self, inbox: &str) -> Result<Instant> {
        let mut polled = self.inbox(inbox).polled.subscribe();
        let moment = polled.wait_for(Option::is_some).await;
        (*moment.context("the function's inbox is closed")?).context("no process asked")
    }

    fn inbox(&self, function: &str) -> Inbox {
        let mut inboxes = self.inner.inboxes.lock().unwrap_or_else(PoisonError::into_inner);
        let make = || {
            let (sender, receiver) = mpsc::unbounded_channel();
            Inbox {
                sender,
                receiver: Arc::new(AsyncMutex::new(receiver)),
                polled: Arc::new(watch::channel(None).0),
            }
        };
        inboxes.entry(function.to_owned()).or_insert_with(make).clone()
    }

    fn under_way(&self) -> std::sync::MutexGuard<'_, HashMap<String, oneshot::Sender<Said>>> {
        self.inner
            .under_way
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// The next event; where none comes any more, whoever asks waits for ever.
async fn next(State(api): State<RuntimeApi>, Path(function): Path<String>) -> Response {
    let inbox = api.inbox(&function);
    inbox.polled.send_if_modified(|polled| {
        let first = polled.is_none();
        polled.get_or_insert_with(Instant::now);
        first
    });
    let Some(Invocation { event, answer }) = inbox.receiver.lock().await.recv().await else {
        return std::future::pending().await;
    };
    let number = api.inner.number.fetch_add(1, Ordering::Relaxed);
    let id = format!("00000000-0000-4000-8000-{number:012x}");
    api.under_way().insert(id.clone(), answer);
    let deadline = SystemTime::now() + TIME_LIMIT;
    let deadline = deadline
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        .as_millis();
    let headers = [
        ("lambda-runtime-aws-request-id", id),
        ("lambda-runtime-deadline-ms", deadline.to_string()),
        (
            "lambda-runtime-invoked-function-arn",
            format!("arn:aws:lambda:::function:{function}"),
        ),
        ("lambda-runtime-trace-id", "Root=1-0-0".to_owned()),
    ];
    (headers, event).into_response()
}

async fn settle(
    State(api): State<RuntimeApi>,
    Path((_function, id, outcome)): Path<(String, String, String)>,
    body: Bytes,
) -> StatusCode {
    let said = if outcome == "response" {
        Ok(body)
    } else {
        Err(body)
    };
    let answer = api.under_way().remove(&id);
    // Whoever asked may have gone.
    answer.map(|answer| answer.send(said).ok());
    StatusCode::ACCEPTED
}

async fn init_error(Path(function): Path<String>, body: Bytes) -> StatusCode {
    eprintln!("{function} could not start: {}", String::from_utf8_lossy(&body));
    StatusCode::ACCEPTED
}

#[cfg(test)]
#[path = "runtime_api_tests.rs"]
mod tests;
