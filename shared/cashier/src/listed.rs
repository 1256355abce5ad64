//! What Stripe lists, told from what is known.

use std::collections::HashMap;

use portal_data::payments::{self, Attachment};
use portal_domain::ids::PaymentId;
use portal_domain::payment::PaymentStatus;
use portal_stripe::PaymentIntent;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{Cashier, CashierError, PAYMENT};

/// A PaymentIntent as it was listed.
#[derive(Clone, Debug, PartialEq)]
pub enum Listed {
    /// The books have all of it.
    Known,
    /// The books lack something of this payment.
    New(PaymentId, String),
    /// The payment was called off before the books knew of it: it is to be called off at Stripe, too.
    CalledOff(PaymentId, String),
    /// It is none of ours, and has taken money.
    Unknown(String),
}

impl Cashier {
    /// Tells which PaymentIntents of a list the books lack something of, in their order.
    ///
    /// # Errors
    /// [`CashierError`].
    pub async fn sort(
        &self,
        run: Uuid,
        intents: &[PaymentIntent],
        at: OffsetDateTime,
    ) -> Result<Vec<Listed>, CashierError> {
        let named =
            |intent: &PaymentIntent| -> Option<PaymentId> { intent.metadata.get(PAYMENT)?.parse().ok() };
        let ids: Vec<PaymentId> = intents.iter().filter_map(named).collect();
        let addresses: Vec<String> = intents.iter().map(|intent| intent.id.clone()).collect();
        let mut tx = self.begin(run).await?;
        let attachments = payments::lookup_many(&mut tx, &ids, &addresses).await?;
        tx.commit().await?;
        let by_id: HashMap<PaymentId, &Attachment> = attachments.iter().map(|one| (one.id, one)).collect();
        let by_intent: HashMap<&str, &Attachment> = attachments
            .iter()
            .filter_map(|one| Some((one.intent.as_deref()?, one)))
            .collect();
        let of = |intent: &PaymentIntent| {
            let known = by_intent.get(intent.id.as_str()).copied();
            known.or_else(|| by_id.get(&named(intent)?).copied())
        };
        Ok(intents
            .iter()
            .map(|intent| match of(intent) {
                Some(known) if is_left_open(known, intent) => Listed::CalledOff(known.id, intent.id.clone()),
                Some(known) if is_known(known, intent, at) => Listed::Known,
                Some(known) => Listed::New(known.id, intent.id.clone()),
                None if intent.status == "succeeded" => Listed::Unknown(intent.id.clone()),
                None => Listed::Known,
            })
            .collect())
    }
}

/// Whether money could still be taken for what was called off.
fn is_left_open(known: &Attachment, intent: &PaymentIntent) -> bool {
    let is_open =
        intent.status != "succeeded" && intent.status != "canceled" && intent.status != "processing";
    let is_its_own = known.intent.as_ref().is_none_or(|own| *own == intent.id);
    known.state.status == PaymentStatus::Cancelled && is_open && is_its_own
}

/// Whether the books have all that the list tells of a PaymentIntent. When an open payment was last seen is no news.
fn is_known(known: &Attachment, intent: &PaymentIntent, at: OffsetDateTime) -> bool {
    let Ok(sighting) = intent.sighting(at, None) else {
        return false;
    };
    let observed = known.state.observe(&sighting);
    known.intent.is_some()
        && observed.is_ok_and(|mut observed| {
            observed.state.seen_at = known.state.seen_at;
            observed.is_unchanged(&known.state)
        })
}
