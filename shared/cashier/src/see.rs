//! Looking at Stripe, and joining what was seen with the books.

use portal_data::ConsistencyToken;
use portal_data::payments::{self, Seen, SeenRefund, Settled};
use portal_domain::ids::PaymentId;
use portal_stripe::{PaymentIntent, Refund};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{Cashier, CashierError, REFUND};

impl Cashier {
    /// Looks at a PaymentIntent as it is now, and joins it with the payment that it pays; what came of it, and the write that says so. Done
    /// again it does nothing more.
    ///
    /// # Errors
    /// [`CashierError`]; the payment is as it was then.
    pub async fn settle(
        &self,
        run: Uuid,
        payment: PaymentId,
        intent: &str,
    ) -> Result<(Settled, Option<ConsistencyToken>), CashierError> {
        let (_, seen) = self.see(intent).await?;
        self.write(run, payment, &seen).await
    }

    /// The PaymentIntent as it is now, and what was seen of it.
    pub(crate) async fn see(&self, intent: &str) -> Result<(PaymentIntent, Seen), CashierError> {
        // Before the question: an answer is never taken for newer than it is.
        let at = self.now();
        let intent = self.stripe.retrieve_payment_intent(intent).await?;
        let seen = self.complete(&intent, at).await?;
        Ok((intent, seen))
    }

    /// What was seen of a PaymentIntent, with its refunds where money was taken.
    pub(crate) async fn complete(
        &self,
        intent: &PaymentIntent,
        at: OffsetDateTime,
    ) -> Result<Seen, CashierError> {
        let refunds = if intent.status == "succeeded" {
            self.stripe.refunds_of(&intent.id).await?
        } else {
            Vec::new()
        };
        Ok(seen(intent, at, &refunds)?)
    }

    /// Joins what was seen with the books.
    pub(crate) async fn write(
        &self,
        run: Uuid,
        payment: PaymentId,
        seen: &Seen,
    ) -> Result<(Settled, Option<ConsistencyToken>), CashierError> {
        let mut tx = self.begin(run).await?;
        let settled = payments::settle(&mut tx, payment, seen, (&self.terms, self.now())).await?;
        Ok((settled, tx.commit().await?))
    }
}

fn seen(
    intent: &PaymentIntent,
    at: OffsetDateTime,
    refunds: &[Refund],
) -> Result<Seen, portal_stripe::UnusableIntent> {
    let failure = intent.last_payment_error.as_ref();
    let failure = failure.map(|failure| {
        let code = failure.decline_code.as_ref().or(failure.code.as_ref());
        code.cloned().unwrap_or_else(|| "unknown".to_owned())
    });
    Ok(Seen {
        intent: intent.id.clone(),
        charge: intent.latest_charge.as_ref().map(|charge| charge.id().to_owned()),
        customer: intent.customer.as_ref().map(|customer| customer.id().to_owned()),
        failure_code: failure,
        sighting: intent.sighting(at, Some(refunds))?,
        refunds: refunds.iter().map(seen_refund).collect(),
    })
}

fn seen_refund(refund: &Refund) -> SeenRefund {
    SeenRefund {
        stripe_id: refund.id.clone(),
        ours: refund.metadata.get(REFUND).and_then(|id| id.parse().ok()),
        amount: refund.amount,
        status: refund.status,
    }
}
