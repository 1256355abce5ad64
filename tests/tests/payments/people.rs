//! People who call the API, and what they do.

pub(crate) use portal_tests::people::{Person, Reply};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::stripe;
use crate::support::{id_of, marker};

/// How long to look again until a webhook is there, which Stripe sends about a second late.
const LOOK: std::time::Duration = std::time::Duration::from_millis(100);
const PATIENCE: u32 = 300;

/// Somebody who looks after money.
pub(crate) async fn new_finance() -> Person {
    Person::with(&["finance"]).await
}

/// What people do with money.
pub(crate) trait MoneyCalls {
    /// Asks for a payment, under a key of its own.
    async fn ask(&self, body: &Value) -> Reply;

    /// Asks for a payment under this key.
    async fn ask_as(&self, key: &str, body: &Value) -> Reply;

    /// Joins a tier, and pays; the payment then.
    async fn join(&self, tier: Uuid) -> Value;

    /// Pays what was asked for with a good card, and waits until the webhook has been taken; the payment then.
    async fn pay(&self, asked: &Value) -> Value;

    /// The payment, as soon as it is as it should be.
    async fn when(&self, payment: &str, is_so: impl Fn(&Value) -> bool) -> Value;

    /// Gives money back.
    async fn refund(&self, payment: &str, body: &Value) -> Reply;
}

impl MoneyCalls for Person {
    async fn ask(&self, body: &Value) -> Reply {
        self.ask_as(&marker(), body).await
    }

    async fn ask_as(&self, key: &str, body: &Value) -> Reply {
        let headers = [("idempotency-key", key)];
        self.send(Method::POST, "/v1/payments", Some(body), &headers)
            .await
    }

    async fn join(&self, tier: Uuid) -> Value {
        let asked = self.ask(&json!({"type": "MEMBERSHIP", "tierId": tier})).await;
        self.pay(&asked.expect(StatusCode::CREATED)).await
    }

    async fn pay(&self, asked: &Value) -> Value {
        stripe::pay(asked, stripe::GOOD_CARD).await;
        self.when(&id_of(asked), |payment| payment["status"] == "COMPLETED")
            .await
    }

    async fn when(&self, payment: &str, is_so: impl Fn(&Value) -> bool) -> Value {
        let path = format!("/v1/payments/{payment}");
        for _ in 0..PATIENCE {
            let now = self.json(&path).await;
            if is_so(&now) {
                return now;
            }
            tokio::time::sleep(LOOK).await;
        }
        panic!("{} did not come to it", self.json(&path).await)
    }

    async fn refund(&self, payment: &str, body: &Value) -> Reply {
        let key = marker();
        let headers = [("idempotency-key", key.as_str())];
        let path = format!("/v1/payments/{payment}/refund");
        self.send(Method::POST, &path, Some(body), &headers).await
    }
}
