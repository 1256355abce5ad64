//! Giving money back.

use thiserror::Error;

use super::{PaymentState, PaymentStatus};
use crate::money::Cents;

/// Where one refund stands at Stripe (<https://docs.stripe.com/api/refunds/object>).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RefundStatus {
    /// On its way; the money is out of the balance already.
    Pending,
    /// Done.
    Succeeded,
    /// It could not reach who paid, or was called off: the money is back in the balance. That can happen to one that has succeeded, and
    /// nothing comes after it.
    Returned,
}

impl RefundStatus {
    /// By Stripe's word for it. A word that we do not know is a refund on its way.
    #[must_use]
    pub fn parse(word: &str) -> Self {
        match word {
            "succeeded" => Self::Succeeded,
            "failed" | "canceled" => Self::Returned,
            _ => Self::Pending,
        }
    }
}

/// What was given back of a payment: two sums that only ever grow, so that of two sightings the larger sums are the newer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RefundTotals {
    /// The sum of all refunds that were ever made, whatever became of them.
    pub made: Cents,
    /// The sum of those that have returned.
    pub returned: Cents,
}

impl RefundTotals {
    /// Nothing was given back.
    pub const NONE: Self = Self {
        made: Cents::ZERO,
        returned: Cents::ZERO,
    };

    /// Of all refunds of a payment.
    #[must_use]
    pub fn of(refunds: impl IntoIterator<Item = (Cents, RefundStatus)>) -> Self {
        refunds
            .into_iter()
            .fold(Self::NONE, |totals, (amount, status)| Self {
                made: totals.made.plus(amount),
                returned: match status {
                    RefundStatus::Returned => totals.returned.plus(amount),
                    RefundStatus::Pending | RefundStatus::Succeeded => totals.returned,
                },
            })
    }

    /// Where only a charge's own sum is known (`amount_refunded`), which leaves out what has returned: at least that was given back.
    #[must_use]
    pub const fn at_least(amount_refunded: Cents) -> Self {
        Self {
            made: amount_refunded,
            returned: Cents::ZERO,
        }
    }

    /// The newer of both.
    #[must_use]
    pub fn join(self, other: Self) -> Self {
        Self {
            made: self.made.max(other.made),
            returned: self.returned.max(other.returned),
        }
    }

    /// What is given back and has not returned.
    #[must_use]
    pub fn net(self) -> Cents {
        self.made.less(self.returned)
    }
}

/// Why money cannot be given back.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum RefundRefused {
    /// None was taken.
    #[error("A payment that is {0} has no money to give back.")]
    NotTaken(PaymentStatus),
    /// All of it was given back already.
    #[error("All of this payment has been given back.")]
    NothingLeft,
    /// More than is left was asked for.
    #[error("Only {0} cents of this payment are left.")]
    TooMuch(i64),
    /// Nothing was asked for.
    #[error("A refund gives back one cent at least.")]
    Nothing,
}

impl PaymentState {
    /// What can still be given back.
    #[must_use]
    pub fn refundable(&self) -> Cents {
        if self.status.is_taken() {
            self.amount.less(self.refunds.net())
        } else {
            Cents::ZERO
        }
    }

    /// How much a refund gives back: what is asked for, or all that is left.
    ///
    /// # Errors
    /// [`RefundRefused`].
    pub fn refund(&self, asked: Option<Cents>) -> Result<Cents, RefundRefused> {
        if !self.status.is_taken() {
            return Err(RefundRefused::NotTaken(self.status));
        }
        let left = self.refundable();
        match asked {
            _ if left.is_zero() => Err(RefundRefused::NothingLeft),
            Some(asked) if asked.is_zero() => Err(RefundRefused::Nothing),
            Some(asked) if asked > left => Err(RefundRefused::TooMuch(left.get())),
            Some(asked) => Ok(asked),
            None => Ok(left),
        }
    }
}
