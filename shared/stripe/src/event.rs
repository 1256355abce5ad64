//! Events: what webhooks tell.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use thiserror::Error;
use time::OffsetDateTime;

use crate::secret::WebhookSecret;
use crate::signature::{SignatureError, verify};

/// Why a webhook is not taken.
#[derive(Debug, Error)]
pub enum EventError {
    /// It is not Stripe's, or too old.
    #[error(transparent)]
    Signature(#[from] SignatureError),
    /// It is signed, and no event.
    #[error("the webhook holds no event of Stripe")]
    Malformed(#[source] serde_json::Error),
}

/// Something that happened at Stripe. Types that we do not know are kept by their name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The id, `evt_…`: the same at each delivery.
    pub id: String,
    /// What happened, such as `payment_intent.succeeded`.
    pub kind: String,
    /// When.
    pub created: OffsetDateTime,
    /// Whether it is about real money.
    pub livemode: bool,
    /// What it happened to. The event holds the thing as it was then: what it is now is to be asked for.
    pub object: EventObject,
}

/// What an event is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventObject {
    /// What kind of thing: `payment_intent`, `charge`, `refund`, or another.
    pub kind: String,
    /// Its id; things without one have none.
    pub id: Option<String>,
    /// The PaymentIntent that it is, or belongs to.
    pub payment_intent: Option<String>,
    /// What we keep with it.
    pub metadata: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Envelope {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    created: i64,
    #[serde(default)]
    livemode: bool,
    data: Data,
}

#[derive(Deserialize)]
struct Data {
    object: Value,
}

impl Event {
    /// The event in a webhook: the value of its `Stripe-Signature`, and its body to the byte. How large a body may be is the caller's.
    ///
    /// # Errors
    /// [`EventError`].
    pub fn from_webhook(
        signature: &str,
        body: &[u8],
        secrets: &[WebhookSecret],
        now: OffsetDateTime,
    ) -> Result<Self, EventError> {
        verify(signature, body, secrets, now)?;
        Self::parse(body).map_err(EventError::Malformed)
    }

    /// An event whose sender is known.
    ///
    /// # Errors
    /// When it is none.
    pub fn parse(body: &[u8]) -> Result<Self, serde_json::Error> {
        let envelope: Envelope = serde_json::from_slice(body)?;
        let created = OffsetDateTime::from_unix_timestamp(envelope.created);
        Ok(Self {
            id: envelope.id,
            kind: envelope.kind,
            created: created.map_err(serde::de::Error::custom)?,
            livemode: envelope.livemode,
            object: EventObject::of(&envelope.data.object),
        })
    }
}

impl EventObject {
    fn of(object: &Value) -> Self {
        let text = |name: &str| object.get(name).and_then(Value::as_str).map(str::to_owned);
        let kind = text("object").unwrap_or_default();
        let id = text("id");
        let payment_intent = if kind == "payment_intent" {
            id.clone()
        } else {
            // Expanded, it would be there in full.
            let full = object.get("payment_intent").and_then(|intent| intent.get("id"));
            text("payment_intent").or_else(|| full.and_then(Value::as_str).map(str::to_owned))
        };
        let metadata = object.get("metadata").and_then(Value::as_object);
        let pairs = metadata.into_iter().flatten();
        let pairs = pairs.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())));
        Self {
            payment_intent,
            kind,
            id,
            metadata: pairs.collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Event {
        Event::parse(text.as_bytes()).unwrap()
    }

    #[test]
    fn an_event_tells_which_intent_it_is_about() {
        let intent = parse(
            r#"{"id": "evt_1", "object": "event", "type": "payment_intent.succeeded", "created": 1700000000, "livemode": true,
                "data": {"object": {"object": "payment_intent", "id": "pi_1", "metadata": {"payment": "p"}}}}"#,
        );
        assert_eq!(
            (intent.kind.as_str(), intent.livemode),
            ("payment_intent.succeeded", true)
        );
        assert_eq!(intent.created.unix_timestamp(), 1_700_000_000);
        assert_eq!(intent.object.payment_intent.as_deref(), Some("pi_1"));
        assert_eq!(
            intent.object.metadata.get("payment").map(String::as_str),
            Some("p")
        );
        for of in [r#""pi_2""#, r#"{"id": "pi_2", "object": "payment_intent"}"#] {
            let charge = parse(&format!(
                r#"{{"id": "evt_2", "type": "charge.refunded", "created": 1, "data": {{"object": {{"object": "charge", "id": "ch_1",
                    "payment_intent": {of}}}}}}}"#
            ));
            assert_eq!(charge.object.payment_intent.as_deref(), Some("pi_2"));
        }
    }

    #[test]
    fn an_event_of_an_unknown_type_is_kept() {
        let event = parse(
            r#"{"id": "evt_3", "type": "moon.landed", "created": 1, "data": {"object": {"height": 3}}}"#,
        );
        assert_eq!(event.kind, "moon.landed");
        assert_eq!((event.object.id, event.object.payment_intent), (None, None));
    }

    #[test]
    fn what_is_no_event_is_refused() {
        for text in [
            "",
            "[]",
            "{}",
            r#"{"id": "evt_1", "type": "x", "created": 1e40, "data": {"object": {}}}"#,
        ] {
            assert!(Event::parse(text.as_bytes()).is_err(), "{text:?}");
        }
    }
}
