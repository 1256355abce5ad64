//! A payer, and the association's side of its payments.

use std::collections::BTreeMap;

use portal_domain::money::{Cents, Currency};
use portal_domain::payment::{Observed, PaymentState, PaymentType};
use portal_stripe::{
    ApiKey, ApiKeys, Config, IdempotencyKey, NewPaymentIntent, NewRefund, PaymentIntent, Stripe,
};
use serde_json::Value;
use time::OffsetDateTime;
use uuid::Uuid;

pub(crate) struct Shop {
    pub(crate) api: String,
    pub(crate) key: ApiKey,
    pub(crate) stripe: Stripe,
}

impl Shop {
    pub(crate) async fn open() -> Self {
        let (api, secret) = super::place().await;
        Self::at(api, secret.api_key)
    }

    pub(crate) fn at(api: String, key: ApiKey) -> Self {
        let stripe = Stripe::new(Config::new(&api), ApiKeys::fixed(key.clone()));
        Self { api, key, stripe }
    }

    /// What a payer's client does: confirms the payment with a card. The answer's status, and what it says.
    pub(crate) async fn confirm(&self, intent: &str, card: &str) -> (u16, Value) {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let answer = client
            .post(format!("{}/v1/payment_intents/{intent}/confirm", self.api))
            .bearer_auth(self.key.expose())
            .header("content-type", "application/x-www-form-urlencoded")
            .body(format!("payment_method={card}"));
        let answer = answer.send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    /// Looks at a payment as the functions do, and joins it with what is known.
    pub(crate) async fn observe(&self, state: &mut PaymentState, intent: &str) -> Observed {
        let at = OffsetDateTime::now_utc();
        let intent = self.stripe.retrieve_payment_intent(intent).await.unwrap();
        let refunds = self.stripe.refunds_of(&intent.id).await.unwrap();
        let observed = state
            .observe(&intent.sighting(at, Some(&refunds)).unwrap())
            .unwrap();
        *state = observed.state;
        observed
    }

    pub(crate) async fn ask(&self, amount: i64) -> (PaymentIntent, PaymentState) {
        let intent = self
            .stripe
            .create_payment_intent(&intent(amount), &key())
            .await
            .unwrap();
        (intent, asked(amount))
    }
}

/// A card that pays, and one that is refused.
pub(crate) const GOOD: &str = "pm_card_visa";
pub(crate) const REFUSED: &str = "pm_card_chargeCustomerFail";

pub(crate) fn cents(amount: i64) -> Cents {
    amount.try_into().unwrap()
}

pub(crate) fn asked(amount: i64) -> PaymentState {
    PaymentState::asked(PaymentType::Donation, cents(amount), Currency::USD)
}

pub(crate) fn key() -> IdempotencyKey {
    Uuid::now_v7().to_string().try_into().unwrap()
}

pub(crate) fn intent(amount: i64) -> NewPaymentIntent {
    NewPaymentIntent {
        amount: cents(amount),
        currency: Currency::USD,
        customer: None,
        description: Some("Donation".to_owned()),
        metadata: BTreeMap::from([("payment".to_owned(), Uuid::now_v7().to_string())]),
    }
}

pub(crate) fn refund(intent: &str, amount: i64) -> NewRefund {
    NewRefund {
        payment_intent: intent.to_owned(),
        amount: cents(amount),
        reason: None,
        metadata: BTreeMap::new(),
    }
}
