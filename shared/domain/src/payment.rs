//! Payments: what is paid for, where a payment stands, and what is owed when Stripe tells something new about it.
//!
//! What Stripe tells comes late, twice, in any order, or not at all. So a [`PaymentState`] is joined with what was seen
//! ([`PaymentState::observe`]): whatever the order and the number of the [`Sighting`]s, the state in the end is that of the newest, and
//! what was owed on the way adds up to the same.

mod observe;
mod refund;
mod sighting;
mod state;
#[cfg(test)]
mod tests;

pub use observe::{Observed, Owed};
pub use refund::{RefundRefused, RefundStatus, RefundTotals};
pub use sighting::{IntentStatus, Sighting, SightingError};
pub use state::{Delivery, IllegalPaymentAction, PaymentAction, PaymentState};

use crate::words::words;

words! {
    /// What is paid for.
    PaymentType {
        /// A membership.
        Membership = "MEMBERSHIP",
        /// A seat at an event.
        EventRegistration = "EVENT_REGISTRATION",
        /// Support of the association by a firm.
        Sponsorship = "SPONSORSHIP",
        /// A gift.
        Donation = "DONATION",
        /// A course.
        Training = "TRAINING",
    }
}

words! {
    /// Where a payment stands.
    PaymentStatus {
        /// Waits for who pays.
        Pending = "PENDING",
        /// The bank has been asked.
        Processing = "PROCESSING",
        /// The money was taken; a part of it may have been given back.
        Completed = "COMPLETED",
        /// The last try was refused; another can be made.
        Failed = "FAILED",
        /// All of the money was given back.
        Refunded = "REFUNDED",
        /// Called off before any money was taken.
        Cancelled = "CANCELLED",
    }
}
