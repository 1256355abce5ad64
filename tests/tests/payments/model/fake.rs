//! Stripe behind its HTTP interface, as far as the portal uses it: exact about money and idempotency keys, and unreliable when told to be.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};

use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use portal_stripe::Event;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use uuid::Uuid;

use super::plan::Fault;

/// A PaymentIntent, and what was given back of it.
#[derive(Clone, Debug)]
pub(crate) struct Intent {
    pub(crate) id: String,
    pub(crate) amount: i64,
    pub(crate) status: &'static str,
    pub(crate) failed: bool,
    pub(crate) payment: String,
    pub(crate) refunds: Vec<(String, i64, String)>,
}

impl Intent {
    pub(crate) fn refunded(&self) -> i64 {
        self.refunds.iter().map(|(_, amount, _)| amount).sum()
    }

    fn shown(&self) -> Value {
        let taken = self.status == "succeeded";
        let charge = taken.then(|| {
            json!({
                "id": format!("ch_{}", self.id), "amount_refunded": self.refunded(),
                "balance_transaction": {"id": format!("txn_{}", self.id), "fee": self.amount * 29 / 1000 + 30},
            })
        });
        json!({
            "id": self.id, "object": "payment_intent", "amount": self.amount, "currency": "usd", "status": self.status,
            "amount_received": if taken { self.amount } else { 0 }, "created": 1_700_000_000, "livemode": false,
            "client_secret": format!("{}_secret_x", self.id), "metadata": {"payment": self.payment}, "latest_charge": charge,
            "last_payment_error": self.failed.then(|| json!({"code": "card_declined"})),
        })
    }
}

#[derive(Default)]
pub(crate) struct World {
    pub(crate) intents: Vec<Intent>,
    pub(crate) events: Vec<Event>,
    pub(crate) faults: VecDeque<Fault>,
    answers: HashMap<String, (String, StatusCode, Value)>,
}

impl World {
    /// Something is new about an intent.
    fn tell(&mut self, kind: &str, intent: &str) {
        let body = json!({
            "id": format!("evt_{}", Uuid::new_v4().simple()), "type": kind, "created": time::OffsetDateTime::now_utc().unix_timestamp(),
            "data": {"object": self.find(intent).unwrap().shown()},
        });
        self.events
            .push(Event::parse(body.to_string().as_bytes()).unwrap());
    }

    fn find(&mut self, id: &str) -> Option<&mut Intent> {
        self.intents.iter_mut().find(|intent| intent.id == id)
    }

    /// The payer confirms; the bank takes the money, or refuses.
    pub(crate) fn confirm(&mut self, id: &str, takes: bool) {
        let Some(intent) = self
            .find(id)
            .filter(|intent| intent.status == "requires_payment_method")
        else {
            return;
        };
        intent.failed = !takes;
        if takes {
            intent.status = "succeeded";
        }
        let kind = if takes {
            "payment_intent.succeeded"
        } else {
            "payment_intent.payment_failed"
        };
        self.tell(kind, id);
    }

    fn make(&mut self, form: &HashMap<String, String>) -> (StatusCode, Value) {
        let intent = Intent {
            id: format!("pi_{}", Uuid::new_v4().simple()),
            amount: form["amount"].parse().unwrap(),
            status: "requires_payment_method",
            failed: false,
            payment: form["metadata[payment]"].clone(),
            refunds: Vec::new(),
        };
        let (id, shown) = (intent.id.clone(), intent.shown());
        self.intents.push(intent);
        self.tell("payment_intent.created", &id);
        (StatusCode::OK, shown)
    }

    fn cancel(&mut self, id: &str) -> (StatusCode, Value) {
        let Some(intent) = self.find(id) else {
            return refusal(StatusCode::NOT_FOUND);
        };
        if intent.status != "requires_payment_method" {
            return refusal(StatusCode::BAD_REQUEST);
        }
        intent.status = "canceled";
        let shown = intent.shown();
        self.tell("payment_intent.canceled", id);
        (StatusCode::OK, shown)
    }

    pub(crate) fn give_back(&mut self, id: &str, amount: i64, ours: &str) -> (StatusCode, Value) {
        let Some(intent) = self.find(id) else {
            return refusal(StatusCode::NOT_FOUND);
        };
        if intent.status != "succeeded" || amount > intent.amount - intent.refunded() {
            return refusal(StatusCode::BAD_REQUEST);
        }
        let refund = (format!("re_{}", Uuid::new_v4().simple()), amount, ours.to_owned());
        let shown = shown_refund(id, &refund);
        intent.refunds.push(refund);
        self.tell("charge.refunded", id);
        (StatusCode::OK, shown)
    }
}

fn refusal(status: StatusCode) -> (StatusCode, Value) {
    (
        status,
        json!({"error": {"type": "invalid_request_error", "message": "No."}}),
    )
}

fn shown_refund(intent: &str, (id, amount, ours): &(String, i64, String)) -> Value {
    json!({
        "id": id, "object": "refund", "amount": amount, "status": "succeeded", "payment_intent": intent, "created": 1_700_000_000,
        "metadata": if ours.is_empty() { json!({}) } else { json!({"refund": ours}) },
    })
}

/// The server.
#[derive(Clone, Default)]
pub(crate) struct Fake(Arc<Mutex<World>>);

impl Fake {
    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.0.lock().unwrap()
    }

    /// Starts it; its address.
    pub(crate) async fn serve(&self) -> String {
        let router = Router::new()
            .route("/v1/payment_intents", post(make).get(list))
            .route("/v1/payment_intents/{id}", get(show))
            .route("/v1/payment_intents/{id}/cancel", post(cancel))
            .route("/v1/refunds", post(give_back).get(list_refunds))
            .with_state(self.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        address
    }

    /// Does something once for a key, and meets with the next fault.
    fn once(
        &self,
        headers: &HeaderMap,
        what: &str,
        act: impl FnOnce(&mut World) -> (StatusCode, Value),
    ) -> Response {
        let mut world = self.world();
        let fault = world.faults.pop_front();
        if fault == Some(Fault::NotDone) {
            return StatusCode::BAD_GATEWAY.into_response();
        }
        let key = headers["idempotency-key"].to_str().unwrap().to_owned();
        let (asked, status, body) = match world.answers.get(&key) {
            Some(answer) => answer.clone(),
            None => {
                let (status, body) = act(&mut world);
                let answer = (what.to_owned(), status, body);
                world.answers.insert(key, answer.clone());
                answer
            }
        };
        if asked != what {
            let error = json!({"error": {"type": "idempotency_error", "message": "Another request."}});
            return (StatusCode::BAD_REQUEST, Json(error)).into_response();
        }
        if fault == Some(Fault::AnswerLost) {
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
        (status, Json(body)).into_response()
    }

    /// Answers a question, and meets with the next fault.
    fn answer(&self, answer: impl FnOnce(&mut World) -> (StatusCode, Value)) -> Response {
        let mut world = self.world();
        if world.faults.pop_front().is_some() {
            return StatusCode::BAD_GATEWAY.into_response();
        }
        let (status, body) = answer(&mut world);
        (status, Json(body)).into_response()
    }
}

fn form(text: &str) -> HashMap<String, String> {
    let url = reqwest::Url::parse(&format!("http://x/?{text}")).unwrap();
    url.query_pairs().into_owned().collect()
}

async fn make(State(fake): State<Fake>, headers: HeaderMap, body: String) -> Response {
    fake.once(&headers, &body, |world| world.make(&form(&body)))
}

async fn cancel(State(fake): State<Fake>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    fake.once(&headers, &id, |world| world.cancel(&id))
}

async fn give_back(State(fake): State<Fake>, headers: HeaderMap, body: String) -> Response {
    fake.once(&headers, &body, |world| {
        let form = form(&body);
        let amount = form["amount"].parse().unwrap();
        world.give_back(&form["payment_intent"], amount, &form["metadata[refund]"])
    })
}

async fn show(State(fake): State<Fake>, Path(id): Path<String>) -> Response {
    fake.answer(|world| match world.find(&id) {
        Some(intent) => (StatusCode::OK, intent.shown()),
        None => refusal(StatusCode::NOT_FOUND),
    })
}

async fn list(State(fake): State<Fake>) -> Response {
    fake.answer(|world| {
        let data: Vec<_> = world.intents.iter().rev().map(Intent::shown).collect();
        (StatusCode::OK, json!({"data": data, "has_more": false}))
    })
}

async fn list_refunds(State(fake): State<Fake>, RawQuery(query): RawQuery) -> Response {
    let query = form(&query.unwrap_or_default());
    fake.answer(|world| {
        let wanted = query.get("payment_intent");
        let intents = world
            .intents
            .iter()
            .filter(|intent| wanted.is_none_or(|id| *id == intent.id));
        let data: Vec<_> = intents
            .flat_map(|intent| {
                intent
                    .refunds
                    .iter()
                    .map(|refund| shown_refund(&intent.id, refund))
            })
            .collect();
        (StatusCode::OK, json!({"data": data, "has_more": false}))
    })
}
