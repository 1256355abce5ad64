//! What a tier costs a member now.

use thiserror::Error;
use time::OffsetDateTime;

use super::standing::{current, last};
use super::{Membership, MembershipState, MembershipTerms};
use crate::ids::{MembershipId, TierId};
use crate::money::Cents;
use crate::words::words;

/// The least that is asked of a card in dollars: Stripe takes no less (<https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts>).
const LEAST: i64 = 50;

words! {
    /// What buying a tier means for a member.
    PurchaseKind {
        /// There was no membership before.
        Join = "JOIN",
        /// The next period begins where the last one ends, also while it is borne with that it has ended.
        Renew = "RENEW",
        /// As a renewal, in another tier: it begins where what is paid for ends.
        Switch = "SWITCH",
        /// A dearer tier at once; what is left of the old one counts towards it.
        Upgrade = "UPGRADE",
        /// There was a membership, and it has lapsed: a new one begins at the payment.
        Reinstate = "REINSTATE",
    }
}

/// What can be bought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tier {
    /// Its id.
    pub id: TierId,
    /// What it costs.
    pub price: Cents,
    /// For how many months; at least one.
    pub months: u16,
}

/// What a tier costs a member, and what it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offer {
    /// What it means.
    pub kind: PurchaseKind,
    /// The tier's price.
    pub price: Cents,
    /// What the old membership counts for; nothing but for an upgrade.
    pub credit: Cents,
    /// The old membership that an upgrade takes the place of.
    pub replaces: Option<MembershipId>,
}

impl Offer {
    /// What is to be paid.
    #[must_use]
    pub fn due(&self) -> Cents {
        self.price.less(self.credit)
    }
}

/// A further period is paid for already, so that another would be a slip.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("the membership has been renewed already")]
pub struct AlreadyRenewed {
    /// Until when it is paid for.
    pub until: OffsetDateTime,
}

/// What a tier costs a member whose memberships are these (in any order, those that are over too).
///
/// A dearer tier, by its price for a month, is taken up at once, and the unused whole days of the membership in force count for their share of
/// its value, rounded down to a cent. Where that would leave less to pay than a card can be charged, and for any other tier, the new one waits
/// until what is paid for ends.
///
/// # Errors
/// [`AlreadyRenewed`] when a further period is waiting, and the tier is no upgrade.
pub fn offer(
    schedule: &[Membership],
    tier: &Tier,
    tiers: impl Fn(TierId) -> Option<Tier>,
    now: OffsetDateTime,
    terms: &MembershipTerms,
) -> Result<Offer, AlreadyRenewed> {
    let simple = |kind| Offer {
        kind,
        price: tier.price,
        credit: Cents::ZERO,
        replaces: None,
    };
    let Some(last) = last(schedule).filter(|last| now < terms.grace_until(last.period.ends_at())) else {
        let before = schedule.iter().any(|old| old.state != MembershipState::Cancelled);
        return Ok(simple(if before {
            PurchaseKind::Reinstate
        } else {
            PurchaseKind::Join
        }));
    };
    if let Some(current) = current(schedule, now) {
        let credit = credit(current, now);
        let is_dearer = tiers(current.tier).is_some_and(|old| dearer(tier, &old));
        if current.tier != tier.id && is_dearer && tier.price.less(credit).get() >= LEAST {
            return Ok(Offer {
                kind: PurchaseKind::Upgrade,
                price: tier.price,
                credit,
                replaces: Some(current.id),
            });
        }
        if last.id != current.id {
            return Err(AlreadyRenewed {
                until: last.period.ends_at(),
            });
        }
    }
    Ok(simple(if last.tier == tier.id {
        PurchaseKind::Renew
    } else {
        PurchaseKind::Switch
    }))
}

/// What the unused days of a membership are worth: never more than its value, never less than nothing.
#[must_use]
pub(super) fn credit(old: &Membership, now: OffsetDateTime) -> Cents {
    let (whole, left) = old.period.days(now);
    old.value.share(left, whole)
}

/// Whether a tier costs more a month than another.
fn dearer(tier: &Tier, than: &Tier) -> bool {
    let a_month = |price: Cents, months: u16| i128::from(price.get()) * i128::from(months.max(1));
    a_month(tier.price, than.months) > a_month(than.price, tier.months)
}
