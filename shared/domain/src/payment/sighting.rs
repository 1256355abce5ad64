//! What was seen of a payment at Stripe, at one moment.

use thiserror::Error;
use time::OffsetDateTime;

use super::{PaymentStatus, RefundTotals};
use crate::money::{Cents, Currency};

/// Where a PaymentIntent stands (<https://docs.stripe.com/payments/paymentintents/lifecycle>).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum IntentStatus {
    /// Waits for a means of payment; `failed` when one was tried and refused.
    RequiresPaymentMethod {
        /// Whether a try was refused (`last_payment_error` is there).
        failed: bool,
    },
    /// Waits for the confirmation.
    RequiresConfirmation,
    /// Waits for who pays, such as for a second factor of the bank.
    RequiresAction,
    /// The bank has been asked.
    Processing,
    /// Authorised, and not taken.
    RequiresCapture,
    /// Called off.
    Canceled,
    /// Taken.
    Succeeded,
}

impl IntentStatus {
    /// By Stripe's word for it. None for a word that we do not know.
    #[must_use]
    pub fn parse(word: &str, failed: bool) -> Option<Self> {
        Some(match word {
            "requires_payment_method" => Self::RequiresPaymentMethod { failed },
            "requires_confirmation" => Self::RequiresConfirmation,
            "requires_action" => Self::RequiresAction,
            "processing" => Self::Processing,
            "requires_capture" => Self::RequiresCapture,
            "canceled" => Self::Canceled,
            "succeeded" => Self::Succeeded,
            _ => return None,
        })
    }

    /// What it means for the payment, before refunds.
    #[must_use]
    pub const fn payment_status(self) -> PaymentStatus {
        match self {
            Self::RequiresPaymentMethod { failed: true } => PaymentStatus::Failed,
            Self::RequiresPaymentMethod { failed: false }
            | Self::RequiresConfirmation
            | Self::RequiresAction => PaymentStatus::Pending,
            Self::Processing | Self::RequiresCapture => PaymentStatus::Processing,
            Self::Canceled => PaymentStatus::Cancelled,
            Self::Succeeded => PaymentStatus::Completed,
        }
    }
}

/// What was seen of a payment at Stripe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// When Stripe said so at the latest: the creation of an event, or the moment before its API was asked. Tells an old answer about a
    /// payment that is still open from a new one; of what is final the order does not matter.
    pub at: OffsetDateTime,
    /// Where the PaymentIntent stands.
    pub status: IntentStatus,
    /// What it asks for.
    pub amount: Cents,
    /// In which currency.
    pub currency: Currency,
    /// What it has taken (`amount_received`).
    pub received: Cents,
    /// What was given back of it.
    pub refunds: RefundTotals,
    /// Stripe's fee, where the balance transaction was asked for and is there.
    pub fee: Option<Cents>,
}

/// What was seen cannot be about this payment as we know it. Nothing is changed; people have to look.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum SightingError {
    /// The PaymentIntent asks for something else than the payment.
    #[error("Stripe asks for {seen} cents, the payment is of {expected}")]
    OtherAmount {
        /// The payment's amount.
        expected: i64,
        /// The PaymentIntent's.
        seen: i64,
    },
    /// It asks in another currency.
    #[error("Stripe asks in {seen}, the payment is in {expected}")]
    OtherCurrency {
        /// The payment's currency.
        expected: Currency,
        /// The PaymentIntent's.
        seen: Currency,
    },
    /// It has succeeded, and taken something else than it asked for.
    #[error("Stripe has taken {seen} cents of a payment of {expected}")]
    OtherReceived {
        /// The payment's amount.
        expected: i64,
        /// What was taken.
        seen: i64,
    },
    /// More was given back than was taken, or has returned than was given back.
    #[error(
        "{refunded} cents of a payment of {amount} were given back, and {returned} of them have returned"
    )]
    RefundsOutOfBounds {
        /// The payment's amount.
        amount: i64,
        /// What was given back, with what has returned.
        refunded: i64,
        /// What has returned.
        returned: i64,
    },
}
