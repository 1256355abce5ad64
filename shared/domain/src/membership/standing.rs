//! What the clock does to memberships.

use time::{Duration, OffsetDateTime};

use super::{Membership, MembershipState};

/// What the association allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MembershipTerms {
    /// How long a membership that has ended is borne with: renewed in this time, it goes on as if it had never ended.
    pub grace: Duration,
    /// How long an offer stands: what an upgrade counts for the old membership is not more than what was left of it so long ago.
    pub offer_stands: Duration,
}

impl Default for MembershipTerms {
    fn default() -> Self {
        Self {
            grace: Duration::days(30),
            offer_stands: Duration::days(3),
        }
    }
}

impl MembershipTerms {
    /// Until when a membership that ends then is borne with.
    #[must_use]
    pub fn grace_until(&self, ends_at: OffsetDateTime) -> OffsetDateTime {
        ends_at.saturating_add(self.grace)
    }

    /// Where the last membership of a schedule stands: in force until it ends, then borne with, then lapsed. At the instants themselves the
    /// later state holds.
    #[must_use]
    pub fn standing(&self, ends_at: OffsetDateTime, now: OffsetDateTime) -> MembershipState {
        if now < ends_at {
            MembershipState::Active
        } else if now < self.grace_until(ends_at) {
            MembershipState::Grace
        } else {
            MembershipState::Lapsed
        }
    }

    /// Where a live membership of a schedule stands now: one that has ended and is followed by another has been replaced by it.
    #[must_use]
    pub fn state_of(
        &self,
        membership: &Membership,
        schedule: &[Membership],
        now: OffsetDateTime,
    ) -> MembershipState {
        let ends_at = membership.period.ends_at();
        let is_followed = schedule
            .iter()
            .any(|other| other.is_live() && other.period.starts_at() >= ends_at);
        match self.standing(ends_at, now) {
            _ if !membership.is_live() => membership.state,
            MembershipState::Grace | MembershipState::Lapsed if is_followed => MembershipState::Replaced,
            standing => standing,
        }
    }
}

/// Until when a member's dues are paid: the end of the last live membership. This is `users.membership_expires_at`; grace is on top of it.
#[must_use]
pub fn covered_until(schedule: &[Membership]) -> Option<OffsetDateTime> {
    let live = schedule.iter().filter(|membership| membership.is_live());
    live.map(|membership| membership.period.ends_at()).max()
}

/// The live membership that ends last.
pub(super) fn last(schedule: &[Membership]) -> Option<&Membership> {
    let live = schedule.iter().filter(|membership| membership.is_live());
    live.max_by_key(|membership| membership.period.ends_at())
}

/// The live membership that is in force.
pub(super) fn current(schedule: &[Membership], now: OffsetDateTime) -> Option<&Membership> {
    let mut live = schedule.iter().filter(|membership| membership.is_live());
    live.find(|membership| membership.period.contains(now))
}
