//! Calling a payment off before money is taken.

use portal_data::ConsistencyToken;
use portal_data::payments::{self, Settled};
use portal_domain::ids::PaymentId;
use portal_domain::payment::PaymentStatus;
use portal_stripe::StripeError;
use uuid::Uuid;

use crate::intent::key;
use crate::{Cashier, CashierError};

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cancelled {
    /// No money can be taken for it any more.
    Done,
    /// It stands where it cannot be called off.
    TooLate(PaymentStatus),
}

impl Cashier {
    /// Calls a payment off, at Stripe first: what was taken meanwhile counts. `intent` is what is known of it. Gives the write that says so, too.
    ///
    /// # Errors
    /// [`CashierError`]; done again it goes on.
    pub async fn cancel(
        &self,
        run: Uuid,
        payment: PaymentId,
        intent: Option<&str>,
    ) -> Result<(Cancelled, Option<ConsistencyToken>), CashierError> {
        let Some(intent) = intent else {
            return self.call_off(run, payment).await;
        };
        // Of a new key each time: what was too early to be called off may not be any more.
        let asked = key(format!("cancel/{}", Uuid::now_v7()))?;
        match self.stripe.cancel_payment_intent(intent, &asked).await {
            // It has succeeded or was called off already: what it is counts.
            Ok(_) | Err(StripeError::InvalidRequest(_)) => {}
            Err(error) => return Err(error.into()),
        }
        let (settled, written) = self.settle(run, payment, intent).await?;
        let cancelled = match settled {
            Settled::Changed(state) | Settled::Unchanged(state) => of(state.status),
            Settled::Contradicts => Cancelled::TooLate(PaymentStatus::Processing),
        };
        Ok((cancelled, written))
    }

    /// Calls off what Stripe has never heard of.
    async fn call_off(
        &self,
        run: Uuid,
        payment: PaymentId,
    ) -> Result<(Cancelled, Option<ConsistencyToken>), CashierError> {
        let mut tx = self.begin(run).await?;
        let done = payments::call_off(&mut tx, payment).await?;
        let now = payments::look(&mut tx, payment).await?;
        let written = tx.commit().await?;
        let cancelled = match now {
            Some(_) if done => Cancelled::Done,
            Some(now) => of(now.status),
            None => return Err(portal_data::DataError::NotFound.into()),
        };
        Ok((cancelled, written))
    }
}

const fn of(status: PaymentStatus) -> Cancelled {
    match status {
        PaymentStatus::Cancelled => Cancelled::Done,
        other => Cancelled::TooLate(other),
    }
}
