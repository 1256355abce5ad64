//! PaymentIntents: money that is asked for.

use std::collections::BTreeMap;

use portal_domain::money::{Cents, Currency};
use portal_domain::payment::{IntentStatus, RefundTotals, Sighting};
use serde::Deserialize;
use thiserror::Error;
use time::OffsetDateTime;

use crate::customers::Customer;
use crate::expandable::{Expandable, Identified};
use crate::form::Form;
use crate::page::{Created, Page};
use crate::refunds::Refund;
use crate::secret::hidden;
use crate::{IdempotencyKey, Stripe, StripeError};

/// What a sighting needs besides the PaymentIntent itself: the charge, and what Stripe keeps of it.
const CHARGE_WITH_FEE: &str = "latest_charge.balance_transaction";

hidden! {
    /// What the payer's client confirms the payment with. It goes to the payer alone.
    ClientSecret
}

/// A PaymentIntent to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPaymentIntent {
    /// How much.
    pub amount: Cents,
    /// In which currency.
    pub currency: Currency,
    /// Who pays, `cus_…`.
    pub customer: Option<String>,
    /// What is paid for, in words.
    pub description: Option<String>,
    /// What we keep with it: the payment's own id, so that it can be found by what Stripe tells.
    pub metadata: BTreeMap<String, String>,
}

/// A PaymentIntent.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct PaymentIntent {
    /// The id, `pi_…`.
    pub id: String,
    /// What it asks for.
    pub amount: Cents,
    /// What it has taken.
    #[serde(default = "nothing")]
    pub amount_received: Cents,
    /// The currency.
    pub currency: Currency,
    /// Stripe's word for where it stands.
    pub status: String,
    /// When it was made, in seconds since 1970.
    pub created: i64,
    /// Whether it is about real money.
    pub livemode: bool,
    /// Who pays.
    #[serde(default)]
    pub customer: Option<Expandable<Customer>>,
    /// What the payer's client confirms it with.
    #[serde(default)]
    pub client_secret: Option<ClientSecret>,
    /// What we keep with it.
    #[serde(default)]
    pub metadata: BTreeMap<String, String>,
    /// Why the last try was refused.
    #[serde(default)]
    pub last_payment_error: Option<PaymentFailure>,
    /// The last try.
    #[serde(default)]
    pub latest_charge: Option<Expandable<Charge>>,
}

/// Why a try to pay was refused.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct PaymentFailure {
    /// Stripe's code, such as `card_declined`.
    #[serde(default)]
    pub code: Option<String>,
    /// The bank's, such as `insufficient_funds`.
    #[serde(default)]
    pub decline_code: Option<String>,
}

/// A try to take money.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Charge {
    /// The id, `ch_…`.
    pub id: String,
    /// What was given back of it, without what has returned.
    #[serde(default = "nothing")]
    pub amount_refunded: Cents,
    /// What it did to our balance at Stripe.
    #[serde(default)]
    pub balance_transaction: Option<Expandable<BalanceTransaction>>,
}

/// A change of our balance at Stripe.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct BalanceTransaction {
    /// The id, `txn_…`.
    pub id: String,
    /// What Stripe keeps.
    pub fee: Cents,
}

const fn nothing() -> Cents {
    Cents::ZERO
}

macro_rules! identified {
    ($($name:ident),+) => {$(
        impl Identified for $name {
            fn id(&self) -> &str {
                &self.id
            }
        }
    )+};
}

identified!(PaymentIntent, Charge, BalanceTransaction, Customer);

/// A PaymentIntent that stands where we know of no such state.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("the PaymentIntent {id} is {status:?}, of which nothing is known here")]
pub struct UnusableIntent {
    /// Which.
    pub id: String,
    /// Stripe's word.
    pub status: String,
}

impl PaymentIntent {
    /// What was seen of the payment: of the intent as it was retrieved, and of all its refunds where they were asked for. `at` is the moment
    /// before Stripe was asked. Without the refunds at least what the charge tells was given back.
    ///
    /// # Errors
    /// [`UnusableIntent`] for a status that we do not know.
    pub fn sighting(
        &self,
        at: OffsetDateTime,
        refunds: Option<&[Refund]>,
    ) -> Result<Sighting, UnusableIntent> {
        let status = IntentStatus::parse(&self.status, self.last_payment_error.is_some());
        let status = status.ok_or_else(|| UnusableIntent {
            id: self.id.clone(),
            status: self.status.clone(),
        })?;
        let charge = self.charge();
        let told = charge.map_or(RefundTotals::NONE, |charge| {
            RefundTotals::at_least(charge.amount_refunded)
        });
        Ok(Sighting {
            at,
            status,
            amount: self.amount,
            currency: self.currency,
            received: self.amount_received,
            refunds: refunds.map_or(told, Refund::totals),
            fee: charge.and_then(Charge::fee),
        })
    }

    /// The last try, where it was told in full.
    #[must_use]
    pub fn charge(&self) -> Option<&Charge> {
        self.latest_charge.as_ref().and_then(Expandable::full)
    }
}

impl Charge {
    /// What Stripe keeps of it, where that was told.
    #[must_use]
    pub fn fee(&self) -> Option<Cents> {
        let transaction = self.balance_transaction.as_ref().and_then(Expandable::full)?;
        Some(transaction.fee)
    }
}

impl Stripe {
    /// Asks for money.
    ///
    /// # Errors
    /// [`StripeError`].
    pub async fn create_payment_intent(
        &self,
        intent: &NewPaymentIntent,
        key: &IdempotencyKey,
    ) -> Result<PaymentIntent, StripeError> {
        let form = Form::new()
            .with("amount", intent.amount.get())
            .with("currency", intent.currency.as_str().to_ascii_lowercase())
            .with_some("customer", intent.customer.as_deref())
            .with_some("description", intent.description.as_deref())
            .with_metadata(&intent.metadata);
        self.post("/v1/payment_intents", form, key).await
    }

    /// The PaymentIntent as it is now, with its last charge and what Stripe keeps of it.
    ///
    /// # Errors
    /// [`StripeError`]; `NotFound` where there is none.
    pub async fn retrieve_payment_intent(&self, id: &str) -> Result<PaymentIntent, StripeError> {
        let path = format!("/v1/payment_intents/{}", segment(id));
        self.get(&path, Form::new().expanding(CHARGE_WITH_FEE)).await
    }

    /// Calls a PaymentIntent off.
    ///
    /// # Errors
    /// [`StripeError`]; `InvalidRequest` where it has succeeded, or was called off already.
    pub async fn cancel_payment_intent(
        &self,
        id: &str,
        key: &IdempotencyKey,
    ) -> Result<PaymentIntent, StripeError> {
        let path = format!("/v1/payment_intents/{}/cancel", segment(id));
        self.post(&path, Form::new(), key).await
    }

    /// A page of the PaymentIntents that were made in a time, 100 at most, with their last charges and what Stripe keeps of them.
    ///
    /// # Errors
    /// [`StripeError`].
    pub async fn list_payment_intents(
        &self,
        created: Created,
        after: Option<&str>,
    ) -> Result<Page<PaymentIntent>, StripeError> {
        let form = created
            .add(Form::new())
            .with("limit", 100)
            .with_some("starting_after", after)
            .expanding(&format!("data.{CHARGE_WITH_FEE}"));
        self.get("/v1/payment_intents", form).await
    }
}

/// An id as a part of a path.
fn segment(id: &str) -> String {
    form_urlencoded::byte_serialize(id.as_bytes()).collect()
}
