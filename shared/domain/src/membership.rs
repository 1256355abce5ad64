//! Memberships: paid periods in calendar months, one after the other, and what a payment or a refund does to them.
//!
//! A member's periods form a schedule without overlap. Which of them is in force, and whether one that has ended is still borne with, is the
//! clock's ([`MembershipTerms::standing`]).

mod grant;
mod offer;
mod period;
mod revoke;
mod standing;
#[cfg(test)]
mod tests;

pub use grant::{Change, CreditGone, Given, Purchase, grant};
pub use offer::{AlreadyRenewed, Offer, PurchaseKind, Tier, offer};
pub use period::{Period, PeriodError};
pub use revoke::{counted_towards, revoke};
pub use standing::{MembershipTerms, covered_until};

use crate::ids::{MembershipId, TierId};
use crate::money::Cents;
use crate::words::words;

words! {
    /// Where a membership stands.
    MembershipState {
        /// Paid for: in force, or yet to begin.
        Active = "ACTIVE",
        /// It has ended, nothing follows, and it is borne with for some days.
        Grace = "GRACE",
        /// It has ended.
        Lapsed = "LAPSED",
        /// Another has taken its place: a renewal, or an upgrade.
        Replaced = "REPLACED",
        /// The money went back.
        Cancelled = "CANCELLED",
    }
}

/// One paid period of a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Membership {
    /// Its id.
    pub id: MembershipId,
    /// What was bought.
    pub tier: TierId,
    /// What the whole period is worth: what was paid for it less what was given back, and what an upgrade has counted for it.
    pub value: Cents,
    /// How many months were bought.
    pub months: u16,
    /// From when to when. A period that was replaced or called off keeps the one that was bought.
    pub period: Period,
    /// Where it stands.
    pub state: MembershipState,
    /// The membership that has taken its place.
    pub replaced_by: Option<MembershipId>,
}

impl Membership {
    /// Whether it is part of the schedule: in force, yet to begin, or borne with.
    #[must_use]
    pub const fn is_live(&self) -> bool {
        matches!(self.state, MembershipState::Active | MembershipState::Grace)
    }
}
