//! The client before a server that answers as it is told, and writes down what it was asked.

mod attempts;
mod objects;

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, Method, StatusCode};
use portal_domain::money::{Cents, Currency};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::*;

/// What the server answers to one request.
enum Reply {
    Json(u16, Value),
    With(u16, &'static str, &'static str, Value),
    /// It breaks off in the middle.
    Dropped,
    /// It never answers.
    Silence,
}

/// What the server was asked.
#[derive(Clone, Debug)]
struct Asked {
    method: Method,
    address: String,
    headers: HeaderMap,
    body: String,
}

impl Asked {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }
}

#[derive(Default)]
struct Script {
    replies: Mutex<VecDeque<Reply>>,
    asked: Mutex<Vec<Asked>>,
}

struct Server {
    script: Arc<Script>,
    api: String,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Server {
    async fn start(replies: Vec<Reply>) -> Self {
        let script = Arc::new(Script {
            replies: Mutex::new(replies.into()),
            asked: Mutex::default(),
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let api = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(answer).with_state(Arc::clone(&script));
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { script, api, task }
    }

    fn asked(&self) -> Vec<Asked> {
        self.script.asked.lock().unwrap().clone()
    }

    fn config(&self) -> Config {
        Config {
            shortest_pause: Duration::from_millis(1),
            longest_pause: Duration::from_millis(2),
            attempt_timeout: Duration::from_millis(200),
            chance: || 0.5,
            ..Config::new(&self.api)
        }
    }

    fn stripe(&self) -> Stripe {
        Stripe::new(
            self.config(),
            ApiKeys::fixed(ApiKey::from("sk_test_1".to_owned())),
        )
    }
}

async fn answer(State(script): State<Arc<Script>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    script.asked.lock().unwrap().push(Asked {
        method: head.method,
        address: head.uri.to_string(),
        headers: head.headers,
        body: String::from_utf8(body.to_vec()).unwrap(),
    });
    let reply = script
        .replies
        .lock()
        .unwrap()
        .pop_front()
        .expect("a request too many");
    let json = |status: u16, value: Value| (StatusCode::from_u16(status).unwrap(), value.to_string());
    match reply {
        Reply::Json(status, value) => json(status, value).into_response(),
        Reply::With(status, name, text, value) => ([(name, text)], json(status, value)).into_response(),
        Reply::Dropped => {
            let start = http_body_util::Full::new(bytes::Bytes::from_static(b"{\"id\":"));
            (
                StatusCode::OK,
                [("content-length", "100")],
                axum::body::Body::new(start),
            )
                .into_response()
        }
        Reply::Silence => std::future::pending().await,
    }
}

fn key() -> IdempotencyKey {
    "payment/1".to_owned().try_into().unwrap()
}

fn cents(amount: i64) -> Cents {
    amount.try_into().unwrap()
}

fn intent(status: &str) -> Value {
    json!({
        "id": "pi_1", "object": "payment_intent", "amount": 5000, "amount_received": 5000, "currency": "usd", "status": status,
        "created": 1_700_000_000, "livemode": false, "client_secret": "pi_1_secret_hunter2", "customer": "cus_1",
        "metadata": {"payment": "p1"}, "last_payment_error": null,
        "latest_charge": {
            "id": "ch_1", "amount_refunded": 700, "balance_transaction": {"id": "txn_1", "fee": 175, "net": 4825},
        },
    })
}

fn refusal(kind: &str) -> Value {
    json!({"error": {"type": kind, "code": "some_code", "message": "No."}})
}

fn new_intent() -> NewPaymentIntent {
    NewPaymentIntent {
        amount: cents(5_000),
        currency: Currency::USD,
        customer: Some("cus_1".to_owned()),
        description: Some("A & B".to_owned()),
        metadata: BTreeMap::from([("payment".to_owned(), "p1".to_owned())]),
    }
}
