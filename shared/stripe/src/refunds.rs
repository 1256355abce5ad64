//! Refunds.

use std::collections::BTreeMap;

use portal_domain::money::Cents;
use portal_domain::payment::{RefundStatus, RefundTotals};
use serde::{Deserialize, Deserializer};

use crate::expandable::Identified;
use crate::form::Form;
use crate::page::{Created, Page};
use crate::{IdempotencyKey, Stripe, StripeError};

/// Why money goes back, in the words that Stripe has for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefundReason {
    /// It was paid twice.
    Duplicate,
    /// Somebody else has paid with the card.
    Fraudulent,
    /// Who has paid asks for it.
    RequestedByCustomer,
}

impl RefundReason {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Duplicate => "duplicate",
            Self::Fraudulent => "fraudulent",
            Self::RequestedByCustomer => "requested_by_customer",
        }
    }
}

/// A refund to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRefund {
    /// The PaymentIntent's id.
    pub payment_intent: String,
    /// How much goes back.
    pub amount: Cents,
    /// Why, where one of Stripe's words fits.
    pub reason: Option<RefundReason>,
    /// What we keep with it.
    pub metadata: BTreeMap<String, String>,
}

/// A refund.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Refund {
    /// The id, `re_…`.
    pub id: String,
    /// How much goes back.
    pub amount: Cents,
    /// Where it stands.
    #[serde(deserialize_with = "status")]
    pub status: RefundStatus,
    /// The PaymentIntent's id.
    #[serde(default)]
    pub payment_intent: Option<String>,
    /// When it was made, in seconds since 1970.
    pub created: i64,
    /// What we keep with it.
    #[serde(default)]
    pub metadata: BTreeMap<String, String>,
}

/// A refund without a status is one of a means of payment that knows none: it is done at once.
fn status<'de, D: Deserializer<'de>>(deserializer: D) -> Result<RefundStatus, D::Error> {
    let word = Option::<String>::deserialize(deserializer)?;
    Ok(word.map_or(RefundStatus::Succeeded, |word| RefundStatus::parse(&word)))
}

impl Refund {
    /// What all refunds of a payment come to.
    #[must_use]
    pub fn totals(refunds: &[Self]) -> RefundTotals {
        RefundTotals::of(refunds.iter().map(|refund| (refund.amount, refund.status)))
    }
}

impl Identified for Refund {
    fn id(&self) -> &str {
        &self.id
    }
}

impl Stripe {
    /// Gives money back.
    ///
    /// # Errors
    /// [`StripeError`]; `InvalidRequest` where more than is left is asked for.
    pub async fn create_refund(
        &self,
        refund: &NewRefund,
        key: &IdempotencyKey,
    ) -> Result<Refund, StripeError> {
        let form = Form::new()
            .with("payment_intent", &refund.payment_intent)
            .with("amount", refund.amount.get())
            .with_some("reason", refund.reason.map(RefundReason::as_str))
            .with_metadata(&refund.metadata);
        self.post("/v1/refunds", form, key).await
    }

    /// All refunds of a PaymentIntent, whatever became of them.
    ///
    /// # Errors
    /// [`StripeError`].
    pub async fn refunds_of(&self, payment_intent: &str) -> Result<Vec<Refund>, StripeError> {
        let mut refunds = Vec::new();
        let mut after = None;
        loop {
            let form = Form::new()
                .with("payment_intent", payment_intent)
                .with("limit", 100)
                .with_some("starting_after", after);
            let page: Page<Refund> = self.get("/v1/refunds", form).await?;
            after = page.next().map(str::to_owned);
            refunds.extend(page.data);
            if after.is_none() {
                return Ok(refunds);
            }
        }
    }

    /// A page of the refunds that were made in a time, 100 at most.
    ///
    /// # Errors
    /// [`StripeError`].
    pub async fn list_refunds(
        &self,
        created: Created,
        after: Option<&str>,
    ) -> Result<Page<Refund>, StripeError> {
        let form = created
            .add(Form::new())
            .with("limit", 100)
            .with_some("starting_after", after);
        self.get("/v1/refunds", form).await
    }
}
