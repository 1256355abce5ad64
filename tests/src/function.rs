//! A function as a process of its own behind a runtime API of the test's: what it is sent reaches it without the gateway, and it can
//! be killed.

use std::collections::HashMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::extract::{Path as UrlPath, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::{Mutex as AsyncMutex, mpsc, oneshot};
use uuid::Uuid;

use crate::stack::Stack;

/// How long an invocation may take, as the function is told.
const TIME_LIMIT: Duration = Duration::from_secs(300);

/// What came of an invocation: the answer, or what the function says of its failure.
type Outcome = Result<Value, String>;

/// A process of a function.
pub struct Function {
    child: Child,
    inbox: mpsc::UnboundedSender<Invocation>,
    log: PathBuf,
}

struct Invocation {
    event: String,
    answer: oneshot::Sender<Outcome>,
}

struct Runtime {
    inbox: AsyncMutex<mpsc::UnboundedReceiver<Invocation>>,
    under_way: Mutex<HashMap<String, oneshot::Sender<Outcome>>>,
}

impl Function {
    /// Starts a function with the stack's environment and these variables besides.
    pub async fn start(name: &str, settings: &[(&str, &str)]) -> Self {
        let (inbox, outbox) = mpsc::unbounded_channel();
        let address = serve(outbox).await;
        let log = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/tmp");
        std::fs::create_dir_all(&log).unwrap();
        let log = log.join(format!("{name}-{}.log", Uuid::now_v7()));
        let output = File::create(&log).unwrap();
        let mut command = Command::new(program(name));
        command
            .env_clear()
            .envs(&Stack::get().environment)
            .env("AWS_LAMBDA_RUNTIME_API", address)
            .env("AWS_LAMBDA_FUNCTION_NAME", name)
            .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512")
            .envs(settings.iter().copied())
            .stdin(Stdio::null())
            .stdout(output.try_clone().unwrap())
            .stderr(output);
        Self {
            child: command.spawn().unwrap(),
            inbox,
            log,
        }
    }

    /// The function `auth`, as the stack has it.
    pub async fn auth() -> Self {
        let settings = [
            ("PORTAL_DATABASE_SECRET", "portal/database/portal_auth"),
            ("PORTAL_TOKEN_SECRET", "portal/tokens"),
            ("PORTAL_DATA_KEYS_SECRET", "portal/data-keys"),
        ];
        Self::start("auth", &settings).await
    }

    /// Sends an event and gives what will be the outcome. A process serves one after the other.
    pub fn invoke(&self, event: &Value) -> impl Future<Output = Outcome> + Send + use<> {
        let (answer, outcome) = oneshot::channel();
        let event = event.to_string();
        let sent = self.inbox.send(Invocation { event, answer });
        async move {
            sent.map_err(|_| "the runtime API has ended".to_owned())?;
            outcome
                .await
                .unwrap_or_else(|_| Err("the runtime API has ended".to_owned()))
        }
    }

    /// Kills it as nothing can be prepared for, and waits until it is gone.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// The most memory that it has had resident, in KiB.
    pub fn peak_memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        line.unwrap().trim().trim_end_matches(" kB").parse().unwrap()
    }

    /// Everything that it has written.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }
}

impl Drop for Function {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_file(&self.log);
    }
}

/// Where Cargo put the functions' programs: one folder above this test's.
fn program(name: &str) -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let program = test.ancestors().nth(2).unwrap().join(name);
    assert!(
        program.exists(),
        "{} is not there: run `cargo build --workspace --bins`",
        program.display()
    );
    program
}

async fn serve(inbox: mpsc::UnboundedReceiver<Invocation>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let base = "/2018-06-01/runtime";
    let routes = Router::new()
        .route(&format!("{base}/invocation/next"), get(next))
        .route(
            &format!("{base}/invocation/{{request}}/{{outcome}}"),
            post(settle),
        )
        .with_state(Arc::new(Runtime {
            inbox: AsyncMutex::new(inbox),
            under_way: Mutex::default(),
        }));
    tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
    address
}

/// The next event; where none comes any more, whoever asks waits for ever.
async fn next(State(runtime): State<Arc<Runtime>>) -> Response {
    let Some(Invocation { event, answer }) = runtime.inbox.lock().await.recv().await else {
        return std::future::pending().await;
    };
    let id = Uuid::new_v4().to_string();
    runtime.under_way.lock().unwrap().insert(id.clone(), answer);
    let deadline = SystemTime::now().duration_since(UNIX_EPOCH).unwrap() + TIME_LIMIT;
    let headers = [
        ("lambda-runtime-aws-request-id", id),
        ("lambda-runtime-deadline-ms", deadline.as_millis().to_string()),
        (
            "lambda-runtime-invoked-function-arn",
            "arn:aws:lambda:::function:tested".to_owned(),
        ),
        ("lambda-runtime-trace-id", "Root=1-0-0".to_owned()),
    ];
    (headers, event).into_response()
}

async fn settle(
    State(runtime): State<Arc<Runtime>>,
    UrlPath((id, outcome)): UrlPath<(String, String)>,
    body: String,
) -> StatusCode {
    let outcome = match outcome.as_str() {
        "response" => Ok(serde_json::from_str(&body).unwrap()),
        _ => Err(body),
    };
    let answer = runtime.under_way.lock().unwrap().remove(&id);
    // Whoever asked may have gone.
    let _ = answer.map(|answer| answer.send(outcome));
    StatusCode::ACCEPTED
}
