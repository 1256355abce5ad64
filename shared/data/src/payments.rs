//! Payments: asked for by members, and settled by what was seen of them at Stripe.
//!
//! [`settle()`] is the one place where money counts as taken and what was bought is given: under the lock of the payment's row, in one
//! transaction with the ledger, the receipt's number and the mails, whoever has looked at Stripe. Done twice it does nothing more.
//!
//! Locks are taken in one order: the payment, then what it is for (the event before its registrations, the schedule of memberships), the
//! counter of receipts last.

mod ask;
mod deliver;
mod list;
pub(crate) mod mails;
mod open;
mod row;
mod settle;
mod take_back;
mod targets;
mod terms;

use portal_domain::ids::{PaymentId, UserId};
use portal_domain::listing::PaymentListing;
use portal_domain::payment::{PaymentStatus, PaymentType};
use serde::{Deserialize, Serialize};

use crate::columns::Table;
use crate::projects::micros;

pub use ask::{Gift, NewPayment, Wanted, ask};
pub use list::{count, list, lookup, message_of, payer_of};
pub use open::{
    Abandoned, Attachment, Look, call_off, list_open, look, lookup_by_intent, lookup_many, state_of,
};
pub use row::LockedPayment;
pub use settle::{Seen, SeenRefund, Settled, settle};
pub use targets::{TargetFor, target};
pub use terms::{Terms, terms};

/// The table, for rows that cannot be.
const TABLE: Table = Table("payments");

/// Which payments a list shows. What is empty or absent filters nothing.
#[derive(Clone, Debug, Default)]
pub struct PaymentFilters {
    /// Of this member.
    pub member: Option<UserId>,
    /// What they are for.
    pub kinds: Vec<PaymentType>,
    /// Where they stand.
    pub statuses: Vec<PaymentStatus>,
}

/// Where a list goes on: after the payment that was asked for then, in microseconds since 1970, and this id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentPosition {
    created_micros: i64,
    id: PaymentId,
}

impl PaymentPosition {
    /// Where a list goes on after this payment.
    #[must_use]
    pub fn after(payment: &PaymentListing) -> Self {
        Self {
            created_micros: micros(payment.created_at),
            id: payment.id,
        }
    }
}
