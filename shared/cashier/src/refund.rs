//! Making a refund that is written down.

use std::collections::BTreeMap;

use portal_data::ConsistencyToken;
use portal_data::refunds::{self, OwedRefund};
use portal_stripe::{NewRefund, StripeError};
use uuid::Uuid;

use crate::intent::key;
use crate::{Cashier, CashierError, REFUND};

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refunded {
    /// Stripe gives the money back.
    Made,
    /// Stripe never will; there is a finding for people.
    Refused,
}

impl Cashier {
    /// Makes a refund, once however often this is done, and joins what was seen with the books. Whether it was made before is asked first:
    /// Stripe forgets an idempotency key after a while, and what is kept with a refund it does not.
    ///
    /// # Errors
    /// [`CashierError`]; done again it goes on.
    pub async fn give_back(
        &self,
        run: Uuid,
        owed: &OwedRefund,
    ) -> Result<(Refunded, Option<ConsistencyToken>), CashierError> {
        let id = owed.id.to_string();
        let made = match self.stripe.refunds_of(&owed.intent).await {
            // Of what Stripe does not know there are no refunds: it says so again when it is asked for one.
            Err(StripeError::NotFound(_)) => Vec::new(),
            made => made?,
        };
        let is_made = made.iter().any(|refund| refund.metadata.get(REFUND) == Some(&id));
        if !is_made {
            let new = NewRefund {
                payment_intent: owed.intent.clone(),
                amount: owed.amount,
                reason: None,
                metadata: BTreeMap::from([(REFUND.to_owned(), id.clone())]),
            };
            match self
                .stripe
                .create_refund(&new, &key(format!("refund/{id}"))?)
                .await
            {
                Ok(_) => {}
                Err(
                    error
                    @ (StripeError::InvalidRequest(_) | StripeError::NotFound(_) | StripeError::Card(_)),
                ) => {
                    return self.give_up(run, owed, &error).await;
                }
                Err(error) => return Err(error.into()),
            }
        }
        let (_, written) = self.settle(run, owed.payment, &owed.intent).await?;
        Ok((Refunded::Made, written))
    }

    async fn give_up(
        &self,
        run: Uuid,
        owed: &OwedRefund,
        error: &StripeError,
    ) -> Result<(Refunded, Option<ConsistencyToken>), CashierError> {
        let mut tx = self.begin(run).await?;
        refunds::refuse(&mut tx, owed.id, &error.to_string(), self.now()).await?;
        let given_up = tx.commit().await?;
        // What is left may have gone back by another way.
        match self.settle(run, owed.payment, &owed.intent).await {
            Ok((_, written)) => Ok((Refunded::Refused, written.or(given_up))),
            Err(CashierError::Stripe(StripeError::NotFound(_))) => Ok((Refunded::Refused, given_up)),
            Err(error) => Err(error),
        }
    }
}
