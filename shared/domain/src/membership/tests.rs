mod examples;
mod properties;

use time::macros::datetime;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::grant::Purchase;
use super::*;

const TERMS: MembershipTerms = MembershipTerms {
    grace: Duration::days(30),
    offer_stands: Duration::days(3),
};

fn cents(amount: i64) -> Cents {
    amount.try_into().unwrap()
}

fn id(number: u128) -> MembershipId {
    Uuid::from_u128(number).into()
}

fn tier(number: u128) -> Tier {
    let (price, months) = match number {
        0 => (15_000, 12),
        1 => (50_000, 12),
        2 => (2_000, 1),
        _ => (90_000, 24),
    };
    Tier {
        id: Uuid::from_u128(number).into(),
        price: cents(price),
        months,
    }
}

fn tiers(wanted: TierId) -> Option<Tier> {
    (0..4).map(tier).find(|tier| tier.id == wanted)
}

/// A member, as the database keeps one.
#[derive(Clone, Debug, Default)]
struct Member {
    memberships: Vec<Membership>,
    next: u128,
}

impl Member {
    /// What the job does to the states.
    fn settle(&mut self, now: OffsetDateTime) {
        let before = self.memberships.clone();
        for membership in &mut self.memberships {
            membership.state = TERMS.state_of(membership, &before, now);
        }
    }

    fn offer(&self, tier: &Tier, now: OffsetDateTime) -> Result<Offer, AlreadyRenewed> {
        offer(&self.memberships, tier, tiers, now, &TERMS)
    }

    fn purchase(&mut self, tier: &Tier, offer: &Offer) -> Purchase {
        self.next += 1;
        Purchase {
            id: id(self.next),
            tier: tier.id,
            months: tier.months,
            paid: offer.due(),
            credit: offer.credit,
            replaces: offer.replaces,
        }
    }

    fn pay(&mut self, purchase: &Purchase, now: OffsetDateTime) -> Result<MembershipId, CreditGone> {
        let given = grant(&self.memberships, purchase, now, &TERMS)?;
        self.apply(&given.changes);
        self.memberships.push(given.membership);
        self.settle(now);
        self.check();
        Ok(given.membership.id)
    }

    /// Asks and pays at once.
    fn buy(&mut self, number: u128, now: OffsetDateTime) -> (PurchaseKind, MembershipId) {
        let tier = tier(number);
        let offer = self.offer(&tier, now).unwrap();
        let purchase = self.purchase(&tier, &offer);
        (offer.kind, self.pay(&purchase, now).unwrap())
    }

    fn refund(&mut self, id: MembershipId, now: OffsetDateTime) {
        let changes = revoke(&self.memberships, id, now, &TERMS).unwrap();
        self.apply(&changes);
        self.settle(now);
        self.check();
    }

    fn apply(&mut self, changes: &[Change]) {
        for change in changes {
            let (Change::Replace { id, .. }
            | Change::Move { id, .. }
            | Change::Cancel { id }
            | Change::Restore { id }) = *change;
            let membership = self.memberships.iter_mut().find(|one| one.id == id).unwrap();
            match *change {
                Change::Replace { by, .. } => {
                    membership.state = MembershipState::Replaced;
                    membership.replaced_by = Some(by);
                }
                Change::Move { to, .. } => membership.period = to,
                Change::Cancel { .. } => membership.state = MembershipState::Cancelled,
                Change::Restore { .. } => {
                    membership.state = MembershipState::Active;
                    membership.replaced_by = None;
                }
            }
        }
    }

    fn live(&self) -> Vec<Membership> {
        let mut live: Vec<_> = self
            .memberships
            .iter()
            .filter(|one| one.is_live())
            .copied()
            .collect();
        live.sort_by_key(|one| one.period.starts_at());
        live
    }

    /// What always holds: live periods follow each other without overlap and without a gap.
    fn check(&self) {
        for pair in self.live().windows(2) {
            assert_eq!(
                pair[0].period.ends_at(),
                pair[1].period.starts_at(),
                "{:#?}",
                self.memberships
            );
        }
    }

    fn get(&self, id: MembershipId) -> Membership {
        *self.memberships.iter().find(|one| one.id == id).unwrap()
    }

    fn until(&self) -> OffsetDateTime {
        covered_until(&self.memberships).unwrap()
    }
}

const JOINED: OffsetDateTime = datetime!(2026-01-31 20:30:00 UTC);
