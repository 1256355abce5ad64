//! One member at a time.

use super::*;

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
