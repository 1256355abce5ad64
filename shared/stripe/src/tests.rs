//! The client before a server that answers as it is told, and writes down what it was asked.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, Method, StatusCode};
use portal_domain::money::{Cents, Currency};
use portal_domain::payment::{IntentStatus, RefundTotals};
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::macros::datetime;
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

#[tokio::test]
async fn a_request_says_what_it_must() {
    let server = Server::start(vec![Reply::Json(200, intent("requires_payment_method"))]).await;
    let made = server
        .stripe()
        .create_payment_intent(&new_intent(), &key())
        .await
        .unwrap();
    assert_eq!(made.id, "pi_1");
    assert!(!format!("{made:?}").contains("hunter2"));
    let asked = server.asked();
    let [asked] = asked.as_slice() else {
        panic!("{asked:?}")
    };
    assert_eq!(
        (&asked.method, asked.address.as_str()),
        (&Method::POST, "/v1/payment_intents")
    );
    assert_eq!(asked.header("authorization"), Some("Bearer sk_test_1"));
    assert_eq!(asked.header("stripe-version"), Some(STRIPE_VERSION));
    assert_eq!(asked.header("idempotency-key"), Some("payment/1"));
    assert_eq!(
        asked.header("content-type"),
        Some("application/x-www-form-urlencoded")
    );
    let body = "amount=5000&currency=usd&customer=cus_1&description=A+%26+B&metadata%5Bpayment%5D=p1";
    assert_eq!(asked.body, body);
}

#[tokio::test]
async fn what_passes_is_tried_again_with_the_same_key() {
    let server = Server::start(vec![
        Reply::Json(409, refusal("invalid_request_error")),
        Reply::Json(429, refusal("rate_limit_error")),
        Reply::Json(503, json!({})),
        Reply::Json(200, intent("succeeded")),
    ])
    .await;
    let made = server
        .stripe()
        .create_payment_intent(&new_intent(), &key())
        .await
        .unwrap();
    assert_eq!(made.status, "succeeded");
    let asked = server.asked();
    assert_eq!(asked.len(), 4);
    for one in &asked {
        assert_eq!(
            (one.header("idempotency-key"), &one.body),
            (Some("payment/1"), &asked[0].body)
        );
    }
}

#[tokio::test]
async fn an_answer_that_is_lost_is_asked_for_again() {
    for lost in [Reply::Dropped, Reply::Silence] {
        let server = Server::start(vec![lost, Reply::Json(200, intent("canceled"))]).await;
        let made = server
            .stripe()
            .cancel_payment_intent("pi_1", &key())
            .await
            .unwrap();
        assert_eq!(made.status, "canceled");
        let addresses: Vec<_> = server.asked().into_iter().map(|asked| asked.address).collect();
        assert_eq!(addresses, ["/v1/payment_intents/pi_1/cancel"; 2]);
    }
}

#[tokio::test]
async fn attempts_come_to_an_end() {
    let replies = (0..4).map(|_| Reply::Json(500, json!({}))).collect();
    let server = Server::start(replies).await;
    let error = server
        .stripe()
        .create_payment_intent(&new_intent(), &key())
        .await
        .unwrap_err();
    assert!(
        matches!(error, StripeError::Failed(_)) && error.may_have_happened() && error.is_passing(),
        "{error}"
    );
    assert_eq!(server.asked().len(), 4);
}

#[tokio::test]
async fn time_comes_to_an_end_before_attempts_do() {
    let server = Server::start(vec![Reply::With(
        429,
        "retry-after",
        "60",
        refusal("rate_limit_error"),
    )])
    .await;
    let started = Instant::now();
    let error = server.stripe().retrieve_payment_intent("pi_1").await.unwrap_err();
    assert!(
        matches!(error, StripeError::RateLimited(_)) && !error.may_have_happened(),
        "{error}"
    );
    assert!(
        started.elapsed() < Duration::from_secs(30),
        "it does not wait for what would come too late"
    );
}

#[tokio::test]
async fn what_is_refused_is_not_tried_again() {
    let card = json!({"error": {"type": "card_error", "code": "card_declined", "decline_code": "insufficient_funds"}});
    let server = Server::start(vec![Reply::Json(402, card)]).await;
    let error = server
        .stripe()
        .create_payment_intent(&new_intent(), &key())
        .await
        .unwrap_err();
    let StripeError::Card(error) = error else {
        panic!("{error}")
    };
    assert_eq!(error.decline_code.as_deref(), Some("insufficient_funds"));
    let advised = Reply::With(500, "stripe-should-retry", "false", json!({}));
    let server = Server::start(vec![advised]).await;
    let error = server
        .stripe()
        .create_payment_intent(&new_intent(), &key())
        .await
        .unwrap_err();
    assert!(matches!(error, StripeError::Failed(_)), "{error}");
    let server = Server::start(vec![Reply::With(
        404,
        "request-id",
        "req_7",
        refusal("invalid_request_error"),
    )])
    .await;
    let error = server.stripe().retrieve_payment_intent("pi_0").await.unwrap_err();
    assert!(error.to_string().contains("req_7"), "{error}");
}

#[tokio::test]
async fn a_server_that_is_not_there_is_unavailable() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let api = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let config = Config {
        shortest_pause: Duration::from_millis(1),
        ..Config::new(&api)
    };
    let stripe = Stripe::new(config, ApiKeys::fixed(ApiKey::from("sk_test_1".to_owned())));
    let error = stripe.retrieve_payment_intent("pi_1").await.unwrap_err();
    assert!(matches!(error, StripeError::Unavailable(_)), "{error}");
}

#[tokio::test]
async fn a_key_that_is_refused_is_exchanged_once() {
    let server = Server::start(vec![
        Reply::Json(401, refusal("invalid_request_error")),
        Reply::Json(200, intent("succeeded")),
        Reply::Json(401, refusal("invalid_request_error")),
    ])
    .await;
    let keys = ApiKeys::from_fn(|refused| {
        let key = if refused.is_some() {
            "sk_test_new"
        } else {
            "sk_test_old"
        };
        std::future::ready(Ok(ApiKey::from(key.to_owned())))
    });
    let stripe = Stripe::new(server.config(), keys);
    assert!(stripe.retrieve_payment_intent("pi_1").await.is_ok());
    let bearers: Vec<_> = server
        .asked()
        .iter()
        .map(|asked| asked.header("authorization").unwrap().to_owned())
        .collect();
    assert_eq!(bearers, ["Bearer sk_test_old", "Bearer sk_test_new"]);
    // One that has no other gives up.
    let error = server.stripe().retrieve_payment_intent("pi_1").await.unwrap_err();
    assert!(matches!(error, StripeError::Authentication(_)), "{error}");
    assert_eq!(server.asked().len(), 3);
}

#[tokio::test]
async fn without_a_key_nothing_is_asked() {
    let server = Server::start(Vec::new()).await;
    let keys = ApiKeys::from_fn(|_| std::future::ready(Err("no secret".into())));
    let error = Stripe::new(server.config(), keys)
        .retrieve_payment_intent("pi_1")
        .await
        .unwrap_err();
    assert!(matches!(error, StripeError::Key(_)), "{error}");
    assert!(server.asked().is_empty());
}

#[tokio::test]
async fn a_sighting_is_made_of_an_intent_and_its_refunds() {
    let refund = |id: &str, amount: i64, status: &str| json!({"id": id, "amount": amount, "status": status, "created": 1, "payment_intent": "pi_1", "metadata": {}});
    let first =
        json!({"data": [refund("re_3", 100, "pending"), refund("re_2", 600, "succeeded")], "has_more": true});
    let second = json!({"data": [refund("re_1", 300, "failed")], "has_more": false});
    let server = Server::start(vec![
        Reply::Json(200, intent("succeeded")),
        Reply::Json(200, first),
        Reply::Json(200, second),
    ])
    .await;
    let stripe = server.stripe();
    let now = datetime!(2026-03-01 12:00 UTC);
    let intent = stripe.retrieve_payment_intent("pi_1").await.unwrap();
    let refunds = stripe.refunds_of("pi_1").await.unwrap();
    let seen = intent.sighting(now, Some(&refunds)).unwrap();
    assert_eq!(
        (seen.status, seen.received, seen.fee),
        (IntentStatus::Succeeded, cents(5_000), Some(cents(175)))
    );
    let totals = RefundTotals {
        made: cents(1_000),
        returned: cents(300),
    };
    assert_eq!(seen.refunds, totals);
    let without = intent.sighting(now, None).unwrap();
    assert_eq!(without.refunds, RefundTotals::at_least(cents(700)));
    let addresses: Vec<_> = server.asked().into_iter().map(|asked| asked.address).collect();
    let expected = [
        "/v1/payment_intents/pi_1?expand%5B%5D=latest_charge.balance_transaction",
        "/v1/refunds?payment_intent=pi_1&limit=100",
        "/v1/refunds?payment_intent=pi_1&limit=100&starting_after=re_2",
    ];
    assert_eq!(addresses, expected);
}

#[tokio::test]
async fn a_list_is_read_a_page_at_a_time() {
    let page = json!({"data": [intent("succeeded"), intent("processing")], "has_more": true});
    let server = Server::start(vec![Reply::Json(200, page)]).await;
    let moment = |seconds| OffsetDateTime::from_unix_timestamp(seconds).unwrap();
    let created = Created {
        from: moment(100),
        until: moment(200),
    };
    let page = server
        .stripe()
        .list_payment_intents(created, Some("pi_9"))
        .await
        .unwrap();
    assert_eq!((page.data.len(), page.next()), (2, Some("pi_1")));
    assert_eq!(
        server.asked()[0].address,
        "/v1/payment_intents?created%5Bgte%5D=100&created%5Blt%5D=200&limit=100&starting_after=pi_9\
         &expand%5B%5D=data.latest_charge.balance_transaction"
    );
}

#[tokio::test]
async fn a_refund_names_what_it_gives_back() {
    let made = json!({"id": "re_1", "amount": 500, "status": null, "created": 1});
    let server = Server::start(vec![Reply::Json(200, made)]).await;
    let refund = NewRefund {
        payment_intent: "pi_1".to_owned(),
        amount: cents(500),
        reason: Some(RefundReason::RequestedByCustomer),
        metadata: BTreeMap::new(),
    };
    server.stripe().create_refund(&refund, &key()).await.unwrap();
    assert_eq!(
        server.asked()[0].body,
        "payment_intent=pi_1&amount=500&reason=requested_by_customer"
    );
}

#[tokio::test]
async fn an_id_cannot_lead_elsewhere() {
    let server = Server::start(vec![Reply::Json(404, refusal("invalid_request_error"))]).await;
    let error = server
        .stripe()
        .retrieve_payment_intent("../refunds?x=")
        .await
        .unwrap_err();
    assert!(matches!(error, StripeError::NotFound(_)), "{error}");
    let address = &server.asked()[0].address;
    assert!(
        address.starts_with("/v1/payment_intents/..%2Frefunds%3Fx%3D?"),
        "{address}"
    );
}

#[tokio::test]
async fn an_answer_of_another_shape_is_told_of() {
    let server = Server::start(vec![Reply::Json(200, json!({"id": 7}))]).await;
    let error = server.stripe().retrieve_payment_intent("pi_1").await.unwrap_err();
    assert!(matches!(error, StripeError::Malformed(_)), "{error}");
}
