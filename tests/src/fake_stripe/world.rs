//! What the server knows, and what it does with a request.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use time::OffsetDateTime;
use uuid::Uuid;

use super::said::{Form, Said, form, metadata, page};

/// A PaymentIntent.
#[derive(Clone, Debug)]
pub struct Intent {
    /// Its id.
    pub id: String,
    /// Stripe's word for where it stands.
    pub status: &'static str,
    /// Cents.
    pub amount: i64,
    /// In small letters.
    pub currency: String,
    /// What is kept with it.
    pub metadata: BTreeMap<String, String>,
    customer: Option<String>,
    created: i64,
    failed: bool,
}

/// A refund.
#[derive(Clone, Debug)]
pub struct Refund {
    /// Its id.
    pub id: String,
    /// The PaymentIntent's id.
    pub intent: String,
    /// Cents.
    pub amount: i64,
    /// Stripe's word for where it stands.
    pub status: &'static str,
    metadata: BTreeMap<String, String>,
    created: i64,
}

/// Something that happened.
#[derive(Clone, Debug)]
pub struct Event {
    /// Its id.
    pub id: String,
    /// Its type.
    pub kind: &'static str,
    /// The PaymentIntent that it is about.
    pub intent: String,
    /// What is delivered.
    pub body: Value,
}

#[derive(Default)]
pub(super) struct World {
    pub(super) intents: Vec<Intent>,
    pub(super) refunds: Vec<Refund>,
    pub(super) events: Vec<Event>,
    /// By idempotency key: what was asked, and what was said.
    answers: BTreeMap<String, (String, Said)>,
}

fn id(prefix: &str) -> String {
    format!("{prefix}_{}", Uuid::now_v7().simple())
}

fn now() -> i64 {
    OffsetDateTime::now_utc().unix_timestamp()
}

impl World {
    /// What changes something: done once for each key.
    pub(super) fn post(&mut self, path: &str, body: &[u8], key: Option<&str>) -> Said {
        let asked = format!("{path}\n{}", String::from_utf8_lossy(body));
        if let Some((before, said)) = key.and_then(|key| self.answers.get(key)) {
            return if *before == asked {
                said.clone()
            } else {
                Said::error(400, "idempotency_error", "idempotency_key_reused")
            };
        }
        let said = self.change(path, &form(body));
        if let Some(key) = key.filter(|_| said.status < 400) {
            self.answers.insert(key.to_owned(), (asked, said.clone()));
        }
        said
    }

    fn change(&mut self, path: &str, form: &Form) -> Said {
        let parts: Vec<_> = path.trim_start_matches("/v1/").split('/').collect();
        let done = match parts.as_slice() {
            ["customers"] => Ok(json!({"id": id("cus"), "object": "customer"})),
            ["payment_intents"] => self.make_intent(form),
            ["payment_intents", intent, "confirm"] => {
                let pays = form
                    .get("payment_method")
                    .is_some_and(|card| card == "pm_card_visa");
                self.confirm(intent, pays)
            }
            ["payment_intents", intent, "cancel"] => self.cancel(intent),
            ["refunds"] => self.make_refund(form),
            _ => Err(Said::missing()),
        };
        done.map_or_else(|refused| refused, Said::ok)
    }

    pub(super) fn get(&self, path: &str, query: &str) -> Said {
        let form = form(query.as_bytes());
        let parts: Vec<_> = path.trim_start_matches("/v1/").split('/').collect();
        match parts.as_slice() {
            ["payment_intents", id] => match self.intents.iter().find(|intent| intent.id == *id) {
                Some(intent) => Said::ok(self.show(intent)),
                None => Said::missing(),
            },
            ["payment_intents"] => {
                let all = self.intents.iter().rev();
                page(&form, all.map(|intent| (intent.created, self.show(intent))))
            }
            ["refunds"] => {
                let of = form.get("payment_intent");
                let all = self.refunds.iter().rev();
                let all = all.filter(|refund| of.is_none_or(|of| *of == refund.intent));
                page(&form, all.map(|refund| (refund.created, refund.show())))
            }
            _ => Said::missing(),
        }
    }

    fn make_intent(&mut self, form: &Form) -> Result<Value, Said> {
        let amount = form.get("amount").and_then(|amount| amount.parse().ok());
        let amount = amount.filter(|amount| *amount >= 50);
        let intent = Intent {
            id: id("pi"),
            status: "requires_payment_method",
            amount: amount.ok_or_else(|| Said::invalid("amount_too_small"))?,
            currency: form.get("currency").cloned().unwrap_or_default(),
            metadata: metadata(form),
            customer: form.get("customer").cloned(),
            created: now(),
            failed: false,
        };
        self.intents.push(intent.clone());
        self.tell("payment_intent.created", &intent.id);
        Ok(self.show(&intent))
    }

    fn place(&self, id: &str) -> Result<usize, Said> {
        let place = self.intents.iter().position(|intent| intent.id == id);
        place.ok_or_else(Said::missing)
    }

    pub(super) fn confirm(&mut self, id: &str, pays: bool) -> Result<Value, Said> {
        let place = self.place(id)?;
        let intent = &mut self.intents[place];
        if intent.status != "requires_payment_method" {
            return Err(Said::invalid("payment_intent_unexpected_state"));
        }
        intent.failed = !pays;
        if !pays {
            self.tell("payment_intent.payment_failed", id);
            return Err(Said::error(402, "card_error", "card_declined"));
        }
        intent.status = "succeeded";
        self.tell("payment_intent.succeeded", id);
        Ok(self.show(&self.intents[place]))
    }

    fn cancel(&mut self, id: &str) -> Result<Value, Said> {
        let place = self.place(id)?;
        let intent = &mut self.intents[place];
        if intent.status != "requires_payment_method" {
            return Err(Said::invalid("payment_intent_unexpected_state"));
        }
        intent.status = "canceled";
        self.tell("payment_intent.canceled", id);
        Ok(self.show(&self.intents[place]))
    }

    /// What was given back of an intent and has not returned.
    fn refunded(&self, id: &str) -> i64 {
        let of = self.refunds.iter().filter(|refund| refund.intent == id);
        of.filter(|refund| refund.status != "failed")
            .map(|refund| refund.amount)
            .sum()
    }

    fn make_refund(&mut self, form: &Form) -> Result<Value, Said> {
        let intent = form.get("payment_intent").ok_or_else(Said::missing)?;
        let paid = &self.intents[self.place(intent)?];
        if paid.status != "succeeded" {
            return Err(Said::invalid("payment_intent_unexpected_state"));
        }
        let left = paid.amount - self.refunded(intent);
        let amount = form
            .get("amount")
            .and_then(|amount| amount.parse().ok())
            .unwrap_or(left);
        if left == 0 || amount <= 0 || amount > left {
            return Err(Said::invalid("charge_already_refunded"));
        }
        let refund = Refund {
            id: id("re"),
            intent: intent.clone(),
            amount,
            status: "succeeded",
            metadata: metadata(form),
            created: now(),
        };
        self.refunds.push(refund.clone());
        self.tell("charge.refunded", intent);
        Ok(refund.show())
    }

    pub(super) fn return_refund(&mut self, id: &str) {
        let refund = self
            .refunds
            .iter_mut()
            .find(|refund| refund.id == id)
            .expect("there is such a refund");
        refund.status = "failed";
        let intent = refund.intent.clone();
        self.tell("charge.refund.updated", &intent);
    }

    /// Writes down that something happened to an intent or its charge, as they are now.
    fn tell(&mut self, kind: &'static str, intent: &str) {
        let Some(place) = self.intents.iter().position(|one| one.id == intent) else {
            return;
        };
        let shown = self.show(&self.intents[place]);
        let object = if kind.starts_with("charge.") {
            shown["latest_charge"].clone()
        } else {
            shown
        };
        let id = id("evt");
        let body = json!({
            "id": id, "object": "event", "type": kind, "created": now(), "livemode": false, "data": {"object": object},
        });
        self.events.push(Event {
            id,
            kind,
            intent: intent.to_owned(),
            body,
        });
    }

    fn show(&self, intent: &Intent) -> Value {
        let taken = intent.status == "succeeded";
        // 2.9 % and 30 cents, rounded to the nearest.
        let fee = (intent.amount * 29 + 500) / 1_000 + 30;
        let charge = json!({
            "id": intent.id.replace("pi_", "ch_"), "object": "charge", "amount": intent.amount, "payment_intent": intent.id,
            "amount_refunded": self.refunded(&intent.id), "metadata": intent.metadata,
            "balance_transaction": {"id": intent.id.replace("pi_", "txn_"), "fee": fee},
        });
        json!({
            "id": intent.id, "object": "payment_intent", "amount": intent.amount, "currency": intent.currency,
            "amount_received": if taken { intent.amount } else { 0 }, "status": intent.status, "created": intent.created,
            "livemode": false, "client_secret": format!("{}_secret", intent.id), "customer": intent.customer,
            "metadata": intent.metadata, "latest_charge": taken.then_some(charge),
            "last_payment_error": intent.failed.then(|| json!({"code": "card_declined"})),
        })
    }
}

impl Refund {
    fn show(&self) -> Value {
        json!({
            "id": self.id, "object": "refund", "amount": self.amount, "status": self.status, "payment_intent": self.intent,
            "metadata": self.metadata, "created": self.created,
        })
    }
}
