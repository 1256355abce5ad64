//! Whatever happens.

use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::membership::offer::credit;

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
        let worth = credit(&old, now);
        prop_assert!(worth.get() <= value);
        // Never more than the exact share of the time that is left (a day of changing clocks apart), and less by a day and a cent at most.
        let exact = value as f64 * ((period.ends_at() - now) / length);
        let day = value as f64 / (length / Duration::DAY);
        prop_assert!(worth.get() as f64 <= exact + day / 12.0 + 1e-6, "{} of {}", worth.get(), exact);
        prop_assert!(worth.get() as f64 >= exact - day * 1.1 - 1.0, "{} of {}", worth.get(), exact);
        let afterwards = credit(&old, now + (period.ends_at() - now) * later);
        prop_assert!(afterwards <= worth, "a credit only shrinks");
        prop_assert!(credit(&old, period.ends_at()).is_zero());
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
            prop_assert!(offer.credit.is_zero() || offer.replaces.is_some());
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
