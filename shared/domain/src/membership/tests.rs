use proptest::prelude::*;
use proptest::sample::select;
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

#[test]
fn months_end_on_their_last_day_and_return_to_the_first() {
    let mut period = Period::starting(JOINED, 1).unwrap();
    assert_eq!(period.ends_at(), datetime!(2026-02-28 20:30:00 UTC));
    period = period.following(1).unwrap();
    // Summer time has begun: the same hour on the clocks of the association.
    assert_eq!(period.ends_at(), datetime!(2026-03-31 19:30:00 UTC));
    period = period.following(1).unwrap();
    assert_eq!(period.ends_at(), datetime!(2026-04-30 19:30:00 UTC));
    for _ in 3..12 {
        period = period.following(1).unwrap();
    }
    assert_eq!(
        period.ends_at(),
        Period::starting(JOINED, 12).unwrap().ends_at(),
        "twelve months are a year"
    );
}

#[test]
fn a_day_is_one_of_the_association() {
    // Still the last of January in California.
    let period = Period::starting(datetime!(2026-02-01 07:59:00 UTC), 1).unwrap();
    assert_eq!(period.ends_at(), datetime!(2026-03-01 07:59:00 UTC));
    assert_eq!(period.anchor(), 31);
    let leap = Period::starting(datetime!(2028-02-29 20:00:00 UTC), 12).unwrap();
    assert_eq!(leap.ends_at(), datetime!(2029-02-28 20:00:00 UTC));
    let after = leap.following(36).unwrap();
    assert_eq!(after.ends_at(), datetime!(2032-02-29 20:00:00 UTC));
}

#[test]
fn what_is_no_period_is_refused() {
    assert_eq!(Period::starting(JOINED, 0), Err(PeriodError));
    assert_eq!(
        Period::starting(datetime!(9999-06-01 0:00 UTC), 12),
        Err(PeriodError)
    );
    assert_eq!(Period::stored(JOINED, JOINED, None), Err(PeriodError));
    for anchor in [0, 32, -1, 300] {
        assert_eq!(
            Period::stored(JOINED, JOINED + Duration::DAY, Some(anchor)),
            Err(PeriodError),
            "{anchor}"
        );
    }
    let stored = Period::stored(JOINED, JOINED + Duration::DAY, None).unwrap();
    assert_eq!(stored.anchor(), 31);
}

#[test]
fn joining_renewing_lapsing_and_coming_back() {
    let mut member = Member::default();
    let (kind, first) = member.buy(0, JOINED);
    assert_eq!(kind, PurchaseKind::Join);
    let end = member.until();
    assert_eq!(end, datetime!(2027-01-31 20:30:00 UTC));

    // Early: the days that are left stay.
    let (kind, _) = member.buy(0, end - Duration::days(40));
    assert_eq!(
        (kind, member.until()),
        (PurchaseKind::Renew, datetime!(2028-01-31 20:30:00 UTC))
    );
    let slip = member.offer(&tier(0), end - Duration::days(39));
    assert_eq!(
        slip,
        Err(AlreadyRenewed {
            until: member.until()
        })
    );
    member.settle(end);
    assert_eq!(member.get(first).state, MembershipState::Replaced);

    // In the days of grace: as if it had never ended.
    let end = member.until();
    let late = end + Duration::days(30) - Duration::SECOND;
    member.settle(late);
    assert_eq!(member.live().last().unwrap().state, MembershipState::Grace);
    let (kind, _) = member.buy(0, late);
    assert_eq!(
        (kind, member.until()),
        (PurchaseKind::Renew, datetime!(2029-01-31 20:30:00 UTC))
    );
    assert_eq!(member.live().len(), 1);

    // Afterwards: from the payment on.
    let later = member.until() + Duration::days(30);
    member.settle(later);
    assert!(member.live().is_empty());
    let (kind, _) = member.buy(0, later);
    assert_eq!(kind, PurchaseKind::Reinstate);
    assert_eq!(member.live()[0].period.starts_at(), later);
}

#[test]
fn an_upgrade_counts_the_days_that_are_left() {
    let mut member = Member::default();
    let (_, old) = member.buy(0, JOINED);
    // 365 days, of which 100 are over and the next has begun.
    let now = JOINED + Duration::days(100) + Duration::hours(2);
    let offer = member.offer(&tier(1), now).unwrap();
    assert_eq!((offer.kind, offer.replaces), (PurchaseKind::Upgrade, Some(old)));
    // 150.00 × 264 / 365 = 108.493…
    assert_eq!((offer.credit, offer.due()), (cents(10_849), cents(39_151)));
    let (_, new) = member.buy(1, now);
    assert_eq!(member.get(new).value, cents(50_000));
    assert_eq!(member.get(new).period.starts_at(), now);
    assert_eq!(
        (member.get(old).state, member.get(old).replaced_by),
        (MembershipState::Replaced, Some(new))
    );
    assert_eq!(counted_towards(&member.memberships, old), Some(new));
    assert_eq!(counted_towards(&member.memberships, new), None);
}

#[test]
fn a_cheaper_tier_waits_for_its_turn() {
    let mut member = Member::default();
    member.buy(1, JOINED);
    let end = member.until();
    let (kind, new) = member.buy(0, JOINED + Duration::days(10));
    assert_eq!(kind, PurchaseKind::Switch);
    assert_eq!(
        (member.get(new).period.starts_at(), member.get(new).value),
        (end, cents(15_000))
    );
}

#[test]
fn what_waits_follows_an_upgrade() {
    let mut member = Member::default();
    member.buy(0, JOINED);
    let (_, waiting) = member.buy(0, JOINED + Duration::days(1));
    let (kind, new) = member.buy(1, JOINED + Duration::days(2));
    assert_eq!(kind, PurchaseKind::Upgrade);
    assert_eq!(
        member.get(waiting).period.starts_at(),
        member.get(new).period.ends_at()
    );
    assert_eq!(member.until(), datetime!(2028-02-02 20:30:00 UTC));
}

#[test]
fn an_old_membership_counts_once() {
    let mut member = Member::default();
    member.buy(0, JOINED);
    let now = JOINED + Duration::days(5);
    let offer = member.offer(&tier(1), now).unwrap();
    let first = member.purchase(&tier(1), &offer);
    let second = member.purchase(&tier(1), &offer);
    member.pay(&first, now).unwrap();
    assert_eq!(member.pay(&second, now), Err(CreditGone::Replaced));
}

#[test]
fn an_offer_does_not_stand_for_ever() {
    let mut member = Member::default();
    member.buy(0, JOINED);
    let offer = member.offer(&tier(1), JOINED).unwrap();
    let purchase = member.purchase(&tier(1), &offer);
    let late = member
        .clone()
        .pay(&purchase, JOINED + Duration::days(4) + Duration::SECOND);
    assert_eq!(late, Err(CreditGone::UsedUp));
    assert!(member.pay(&purchase, JOINED + Duration::days(3)).is_ok());
}

#[test]
fn two_payments_for_one_renewal_are_two_renewals() {
    let mut member = Member::default();
    member.buy(0, JOINED);
    let offer = member.offer(&tier(0), JOINED).unwrap();
    let purchases = [
        member.purchase(&tier(0), &offer),
        member.purchase(&tier(0), &offer),
    ];
    for purchase in purchases {
        member.pay(&purchase, JOINED).unwrap();
    }
    assert_eq!(member.until(), datetime!(2029-01-31 20:30:00 UTC));
}

#[test]
fn a_refund_takes_back_what_was_bought_and_nothing_else() {
    let mut member = Member::default();
    let (_, first) = member.buy(0, JOINED);
    let (_, second) = member.buy(0, JOINED + Duration::days(1));
    let now = JOINED + Duration::days(60);
    // What waits never begins.
    let mut without_second = member.clone();
    without_second.refund(second, now);
    assert_eq!(without_second.until(), datetime!(2027-01-31 20:30:00 UTC));
    // What is in force ends, and what waits begins at once, as long as it was bought.
    member.refund(first, now);
    assert_eq!(member.get(first).state, MembershipState::Cancelled);
    assert_eq!(member.get(second).period, Period::starting(now, 12).unwrap());
    member.refund(first, now);
    assert_eq!(member.live().len(), 1, "a second time changes nothing");
}

#[test]
fn a_refunded_upgrade_brings_back_the_old_membership() {
    let mut member = Member::default();
    let (_, old) = member.buy(0, JOINED);
    let end = member.until();
    let (_, waiting) = member.buy(0, JOINED + Duration::days(1));
    let (_, new) = member.buy(1, JOINED + Duration::days(10));
    member.refund(new, JOINED + Duration::days(20));
    assert_eq!(
        (member.get(old).state, member.get(old).period.ends_at()),
        (MembershipState::Active, end)
    );
    assert_eq!(member.get(waiting).period.starts_at(), end);
    // What was counted towards another is in there.
    let (_, newer) = member.buy(1, JOINED + Duration::days(21));
    member.refund(old, JOINED + Duration::days(22));
    assert_eq!(member.get(newer).state, MembershipState::Active);
}

#[test]
fn a_late_renewal_that_is_refunded_is_borne_with_again() {
    let mut member = Member::default();
    let (_, old) = member.buy(0, JOINED);
    let end = member.until();
    member.settle(end + Duration::days(5));
    let (_, renewal) = member.buy(0, end + Duration::days(5));
    member.refund(renewal, end + Duration::days(6));
    assert_eq!(member.get(old).state, MembershipState::Grace);
    member.settle(end + Duration::days(31));
    assert_eq!(member.get(old).state, MembershipState::Lapsed);
}

fn moment() -> impl Strategy<Value = OffsetDateTime> {
    // From 2020 to 2060.
    (1_577_836_800_i64..2_840_140_800)
        .prop_map(|seconds| OffsetDateTime::from_unix_timestamp(seconds).unwrap())
}

proptest! {
    #[test]
    fn renewals_never_lose_a_day(start in moment(), months in prop::collection::vec(1..25_u16, 1..8)) {
        let mut period = Period::starting(start, months[0]).unwrap();
        for months in &months[1..] {
            let next = period.following(*months).unwrap();
            prop_assert_eq!(next.starts_at(), period.ends_at());
            prop_assert!(next.ends_at() > next.starts_at());
            period = next;
        }
        // As long as all at once, but for an hour that the clocks may have left out on the way.
        let at_once = Period::starting(start, months.iter().sum()).unwrap();
        prop_assert!((period.ends_at() - at_once.ends_at()).abs() <= Duration::HOUR);
        prop_assert_eq!(period.anchor(), at_once.anchor());
    }

    #[test]
    fn a_period_has_the_days_of_its_months(start in moment(), months in 1..37_u16) {
        let period = Period::starting(start, months).unwrap();
        let (whole, left) = period.days(start);
        prop_assert_eq!(whole, left);
        let least = u32::from(months) * 365 / 12 - 4;
        prop_assert!((least..=least + 8).contains(&whole), "{} days", whole);
        prop_assert_eq!(period.days(period.ends_at()).1, 0);
        prop_assert_eq!(period.days(start - Duration::days(9)).1, whole);
    }

    #[test]
    fn a_credit_is_the_share_of_the_whole_days_that_are_left(
        start in moment(), months in 1..37_u16, value in 0..10_000_000_i64, at in 0.0..1.0_f64, later in 0.0..1.0_f64,
    ) {
        let period = Period::starting(start, months).unwrap();
        let old = Membership {
            id: id(1), tier: tier(0).id, value: cents(value), months, period, state: MembershipState::Active, replaced_by: None,
        };
        let length = period.ends_at() - start;
        let now = start + length * at;
        let credit = super::offer::credit(&old, now);
        prop_assert!(credit.get() <= value);
        // Never more than the exact share of the time that is left (a day of changing clocks apart), and less by a day and a cent at most.
        let exact = value as f64 * ((period.ends_at() - now) / length);
        let day = value as f64 / (length / Duration::DAY);
        prop_assert!(credit.get() as f64 <= exact + day / 12.0 + 1e-6, "{} of {}", credit.get(), exact);
        prop_assert!(credit.get() as f64 >= exact - day * 1.1 - 1.0, "{} of {}", credit.get(), exact);
        let afterwards = super::offer::credit(&old, now + (period.ends_at() - now) * later);
        prop_assert!(afterwards <= credit, "a credit only shrinks");
        prop_assert!(super::offer::credit(&old, period.ends_at()).is_zero());
    }

    #[test]
    fn whatever_is_bought_and_refunded_nothing_paid_is_lost(
        steps in prop::collection::vec((0..4_u128, 0..500_i64, any::<bool>(), any::<prop::sample::Index>()), 1..20),
    ) {
        let mut member = Member::default();
        let mut now = JOINED;
        for (number, days, refunds, which) in steps {
            now += Duration::days(days);
            member.settle(now);
            member.check();
            if refunds && !member.memberships.is_empty() {
                let gone = member.memberships[which.index(member.memberships.len())].id;
                let end = member.get(gone).period.ends_at();
                let waiting = member.live().into_iter().filter(|one| one.id != gone && one.period.starts_at() >= end);
                let waiting: Vec<_> = waiting.collect();
                member.refund(gone, now);
                for old in waiting {
                    let still = member.get(old.id);
                    let rest = Period::starting(still.period.starts_at(), old.months).unwrap();
                    prop_assert!(still.is_live() && still.period.starts_at() >= now.min(old.period.starts_at()));
                    // As long as it was bought, but for the days that the ends of months differ by.
                    prop_assert!((still.period.ends_at() - rest.ends_at()).abs() <= Duration::days(3) + Duration::HOUR);
                }
                prop_assert!(!member.get(gone).is_live());
                continue;
            }
            let wanted = tier(number);
            let Ok(offer) = member.offer(&wanted, now) else { continue };
            prop_assert!(offer.due().get() >= 50 && offer.due() <= wanted.price);
            prop_assert_eq!(offer.credit.is_zero() || offer.replaces.is_some(), true);
            let before = covered_until(&member.memberships);
            let purchase = member.purchase(&wanted, &offer);
            let new = member.pay(&purchase, now).unwrap();
            let period = member.get(new).period;
            if offer.kind == PurchaseKind::Upgrade || offer.kind == PurchaseKind::Join || offer.kind == PurchaseKind::Reinstate {
                prop_assert_eq!(period.starts_at(), now);
            } else {
                prop_assert_eq!(Some(period.starts_at()), before);
            }
            prop_assert_eq!(member.get(new).value, wanted.price);
        }
    }

    #[test]
    fn a_membership_is_in_force_then_borne_with_then_over(end in moment(), seconds in -10_000_000..10_000_000_i64, days in select(vec![0_i64, 1, 30])) {
        let terms = MembershipTerms { grace: Duration::days(days), ..TERMS };
        let now = end + Duration::seconds(seconds);
        let expected = match seconds {
            ..0 => MembershipState::Active,
            _ if seconds < days * 86_400 => MembershipState::Grace,
            _ => MembershipState::Lapsed,
        };
        prop_assert_eq!(terms.standing(end, now), expected);
    }
}
