//! What a sighting changes, and what is owed then.

use time::OffsetDateTime;

use super::{Delivery, PaymentState, PaymentStatus, RefundTotals, Sighting, SightingError};
use crate::ledger::Posting;
use crate::money::Cents;

/// What is owed to who has paid, in the transaction that stores the new state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owed {
    /// Nothing.
    Nothing,
    /// What was bought is to be given. Where it can no longer be, [`PaymentState::refused`] is stored, and all that is left goes back.
    Grant,
    /// All of the money went back: what was given is to be taken back.
    Revoke,
    /// It could not be given: so much money is to go back, by a refund at Stripe after the transaction. Its idempotency key:
    /// the payment's id and `refunds.made`, which every refund changes.
    GiveBack(Cents),
}

/// What came of a sighting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observed {
    /// What is to be stored. Where [`Owed::Grant`] is owed the delivery is [`Delivery::Given`] already, as it is when the grant has worked.
    pub state: PaymentState,
    /// What goes into the ledger with it; at most a charge, a fee, a refund and one that has returned.
    pub postings: Vec<Posting>,
    /// What is owed to who has paid.
    pub owed: Owed,
    /// Whether the money was taken just now: the moment for the receipt.
    pub is_newly_taken: bool,
}

impl Observed {
    /// Whether nothing is new: then nothing is written but what is to be given back.
    #[must_use]
    pub fn is_unchanged(&self, before: &PaymentState) -> bool {
        self.state == *before && self.postings.is_empty()
    }
}

impl PaymentState {
    /// Joins what is known with what was seen.
    ///
    /// Money that was taken stays taken, and a payment that was called off stays so unless money was taken after all. While it is open, the
    /// newest sighting counts, and of several of one moment the furthest on. Refunds only grow. The first fee that is told stays.
    ///
    /// # Errors
    /// [`SightingError`] when it cannot be the same payment.
    pub fn observe(&self, seen: &Sighting) -> Result<Observed, SightingError> {
        self.check(seen)?;
        let (status, seen_at) = self.newer(seen);
        let refunds = self.refunds.join(seen.refunds);
        let is_taken = status.is_taken();
        let mut state = Self {
            status,
            seen_at,
            refunds: if is_taken { refunds } else { self.refunds },
            fee: self.fee.or(seen.fee.filter(|_| is_taken)),
            ..*self
        };
        if is_taken {
            let gone = state.refunds.net() >= state.amount;
            state.status = if gone {
                PaymentStatus::Refunded
            } else {
                PaymentStatus::Completed
            };
        }
        let owed = state.settle_delivery();
        let postings = postings(self, &state);
        Ok(Observed {
            owed,
            postings,
            is_newly_taken: is_taken && !self.status.is_taken(),
            state,
        })
    }

    fn check(&self, seen: &Sighting) -> Result<(), SightingError> {
        if seen.currency != self.currency {
            return Err(SightingError::OtherCurrency {
                expected: self.currency,
                seen: seen.currency,
            });
        }
        let expected = self.amount.get();
        if seen.amount != self.amount {
            let seen = seen.amount.get();
            return Err(SightingError::OtherAmount { expected, seen });
        }
        if seen.status.payment_status().is_taken() && seen.received != self.amount {
            let seen = seen.received.get();
            return Err(SightingError::OtherReceived { expected, seen });
        }
        let RefundTotals { made, returned } = self.refunds.join(seen.refunds);
        if returned > made || made.less(returned) > self.amount {
            return Err(SightingError::RefundsOutOfBounds {
                amount: expected,
                refunded: made.get(),
                returned: returned.get(),
            });
        }
        Ok(())
    }

    /// The status of the two that is further on, or of two open ones the newer.
    fn newer(&self, seen: &Sighting) -> (PaymentStatus, Option<OffsetDateTime>) {
        let theirs = (rank(seen.status.payment_status()), Some(seen.at));
        let ours = (rank(self.status), self.seen_at);
        let status = if self.status.is_open() && seen.status.payment_status().is_open() {
            // Of two open ones the moment comes first.
            if (theirs.1, theirs.0) > (ours.1, ours.0) {
                seen.status.payment_status()
            } else {
                self.status
            }
        } else if theirs.0 > ours.0 {
            seen.status.payment_status()
        } else {
            self.status
        };
        // Of what is final the moment says nothing more.
        (status, ours.1.max(theirs.1).filter(|_| status.is_open()))
    }

    fn settle_delivery(&mut self) -> Owed {
        match (self.is_entitled(), self.delivery) {
            (true, Delivery::Due | Delivery::TakenBack) => {
                self.delivery = Delivery::Given;
                Owed::Grant
            }
            (true, Delivery::Refused) => Owed::GiveBack(self.refundable()),
            (false, Delivery::Given) => {
                self.delivery = Delivery::TakenBack;
                Owed::Revoke
            }
            (true, Delivery::Given) | (false, Delivery::Due | Delivery::Refused | Delivery::TakenBack) => {
                Owed::Nothing
            }
        }
    }
}

/// How far on a status is; money that was taken is further than anything else, and a refund is worked out apart.
const fn rank(status: PaymentStatus) -> u8 {
    match status {
        PaymentStatus::Pending => 0,
        PaymentStatus::Processing => 1,
        PaymentStatus::Failed => 2,
        PaymentStatus::Cancelled => 3,
        PaymentStatus::Completed | PaymentStatus::Refunded => 4,
    }
}

/// The movements from one state to the next.
fn postings(before: &PaymentState, after: &PaymentState) -> Vec<Posting> {
    let charge = after.status.is_taken() && !before.status.is_taken();
    let charge = charge
        .then(|| Posting::charge(after.kind, after.amount))
        .flatten();
    let fee = after.fee.filter(|_| before.fee.is_none()).and_then(Posting::fee);
    let (old, new) = (before.refunds, after.refunds);
    let refund = Posting::refund(new.made.less(old.made), new.made);
    let returned = Posting::refund_returned(new.returned.less(old.returned), new.returned);
    [charge, fee, refund, returned].into_iter().flatten().collect()
}
