//! A stand-in for SES that keeps what the emulator drops, headers, and that can be told to refuse.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use notify::MESSAGE_ID_HEADER;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use uuid::Uuid;

/// What it does with every mail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mood {
    /// Takes it.
    #[default]
    Takes,
    /// Answers 500.
    Broken,
    /// Answers that the rate is exceeded.
    Throttles,
}

/// The stand-in. To addresses that begin with `rejected` and `poison` it never takes a mail.
#[derive(Clone, Default)]
pub struct Ses(Arc<Inner>);

#[derive(Default)]
struct Inner {
    mood: Mutex<Mood>,
    latency: Mutex<Duration>,
    taken: Mutex<Vec<Value>>,
    asked: Mutex<u32>,
}

impl Ses {
    /// Listens on a port of its own; returns its address too.
    pub async fn start() -> (Self, String) {
        let ses = Self::default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let routes = Router::new()
            .route("/v2/email/outbound-emails", post(send_email))
            .with_state(ses.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        (ses, url)
    }

    pub fn set_mood(&self, mood: Mood) {
        *self.0.mood.lock().unwrap() = mood;
    }

    /// How long it takes to answer, once it has taken a mail.
    pub fn set_latency(&self, latency: Duration) {
        *self.0.latency.lock().unwrap() = latency;
    }

    /// The requests whose mails it took.
    pub fn taken(&self) -> Vec<Value> {
        self.0.taken.lock().unwrap().clone()
    }

    /// How often it was asked.
    pub fn asked(&self) -> u32 {
        *self.0.asked.lock().unwrap()
    }

    /// How often it took each mail, by the id that the mail carries.
    pub fn counts(&self) -> BTreeMap<Uuid, usize> {
        let mut counts = BTreeMap::new();
        for mail in self.taken() {
            *counts.entry(message_id(&mail)).or_default() += 1;
        }
        counts
    }
}

/// The id that a mail carries however often it is sent.
pub fn message_id(mail: &Value) -> Uuid {
    let headers = mail["Content"]["Simple"]["Headers"].as_array().unwrap();
    let header = headers.iter().find(|header| header["Name"] == MESSAGE_ID_HEADER);
    header.unwrap()["Value"].as_str().unwrap().parse().unwrap()
}

/// The address that a mail goes to.
pub fn recipient(mail: &Value) -> &str {
    mail["Destination"]["ToAddresses"][0].as_str().unwrap()
}

/// The body as text.
pub fn text(mail: &Value) -> &str {
    mail["Content"]["Simple"]["Body"]["Text"]["Data"]
        .as_str()
        .unwrap()
}

async fn send_email(State(ses): State<Ses>, Json(mail): Json<Value>) -> Response {
    *ses.0.asked.lock().unwrap() += 1;
    let mood = *ses.0.mood.lock().unwrap();
    match mood {
        Mood::Broken => return refuse(StatusCode::INTERNAL_SERVER_ERROR, "InternalFailure"),
        Mood::Throttles => return refuse(StatusCode::TOO_MANY_REQUESTS, "TooManyRequestsException"),
        Mood::Takes => {}
    }
    match recipient(&mail) {
        address if address.starts_with("rejected") => {
            return refuse(StatusCode::BAD_REQUEST, "BadRequestException");
        }
        address if address.starts_with("poison") => {
            return refuse(StatusCode::INTERNAL_SERVER_ERROR, "InternalFailure");
        }
        _ => {}
    }
    ses.0.taken.lock().unwrap().push(mail);
    let latency = *ses.0.latency.lock().unwrap();
    tokio::time::sleep(latency).await;
    Json(json!({ "MessageId": Uuid::new_v4() })).into_response()
}

fn refuse(status: StatusCode, code: &'static str) -> Response {
    let said = json!({ "message": format!("the stand-in says {code}") });
    (status, [("x-amzn-errortype", code)], Json(said)).into_response()
}
