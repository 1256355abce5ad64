//! Asking Stripe for the money of a payment that is written down.

use std::collections::BTreeMap;

use portal_data::ConsistencyToken;
use portal_data::payments::{Look, Settled};
use portal_domain::payment::PaymentStatus;
use portal_stripe::{ClientSecret, IdempotencyKey, NewPaymentIntent, PaymentIntent, StripeError};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{Cashier, CashierError, PAYMENT};

/// A payment that Stripe knows of.
#[derive(Clone, Debug, PartialEq)]
pub struct Arranged {
    /// Where it stands.
    pub status: PaymentStatus,
    /// What the payer's client confirms it with, while it can be paid.
    pub client_secret: Option<ClientSecret>,
    /// The write that says so, where anything was new.
    pub written: Option<ConsistencyToken>,
}

impl Cashier {
    /// Has Stripe ask for the money of a payment, once however often this is done, and joins what was seen with the books.
    ///
    /// # Errors
    /// [`CashierError`]; done again it goes on.
    pub async fn arrange(&self, run: Uuid, payment: &Look) -> Result<Arranged, CashierError> {
        let (intent, seen) = match &payment.intent {
            Some(intent) => self.see(intent).await?,
            None if !payment.status.is_open() => {
                return Ok(Arranged {
                    status: payment.status,
                    client_secret: None,
                    written: None,
                });
            }
            None => {
                let intent = self.create(payment).await?;
                // Asked for again, Stripe gives the answer of the first time: what it tells is as old as the intent.
                let at = OffsetDateTime::from_unix_timestamp(intent.created).unwrap_or_else(|_| self.now());
                let seen = self.complete(&intent, at).await?;
                (intent, seen)
            }
        };
        let (settled, written) = self.write(run, payment.id, &seen).await?;
        let status = match settled {
            Settled::Changed(state) | Settled::Unchanged(state) => state.status,
            Settled::Contradicts => payment.status,
        };
        Ok(Arranged {
            status,
            client_secret: intent.client_secret.filter(|_| status.is_open()),
            written,
        })
    }

    async fn create(&self, payment: &Look) -> Result<PaymentIntent, CashierError> {
        let id = payment.id.to_string();
        let new = NewPaymentIntent {
            amount: payment.amount,
            currency: payment.currency,
            customer: None,
            description: Some(payment.description.clone()),
            metadata: BTreeMap::from([(PAYMENT.to_owned(), id.clone())]),
        };
        Ok(self
            .stripe
            .create_payment_intent(&new, &key(format!("payment/{id}"))?)
            .await?)
    }
}

/// What makes a request happen once.
pub(crate) fn key(text: String) -> Result<IdempotencyKey, StripeError> {
    IdempotencyKey::try_from(text).map_err(|error| StripeError::Setup(error.to_string()))
}
