//! The payer's side of Stripe, and its keys.

use portal_stripe::StripeSecret;
use portal_tests::stack::Stack;
use reqwest::{Client, StatusCode};
use serde_json::Value;

pub(crate) const GOOD_CARD: &str = "pm_card_visa";
/// Which the bank refuses.
pub(crate) const BAD_CARD: &str = "pm_card_chargeCustomerFail";

/// The stack's keys for Stripe.
pub(crate) async fn secret() -> StripeSecret {
    let secrets = Stack::get().secrets().await;
    secrets.get("portal/stripe").await.unwrap()
}

/// A request to Stripe itself.
pub(crate) async fn post(path: &str, form: &[(&str, &str)]) -> (StatusCode, Value) {
    let client = Client::builder().no_proxy().build().unwrap();
    let body = form
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect::<Vec<_>>()
        .join("&");
    let answer = client
        .post(format!("{}{path}", Stack::get().stripe_api))
        .bearer_auth(secret().await.api_key.expose())
        .header("content-type", "application/x-www-form-urlencoded")
        .body(body)
        .send()
        .await
        .unwrap();
    (answer.status(), answer.json().await.unwrap_or_default())
}

/// The PaymentIntent that a client secret opens.
pub(crate) fn intent_of(asked: &Value) -> String {
    let secret = asked["clientSecret"]
        .as_str()
        .unwrap_or_else(|| panic!("{asked}"));
    secret.split_once("_secret_").unwrap().0.to_owned()
}

/// Confirms a payment with a card, as the payer's client does; the status of Stripe's answer.
pub(crate) async fn pay(asked: &Value, card: &str) -> StatusCode {
    let intent = intent_of(asked);
    let path = format!("/v1/payment_intents/{intent}/confirm");
    post(&path, &[("payment_method", card)]).await.0
}
