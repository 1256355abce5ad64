//! The function as a process of its own, which can be killed, and the runtime API that starts it on one event.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::extract::{Path as UrlPath, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use portal_tests::stack::Stack;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::{Notify, watch};
use uuid::Uuid;

use crate::support::{World, schedule};

/// How long a process may take for what it is asked.
const PATIENCE: Duration = Duration::from_secs(60);

/// A process of the function at work on one event.
pub struct Process {
    child: Child,
    answer: watch::Receiver<Option<Result<Value, String>>>,
    log: PathBuf,
}

struct Runtime {
    event: Notify,
    answer: watch::Sender<Option<Result<Value, String>>>,
}

impl Process {
    /// Starts the function on the world's database and SES, with a scheduled event to serve.
    pub async fn start(world: &World, settings: &[(&str, &str)]) -> Self {
        let (sender, answer) = watch::channel(None);
        let runtime = Arc::new(Runtime {
            event: Notify::new(),
            answer: sender,
        });
        runtime.event.notify_one();
        let address = serve(runtime).await;
        let log = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("notify-{}.log", Uuid::now_v7()));
        let output = File::create(&log).unwrap();
        let mut command = Command::new(program());
        command
            .env_clear()
            .envs(&Stack::get().environment)
            .env("AWS_LAMBDA_RUNTIME_API", address)
            .env("AWS_LAMBDA_FUNCTION_NAME", "notify")
            .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512")
            .env("AWS_ENDPOINT_URL_SESV2", &world.ses_url)
            .env("PORTAL_DATABASE_NAME", world.database.name())
            .env("PORTAL_DATABASE_SECRET", "portal/database/portal_jobs")
            .env("PORTAL_DATA_KEYS_SECRET", &world.keys)
            .envs(settings.iter().copied())
            .stdin(Stdio::null())
            .stdout(output.try_clone().unwrap())
            .stderr(output);
        Self {
            child: command.spawn().unwrap(),
            answer,
            log,
        }
    }

    /// What it answers.
    pub async fn answer(&self) -> Value {
        let mut answer = self.answer.clone();
        let answer = tokio::time::timeout(PATIENCE, answer.wait_for(Option::is_some)).await;
        let answer = answer.unwrap_or_else(|_| panic!("no answer; its log says: {}", self.log()));
        answer.unwrap().clone().unwrap().unwrap()
    }

    /// Whether it has answered.
    pub fn has_answered(&self) -> bool {
        self.answer.borrow().is_some()
    }

    /// Kills it as nothing can be prepared for, and waits until it is gone.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Everything that it has written.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_file(&self.log);
    }
}

/// Where Cargo put the functions' programs: one folder above this test's.
fn program() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let program = test.ancestors().nth(2).unwrap().join("notify");
    assert!(
        program.exists(),
        "{} is not there: run `cargo build --workspace --bins`",
        program.display()
    );
    program
}

async fn serve(runtime: Arc<Runtime>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let base = "/2018-06-01/runtime";
    let routes = Router::new()
        .route(&format!("{base}/invocation/next"), get(next))
        .route(
            &format!("{base}/invocation/{{request}}/{{outcome}}"),
            post(settle),
        )
        .with_state(runtime);
    tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
    address
}

/// The one event; whoever asks again waits for ever.
async fn next(State(runtime): State<Arc<Runtime>>) -> Response {
    runtime.event.notified().await;
    let deadline = SystemTime::now().duration_since(UNIX_EPOCH).unwrap() + Duration::from_secs(300);
    let headers = [
        ("lambda-runtime-aws-request-id", Uuid::new_v4().to_string()),
        ("lambda-runtime-deadline-ms", deadline.as_millis().to_string()),
        (
            "lambda-runtime-invoked-function-arn",
            "arn:aws:lambda:::function:notify".to_owned(),
        ),
        ("lambda-runtime-trace-id", "Root=1-0-0".to_owned()),
    ];
    (headers, schedule().to_string()).into_response()
}

async fn settle(
    State(runtime): State<Arc<Runtime>>,
    UrlPath((_, outcome)): UrlPath<(String, String)>,
    body: String,
) -> StatusCode {
    let answer = match outcome.as_str() {
        "response" => Ok(serde_json::from_str(&body).unwrap()),
        _ => Err(body),
    };
    runtime.answer.send_replace(Some(answer));
    StatusCode::ACCEPTED
}
