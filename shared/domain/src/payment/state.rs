//! Where a payment stands, and what people can do with it.

use thiserror::Error;
use time::OffsetDateTime;

use super::{PaymentStatus, PaymentType, RefundTotals};
use crate::money::{Cents, Currency};
use crate::words::words;

words! {
    /// What became of what was bought.
    Delivery {
        /// It was not given yet.
        Due = "DUE",
        /// It was given.
        Given = "GIVEN",
        /// It can no longer be given: the money goes back.
        Refused = "REFUSED",
        /// It was given, and taken back since the money went back.
        TakenBack = "TAKEN_BACK",
    }
}

words! {
    /// What people do with a payment.
    PaymentAction {
        /// Pays, for the first time or once more.
        Pay = "pay",
        /// Calls it off.
        Cancel = "cancel",
        /// Gives money back.
        Refund = "refund",
    }
}

/// An action that the payment's state does not allow.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("a payment that is {from} cannot {action}")]
pub struct IllegalPaymentAction {
    /// What was tried.
    pub action: PaymentAction,
    /// Where the payment stands.
    pub from: PaymentStatus,
}

/// All that the next sighting needs to know of a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PaymentState {
    /// What is paid for.
    pub kind: PaymentType,
    /// What is asked for; never nothing.
    pub amount: Cents,
    /// In which currency.
    pub currency: Currency,
    /// Where it stands.
    pub status: PaymentStatus,
    /// As of when that was seen, while it is open; None before anything was seen, and when it no longer matters.
    pub seen_at: Option<OffsetDateTime>,
    /// What was given back.
    pub refunds: RefundTotals,
    /// Stripe's fee, once it is known and in the ledger.
    pub fee: Option<Cents>,
    /// What became of what was bought.
    pub delivery: Delivery,
}

impl PaymentState {
    /// A payment that has just been asked for.
    #[must_use]
    pub const fn asked(kind: PaymentType, amount: Cents, currency: Currency) -> Self {
        Self {
            kind,
            amount,
            currency,
            status: PaymentStatus::Pending,
            seen_at: None,
            refunds: RefundTotals::NONE,
            fee: None,
            delivery: Delivery::Due,
        }
    }

    /// Whether who has paid has what was bought, or should have it: money was taken, and not all of it given back.
    #[must_use]
    pub fn is_entitled(&self) -> bool {
        self.status.is_taken() && self.refunds.net() < self.amount
    }

    /// The same payment, when what was bought could not be given. All that is left of the money is to go back.
    #[must_use]
    pub const fn refused(self) -> Self {
        Self {
            delivery: Delivery::Refused,
            ..self
        }
    }
}

impl PaymentStatus {
    /// Whether money may still be taken.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Pending | Self::Processing | Self::Failed)
    }

    /// Whether money was taken.
    #[must_use]
    pub const fn is_taken(self) -> bool {
        matches!(self, Self::Completed | Self::Refunded)
    }

    /// What people can do with a payment in this state. One that is being processed can neither be paid again nor be called off.
    #[must_use]
    pub const fn actions(self) -> &'static [PaymentAction] {
        use PaymentAction::{Cancel, Pay, Refund};
        match self {
            Self::Pending | Self::Failed => &[Pay, Cancel],
            Self::Completed => &[Refund],
            Self::Processing | Self::Refunded | Self::Cancelled => &[],
        }
    }

    /// Checks that the action is one of those.
    ///
    /// # Errors
    /// [`IllegalPaymentAction`].
    pub fn allow(self, action: PaymentAction) -> Result<(), IllegalPaymentAction> {
        if self.actions().contains(&action) {
            Ok(())
        } else {
            Err(IllegalPaymentAction { action, from: self })
        }
    }

    /// The states that Stripe can bring a payment to from this one, one step at a time. A sighting may be several steps ahead.
    #[must_use]
    pub const fn next(self) -> &'static [Self] {
        match self {
            Self::Pending => &[Self::Processing, Self::Failed, Self::Completed, Self::Cancelled],
            Self::Processing => &[Self::Pending, Self::Failed, Self::Completed, Self::Cancelled],
            Self::Failed => &[Self::Pending, Self::Processing, Self::Completed, Self::Cancelled],
            Self::Completed => &[Self::Refunded],
            // A refund that could not reach who paid comes back.
            Self::Refunded => &[Self::Completed],
            // We may have called off a payment that Stripe has taken meanwhile: the money is what counts.
            Self::Cancelled => &[Self::Completed],
        }
    }
}
