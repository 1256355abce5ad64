//! What a payment does to a member's memberships.

use thiserror::Error;
use time::OffsetDateTime;

use super::offer::credit;
use super::standing::{current, last};
use super::{Membership, MembershipTerms, Period, PeriodError};
use crate::ids::{MembershipId, TierId};
use crate::money::Cents;

/// What was paid for, as it was offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Purchase {
    /// The id that the new membership gets.
    pub id: MembershipId,
    /// The tier.
    pub tier: TierId,
    /// Its months, as they were when it was offered.
    pub months: u16,
    /// What was paid.
    pub paid: Cents,
    /// What the old membership was counted for.
    pub credit: Cents,
    /// The old membership of an upgrade.
    pub replaces: Option<MembershipId>,
}

/// A change of a stored membership.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Another takes its place: it is REPLACED, and keeps its period.
    Replace {
        /// The old one.
        id: MembershipId,
        /// The one that takes its place.
        by: MembershipId,
    },
    /// It lies in another time.
    Move {
        /// Which.
        id: MembershipId,
        /// From when to when.
        to: Period,
    },
    /// The money went back: it is CANCELLED, and keeps its period.
    Cancel {
        /// Which.
        id: MembershipId,
    },
    /// What took its place is gone: it is live again, with the period that it had, and the clock says how it stands.
    Restore {
        /// Which.
        id: MembershipId,
    },
}

/// What a payment brings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// The new membership; it is ACTIVE.
    pub membership: Membership,
    /// What happens to those that are there. On the way two may overlap; in the end none do, so what forbids it is to be checked then.
    pub changes: Vec<Change>,
}

/// Why what was paid for can no longer be given: the money goes back.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum CreditGone {
    /// The old membership has ended, was given up, or counts towards another upgrade.
    #[error("the membership that was to be replaced is no longer in force")]
    Replaced,
    /// So much of it was used, or given back, meanwhile that it is worth much less than it was counted for.
    #[error("the membership that was to be replaced was used up meanwhile")]
    UsedUp,
    /// It would end in a year that calendars do not know.
    #[error(transparent)]
    Period(#[from] PeriodError),
}

/// Gives a membership to a member whose memberships are these.
///
/// A new period begins where the last one ends, if that is ahead or still borne with, and now otherwise. An upgrade begins now, in place of the
/// membership in force, and what waits behind that follows it, as long as it was.
///
/// # Errors
/// [`CreditGone`], for upgrades alone but for impossible years.
pub fn grant(
    schedule: &[Membership],
    purchase: &Purchase,
    now: OffsetDateTime,
    terms: &MembershipTerms,
) -> Result<Given, CreditGone> {
    match purchase.replaces {
        Some(old) => upgrade(schedule, purchase, old, now, terms),
        None => append(schedule, purchase, now, terms),
    }
}

fn append(
    schedule: &[Membership],
    purchase: &Purchase,
    now: OffsetDateTime,
    terms: &MembershipTerms,
) -> Result<Given, CreditGone> {
    let last = last(schedule).filter(|last| now < terms.grace_until(last.period.ends_at()));
    let period = match last {
        Some(last) => last.period.following(purchase.months)?,
        None => Period::starting(now, purchase.months)?,
    };
    let by = purchase.id;
    let ended = last.filter(|last| last.period.ends_at() <= now);
    Ok(Given {
        membership: membership(purchase, period),
        changes: ended
            .map(|old| Change::Replace { id: old.id, by })
            .into_iter()
            .collect(),
    })
}

fn upgrade(
    schedule: &[Membership],
    purchase: &Purchase,
    old: MembershipId,
    now: OffsetDateTime,
    terms: &MembershipTerms,
) -> Result<Given, CreditGone> {
    let old = current(schedule, now)
        .filter(|current| current.id == old)
        .ok_or(CreditGone::Replaced)?;
    if purchase.credit > credit(old, now.saturating_sub(terms.offer_stands)) {
        return Err(CreditGone::UsedUp);
    }
    let period = Period::starting(now, purchase.months)?;
    let waiting = waiting(schedule, old.period.ends_at());
    let mut changes = vec![Change::Replace {
        id: old.id,
        by: purchase.id,
    }];
    changes.extend(line_up(&waiting, Some(period), now)?);
    Ok(Given {
        membership: membership(purchase, period),
        changes,
    })
}

fn membership(purchase: &Purchase, period: Period) -> Membership {
    Membership {
        id: purchase.id,
        tier: purchase.tier,
        value: purchase.paid.plus(purchase.credit),
        months: purchase.months,
        period,
        state: super::MembershipState::Active,
        replaced_by: None,
    }
}

/// The live memberships that begin at a moment or later, in their order.
pub(super) fn waiting(schedule: &[Membership], from: OffsetDateTime) -> Vec<Membership> {
    let later = schedule
        .iter()
        .filter(|other| other.is_live() && other.period.starts_at() >= from);
    let mut later: Vec<_> = later.copied().collect();
    later.sort_by_key(|other| other.period.starts_at());
    later
}

/// Lines memberships up behind a period, or from now on, as long as they were bought.
pub(super) fn line_up(
    waiting: &[Membership],
    behind: Option<Period>,
    now: OffsetDateTime,
) -> Result<Vec<Change>, PeriodError> {
    let mut before = behind;
    let mut changes = Vec::new();
    for membership in waiting {
        let to = match before {
            Some(before) => before.following(membership.months)?,
            None => Period::starting(now, membership.months)?,
        };
        before = Some(to);
        if to != membership.period {
            changes.push(Change::Move {
                id: membership.id,
                to,
            });
        }
    }
    Ok(changes)
}
