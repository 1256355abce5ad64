//! A Stripe in the test's own process. Its answers can be lost on the way, and its events are the test's to deliver: in any order, twice, or
//! never.

mod said;
mod world;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::{Method, StatusCode, header};
use portal_stripe::{ApiKey, ApiKeys, Config, Stripe};
use ring::hmac;
use serde_json::Value;
use time::OffsetDateTime;
use tokio::net::TcpListener;
use uuid::Uuid;

use said::Said;
use world::World;
pub use world::{Event, Intent, Refund};

/// What goes wrong with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is refused with 503, and nothing is done.
    Refused,
    /// It is carried out, and the answer breaks off.
    AnswerLost,
}

/// The server. It ends with the test.
pub struct FakeStripe {
    /// Its address.
    pub api: String,
    /// The one key that it takes.
    pub key: ApiKey,
    /// What its webhooks are signed with.
    pub webhook_secret: String,
    shared: Arc<Shared>,
    task: tokio::task::JoinHandle<()>,
}

struct Shared {
    key: String,
    world: Mutex<World>,
    faults: Mutex<VecDeque<Option<Fault>>>,
}

impl Drop for FakeStripe {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl FakeStripe {
    /// Starts one that knows of nothing.
    pub async fn start() -> Self {
        let key = format!("sk_test_{}", Uuid::now_v7().simple());
        let shared = Arc::new(Shared {
            key: key.clone(),
            world: Mutex::default(),
            faults: Mutex::default(),
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let api = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(answer).with_state(Arc::clone(&shared));
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self {
            api,
            key: ApiKey::from(key),
            webhook_secret: format!("whsec_{}", Uuid::now_v7().simple()),
            shared,
            task,
        }
    }

    /// A client of it that gives up after so many attempts, and does not wait between them.
    pub fn client(&self, attempts: u32) -> Stripe {
        let config = Config {
            attempts,
            shortest_pause: Duration::ZERO,
            longest_pause: Duration::ZERO,
            ..Config::new(&self.api)
        };
        Stripe::new(config, ApiKeys::fixed(self.key.clone()))
    }

    /// What goes wrong with the next requests, one after the other; nothing goes wrong with those after them.
    pub fn faults(&self, faults: impl IntoIterator<Item = Option<Fault>>) {
        *self.shared.faults.lock().unwrap() = faults.into_iter().collect();
    }

    /// The payer pays. False where the intent takes no money any more.
    pub fn pay(&self, intent: &str) -> bool {
        self.world().confirm(intent, true).is_ok()
    }

    /// The payer tries, and the card is refused. False as with [`FakeStripe::pay`].
    pub fn decline(&self, intent: &str) -> bool {
        self.world().confirm(intent, false).is_ok()
    }

    /// A refund that cannot reach who paid comes back.
    pub fn return_refund(&self, refund: &str) {
        self.world().return_refund(refund);
    }

    /// Every PaymentIntent, in the order in which they were made.
    pub fn intents(&self) -> Vec<Intent> {
        self.world().intents.clone()
    }

    /// Every refund, in the order in which they were made.
    pub fn refunds(&self) -> Vec<Refund> {
        self.world().refunds.clone()
    }

    /// Every event that there was, in its order.
    pub fn events(&self) -> Vec<Event> {
        self.world().events.clone()
    }

    /// An event as it is delivered: the value of `Stripe-Signature`, and the body.
    pub fn delivery(&self, event: &Event, now: OffsetDateTime) -> (String, Vec<u8>) {
        let body = event.body.to_string().into_bytes();
        let moment = now.unix_timestamp().to_string();
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.webhook_secret.as_bytes());
        let signature = hmac::sign(&key, &[moment.as_bytes(), b".", body.as_slice()].concat());
        let digits: String = signature
            .as_ref()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        (format!("t={moment},v1={digits}"), body)
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.shared.world.lock().unwrap()
    }
}

async fn answer(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let text = |name: &str| head.headers.get(name).and_then(|value| value.to_str().ok());
    if text(header::AUTHORIZATION.as_str()) != Some(&format!("Bearer {}", shared.key)) {
        return said(Said::error(401, "invalid_request_error", "api_key"));
    }
    let fault = shared.faults.lock().unwrap().pop_front().flatten();
    if fault == Some(Fault::Refused) {
        return said(Said::error(503, "api_error", "unavailable"));
    }
    let mut world = shared.world.lock().unwrap();
    let answer = if head.method == Method::POST {
        world.post(head.uri.path(), &body, text("idempotency-key"))
    } else {
        world.get(head.uri.path(), head.uri.query().unwrap_or_default())
    };
    drop(world);
    match fault {
        // Less comes than was announced.
        Some(Fault::AnswerLost) => (
            [(header::CONTENT_LENGTH, "1000")],
            Body::from(Bytes::from_static(b"{")),
        )
            .into_response(),
        _ => said(answer),
    }
}

fn said(answer: Said) -> Response {
    let status = StatusCode::from_u16(answer.status).unwrap();
    let body: Value = answer.body;
    (
        status,
        [(header::CONTENT_TYPE, "application/json")],
        body.to_string(),
    )
        .into_response()
}
