//! Taking what Stripe sends.

use portal_data::payment_findings::{self, FindingKind};
use portal_data::payments::{self, Settled};
use portal_data::stripe_events::{self, EventOutcome};
use portal_domain::ids::PaymentId;
use portal_stripe::{Event, StripeError};
use uuid::Uuid;

use crate::{Cashier, CashierError, PAYMENT};

/// Events about money that the payer's bank wants back.
const DISPUTE: &str = "charge.dispute.";

/// Whether events of a type are about money that we ask for or give back.
#[must_use]
pub fn is_about_payments(kind: &str) -> bool {
    ["payment_intent.", "charge.", "refund."]
        .iter()
        .any(|family| kind.starts_with(family))
}

impl Cashier {
    /// Takes an event, once however often it is delivered. It only says that something is new: what, Stripe is asked, so that it does not
    /// matter in which order events come. An event that could not be taken is not known yet, and Stripe sends it again.
    ///
    /// # Errors
    /// [`CashierError`]; nothing was taken then.
    pub async fn take(&self, run: Uuid, event: &Event) -> Result<EventOutcome, CashierError> {
        let mut tx = self.begin(run).await?;
        if stripe_events::is_known(&mut tx, &event.id).await? {
            tx.commit().await?;
            return Ok(EventOutcome::Unchanged);
        }
        let intent = event.object.payment_intent.as_deref();
        let intent = intent.filter(|_| is_about_payments(&event.kind));
        let payment = match intent {
            Some(intent) => find(&mut tx, event, intent).await?,
            None => None,
        };
        tx.commit().await?;
        // No transaction is open while Stripe is asked.
        let seen = match (payment, intent) {
            (Some(payment), Some(intent)) => match self.see(intent).await {
                Ok((_, seen)) => Some((payment, seen)),
                // Sent again it would be no more known: the night makes a finding of a payment that Stripe has lost.
                Err(CashierError::Stripe(StripeError::NotFound(_))) => None,
                Err(error) => return Err(error),
            },
            _ => None,
        };
        let mut tx = self.begin(run).await?;
        if !stripe_events::take(&mut tx, &event.id, &event.kind, event.created).await? {
            tx.commit().await?;
            return Ok(EventOutcome::Unchanged);
        }
        let outcome = match (&seen, intent) {
            (Some((payment, seen)), _) => {
                let settled = payments::settle(&mut tx, *payment, seen, (&self.terms, self.now())).await?;
                match settled {
                    Settled::Changed(_) => EventOutcome::Settled,
                    Settled::Unchanged(_) => EventOutcome::Unchanged,
                    Settled::Contradicts => EventOutcome::Contradicts,
                }
            }
            (None, Some(_)) => EventOutcome::UnknownPayment,
            (None, None) => EventOutcome::Ignored,
        };
        let payment = seen.map(|(payment, _)| payment);
        if event.kind.starts_with(DISPUTE) {
            report_dispute(&mut tx, event, payment).await?;
        }
        stripe_events::finish(&mut tx, &event.id, payment, outcome).await?;
        tx.commit().await?;
        Ok(outcome)
    }
}

/// No rule settles a dispute: its money is held back, and comes again or not by what staff answer at Stripe. The last event about it stands
/// in the finding, also that it is over.
async fn report_dispute(
    tx: &mut portal_data::Tx,
    event: &Event,
    payment: Option<PaymentId>,
) -> Result<(), portal_data::DataError> {
    let subject = event.object.id.as_deref().unwrap_or(&event.id);
    let happened = event.kind.trim_start_matches(DISPUTE);
    let detail = format!(
        "the payer's bank disputes the charge ({happened}): answer it at Stripe; the books still count the money as taken"
    );
    payment_findings::report(tx, (FindingKind::Disputed, subject), payment, &detail).await
}

/// The payment that an event is about: the one that we have named to the PaymentIntent, or that knows it.
async fn find(
    tx: &mut portal_data::Tx,
    event: &Event,
    intent: &str,
) -> Result<Option<PaymentId>, portal_data::DataError> {
    if let Some(known) = payments::lookup_by_intent(tx, intent).await? {
        return Ok(Some(known));
    }
    let named = event.object.metadata.get(PAYMENT);
    let Some(named) = named.and_then(|id| id.parse::<PaymentId>().ok()) else {
        return Ok(None);
    };
    Ok(payments::look(tx, named).await?.map(|payment| payment.id))
}
