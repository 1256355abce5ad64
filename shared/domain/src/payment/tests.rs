use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::sample::select;
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

use super::*;
use crate::ledger::{LedgerAccount, MovementKind};
use crate::money::{Cents, Currency};

const START: OffsetDateTime = datetime!(2026-03-01 12:00:00 UTC);

fn cents(amount: i64) -> Cents {
    amount.try_into().unwrap()
}

fn sighting(seconds: i64, status: IntentStatus, amount: i64) -> Sighting {
    let taken = status == IntentStatus::Succeeded;
    Sighting {
        at: START + Duration::seconds(seconds),
        status,
        amount: cents(amount),
        currency: Currency::USD,
        received: cents(if taken { amount } else { 0 }),
        refunds: RefundTotals::NONE,
        fee: None,
    }
}

fn asked(amount: i64) -> PaymentState {
    PaymentState::asked(PaymentType::Membership, cents(amount), Currency::USD)
}

/// All that a payment has done to the association.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Books {
    state: PaymentState,
    balances: BTreeMap<&'static str, i64>,
    occasions: Vec<String>,
    has_it: bool,
    receipts: u32,
}

impl Books {
    fn new(amount: i64) -> Self {
        Self {
            state: asked(amount),
            balances: BTreeMap::new(),
            occasions: Vec::new(),
            has_it: false,
            receipts: 0,
        }
    }

    fn see(&mut self, seen: &Sighting) {
        let observed = self.state.observe(seen).unwrap();
        let before = self.state.status;
        for posting in &observed.postings {
            for entry in posting.entries() {
                *self.balances.entry(entry.account.as_str()).or_default() += entry.amount;
            }
            assert!(!self.occasions.contains(&posting.occasion()), "{posting:?} twice");
            self.occasions.push(posting.occasion());
        }
        match observed.owed {
            Owed::Grant => assert!(!std::mem::replace(&mut self.has_it, true), "granted twice"),
            Owed::Revoke => assert!(
                std::mem::replace(&mut self.has_it, false),
                "taken back, and never given"
            ),
            Owed::Nothing => {}
            Owed::GiveBack(_) => panic!("nothing was refused"),
        }
        self.receipts += u32::from(observed.is_newly_taken);
        self.state = observed.state;
        assert!(
            leads_to(before, self.state.status),
            "{before} to {}",
            self.state.status
        );
    }

    fn balance(&self, account: LedgerAccount) -> i64 {
        self.balances.get(account.as_str()).copied().unwrap_or_default()
    }

    /// All that does not depend on what was seen on the way.
    fn sum(&self) -> (PaymentState, Vec<(&'static str, i64)>, bool, u32) {
        let balances = self.balances.iter().map(|(account, amount)| (*account, *amount));
        let state = PaymentState {
            delivery: Delivery::Due,
            ..self.state
        };
        (
            state,
            balances.filter(|(_, amount)| *amount != 0).collect(),
            self.has_it,
            self.receipts,
        )
    }
}

fn leads_to(from: PaymentStatus, to: PaymentStatus) -> bool {
    let mut known = vec![from];
    let mut next = 0;
    while let Some(status) = known.get(next).copied() {
        next += 1;
        let fresh: Vec<_> = status
            .next()
            .iter()
            .filter(|one| !known.contains(one))
            .copied()
            .collect();
        known.extend(fresh);
    }
    known.contains(&to)
}

/// What Stripe would tell at each moment of one payment's life.
fn life() -> impl Strategy<Value = (i64, Vec<Sighting>)> {
    use IntentStatus::{
        Canceled, Processing, RequiresAction, RequiresConfirmation, RequiresPaymentMethod, Succeeded,
    };
    let open = select(
        &[
            RequiresPaymentMethod { failed: false },
            RequiresPaymentMethod { failed: true },
            RequiresConfirmation,
            RequiresAction,
            Processing,
        ][..],
    );
    let tries = prop::collection::vec((open, 0..2_i64), 0..6);
    let end = prop::option::weighted(0.9, select(&[Canceled, Succeeded, Succeeded, Succeeded][..]));
    let refunds = prop::collection::vec((1..=100_i64, any::<bool>()), 0..5);
    (1..100_000_i64, tries, end, refunds, prop::option::of(0..500_i64)).prop_map(
        |(amount, tries, end, refunds, fee)| {
            let mut now = 0;
            let mut seen = Vec::new();
            for (status, pause) in tries {
                now += pause;
                seen.push(sighting(now, status, amount));
            }
            let Some(end) = end else { return (amount, seen) };
            let mut last = sighting(now + 1, end, amount);
            seen.push(last);
            if end == Succeeded {
                last.fee = fee.map(cents);
                for (percent, returns) in refunds {
                    seen.push(last);
                    let left = amount - last.refunds.net().get();
                    let back = cents((left * percent / 100).max(i64::from(left > 0)));
                    last.refunds.made = last.refunds.made.plus(back);
                    seen.push(last);
                    if returns {
                        last.refunds.returned = last.refunds.returned.plus(back);
                        seen.push(last);
                    }
                }
            }
            (amount, seen)
        },
    )
}

/// A life, and in which order what was told arrives: some of it twice, some never.
fn deliveries() -> impl Strategy<Value = (i64, Vec<Sighting>, Vec<usize>)> {
    life().prop_flat_map(|(amount, seen)| {
        let places = if seen.is_empty() { 0..1 } else { 0..seen.len() };
        let order = prop::collection::vec(places, 0..20);
        (Just(amount), Just(seen), order)
    })
}

proptest! {
    #[test]
    fn in_any_order_the_newest_is_what_counts((amount, seen, order) in deliveries()) {
        let mut straight = Books::new(amount);
        let mut crooked = Books::new(amount);
        seen.iter().for_each(|sighting| straight.see(sighting));
        order.iter().filter_map(|place| seen.get(*place)).for_each(|sighting| crooked.see(sighting));
        // What reconciliation sees at last, and then whatever was on its way still.
        seen.last().into_iter().for_each(|sighting| crooked.see(sighting));
        order.iter().rev().filter_map(|place| seen.get(*place)).for_each(|sighting| crooked.see(sighting));
        // An open payment stands where the newest of one moment says; those of a moment may not all have arrived.
        if straight.state.status.is_open() {
            prop_assert!(crooked.state.status.is_open() && crooked.balances.is_empty() && !crooked.has_it);
            prop_assert_eq!(crooked.state.seen_at, straight.state.seen_at);
        } else {
            prop_assert_eq!(crooked.sum(), straight.sum());
        }
    }

    #[test]
    fn the_same_sightings_in_another_order_are_the_same((amount, seen, order) in deliveries()) {
        let mut straight = Books::new(amount);
        let mut crooked = Books::new(amount);
        let order: Vec<_> = order.iter().filter_map(|place| seen.get(*place)).collect();
        order.iter().for_each(|sighting| straight.see(sighting));
        order.iter().rev().chain(&order).for_each(|sighting| crooked.see(sighting));
        // Of two states at most the fee that was told first may differ, and a life has one fee.
        prop_assert_eq!(crooked.sum(), straight.sum());
    }

    #[test]
    fn money_taken_is_money_recorded_is_what_was_granted((amount, seen, order) in deliveries()) {
        let mut books = Books::new(amount);
        for sighting in order.iter().filter_map(|place| seen.get(*place)) {
            books.see(sighting);
            let state = &books.state;
            prop_assert_eq!(books.balances.values().sum::<i64>(), 0);
            let taken = if state.status.is_taken() { amount } else { 0 };
            prop_assert_eq!(-books.balance(LedgerAccount::RevenueMembership), taken);
            prop_assert_eq!(books.balance(LedgerAccount::Refunds), state.refunds.net().get());
            let fee = state.fee.map_or(0, Cents::get);
            prop_assert_eq!(books.balance(LedgerAccount::Fees), fee);
            let left = taken - state.refunds.net().get() - fee;
            prop_assert_eq!(books.balance(LedgerAccount::StripeBalance), left);
            prop_assert!(state.refunds.net().get() <= taken);
            prop_assert_eq!(books.has_it, state.is_entitled());
            prop_assert_eq!(books.has_it, taken > 0 && state.refunds.net() < state.amount);
            prop_assert_eq!(state.status == PaymentStatus::Refunded, taken > 0 && !books.has_it);
            prop_assert_eq!(books.receipts, u32::from(taken > 0));
        }
    }

    #[test]
    fn a_refund_is_never_more_than_what_is_left((amount, seen, order) in deliveries(), asked_for in prop::option::of(0..200_000_i64)) {
        let mut books = Books::new(amount);
        order.iter().filter_map(|place| seen.get(*place)).for_each(|sighting| books.see(sighting));
        let state = books.state;
        match state.refund(asked_for.map(cents)) {
            Ok(back) => {
                prop_assert!(!back.is_zero() && back <= state.refundable() && state.status == PaymentStatus::Completed);
                prop_assert!(state.refunds.net().plus(back) <= state.amount);
            }
            Err(RefundRefused::NotTaken(_)) => prop_assert!(!state.status.is_taken()),
            Err(RefundRefused::NothingLeft) => prop_assert_eq!(state.status, PaymentStatus::Refunded),
            Err(RefundRefused::TooMuch(left)) => prop_assert!(asked_for > Some(left) && left > 0),
            Err(RefundRefused::Nothing) => prop_assert_eq!(asked_for, Some(0)),
        }
    }
}

#[test]
fn a_payment_that_failed_can_be_tried_again() {
    let mut books = Books::new(5_000);
    let mut stands = |seconds, status| {
        books.see(&sighting(seconds, status, 5_000));
        books.state.status
    };
    assert_eq!(
        stands(1, IntentStatus::RequiresPaymentMethod { failed: true }),
        PaymentStatus::Failed
    );
    assert_eq!(stands(2, IntentStatus::Processing), PaymentStatus::Processing);
    assert_eq!(
        stands(1, IntentStatus::RequiresConfirmation),
        PaymentStatus::Processing,
        "an old answer"
    );
    assert_eq!(
        stands(3, IntentStatus::RequiresPaymentMethod { failed: true }),
        PaymentStatus::Failed
    );
    assert_eq!(stands(4, IntentStatus::RequiresAction), PaymentStatus::Pending);
    assert_eq!(stands(5, IntentStatus::Succeeded), PaymentStatus::Completed);
    assert_eq!(
        stands(6, IntentStatus::RequiresPaymentMethod { failed: true }),
        PaymentStatus::Completed
    );
}

#[test]
fn money_that_was_taken_after_all_counts() {
    let mut books = Books::new(5_000);
    books.see(&sighting(9, IntentStatus::Canceled, 5_000));
    assert_eq!(books.state.status, PaymentStatus::Cancelled);
    books.see(&sighting(1, IntentStatus::Succeeded, 5_000));
    assert_eq!(
        (books.state.status, books.has_it),
        (PaymentStatus::Completed, true)
    );
}

#[test]
fn a_refund_that_returns_gives_back_what_was_bought() {
    let mut books = Books::new(5_000);
    let mut seen = sighting(1, IntentStatus::Succeeded, 5_000);
    books.see(&seen);
    seen.refunds = RefundTotals::of([(cents(5_000), RefundStatus::Pending)]);
    books.see(&seen);
    assert_eq!(
        (books.state.status, books.has_it),
        (PaymentStatus::Refunded, false)
    );
    seen.refunds = RefundTotals::of([(cents(5_000), RefundStatus::Returned)]);
    books.see(&seen);
    assert_eq!(
        (books.state.status, books.has_it),
        (PaymentStatus::Completed, true)
    );
    assert_eq!(books.balance(LedgerAccount::StripeBalance), 5_000);
    assert_eq!(books.balance(LedgerAccount::Refunds), 0);
}

#[test]
fn what_cannot_be_given_goes_back_until_it_has() {
    let mut seen = sighting(1, IntentStatus::Succeeded, 5_000);
    let observed = asked(5_000).observe(&seen).unwrap();
    assert_eq!(observed.owed, Owed::Grant);
    let refused = observed.state.refused();
    let again = refused.observe(&seen).unwrap();
    assert_eq!(again.owed, Owed::GiveBack(cents(5_000)));
    assert!(again.is_unchanged(&refused));
    seen.refunds = RefundTotals::at_least(cents(2_000));
    let partly = again.state.observe(&seen).unwrap();
    assert_eq!(partly.owed, Owed::GiveBack(cents(3_000)));
    seen.refunds = RefundTotals::at_least(cents(5_000));
    let whole = partly.state.observe(&seen).unwrap();
    assert_eq!(
        (whole.owed, whole.state.status),
        (Owed::Nothing, PaymentStatus::Refunded)
    );
}

#[test]
fn what_is_not_this_payment_changes_nothing() {
    let taken = |amount: i64| sighting(1, IntentStatus::Succeeded, amount);
    let state = asked(5_000);
    let error = state.observe(&taken(4_999)).unwrap_err();
    assert_eq!(
        error,
        SightingError::OtherAmount {
            expected: 5_000,
            seen: 4_999
        }
    );
    let less = Sighting {
        received: cents(4_000),
        ..taken(5_000)
    };
    assert!(matches!(
        state.observe(&less),
        Err(SightingError::OtherReceived { seen: 4_000, .. })
    ));
    let euros = Sighting {
        currency: "eur".parse().unwrap(),
        ..taken(5_000)
    };
    assert!(matches!(
        state.observe(&euros),
        Err(SightingError::OtherCurrency { .. })
    ));
    let refunds = [(5_001, 0), (0, 1), (6_000, 500)];
    for (made, returned) in refunds {
        let refunds = RefundTotals {
            made: cents(made),
            returned: cents(returned),
        };
        let seen = Sighting {
            refunds,
            ..taken(5_000)
        };
        assert!(
            matches!(
                state.observe(&seen),
                Err(SightingError::RefundsOutOfBounds { .. })
            ),
            "{made} {returned}"
        );
    }
}

#[test]
fn a_fee_is_written_down_once_and_only_of_money_that_was_taken() {
    let fee = Some(cents(175));
    let open = Sighting {
        fee,
        ..sighting(1, IntentStatus::Processing, 5_000)
    };
    let observed = asked(5_000).observe(&open).unwrap();
    assert!(observed.postings.is_empty() && observed.state.fee.is_none());
    let taken = Sighting {
        fee,
        ..sighting(2, IntentStatus::Succeeded, 5_000)
    };
    let kinds = |observed: &Observed| {
        observed
            .postings
            .iter()
            .map(|posting| posting.kind())
            .collect::<Vec<_>>()
    };
    let observed = observed.state.observe(&taken).unwrap();
    assert_eq!(kinds(&observed), [MovementKind::Charge, MovementKind::Fee]);
    let again = observed.state.observe(&taken).unwrap();
    assert!(again.is_unchanged(&observed.state) && again.owed == Owed::Nothing);
}

#[test]
fn people_can_do_what_the_state_allows() {
    use PaymentAction::{Cancel, Pay, Refund};
    let allowed = |status: PaymentStatus| {
        let all = PaymentAction::ALL.iter().copied();
        all.filter(|action| status.allow(*action).is_ok())
            .collect::<Vec<_>>()
    };
    assert_eq!(allowed(PaymentStatus::Pending), [Pay, Cancel]);
    assert_eq!(allowed(PaymentStatus::Failed), [Pay, Cancel]);
    assert_eq!(allowed(PaymentStatus::Completed), [Refund]);
    for none in [
        PaymentStatus::Processing,
        PaymentStatus::Refunded,
        PaymentStatus::Cancelled,
    ] {
        assert!(allowed(none).is_empty(), "{none}");
    }
    let refusal = PaymentStatus::Refunded.allow(Cancel).unwrap_err();
    assert_eq!(refusal.to_string(), "a payment that is REFUNDED cannot cancel");
}

#[test]
fn stripes_words_are_known() {
    let words = [
        ("requires_payment_method", PaymentStatus::Pending),
        ("requires_confirmation", PaymentStatus::Pending),
        ("requires_action", PaymentStatus::Pending),
        ("processing", PaymentStatus::Processing),
        ("requires_capture", PaymentStatus::Processing),
        ("canceled", PaymentStatus::Cancelled),
        ("succeeded", PaymentStatus::Completed),
    ];
    for (word, status) in words {
        assert_eq!(
            IntentStatus::parse(word, false).map(IntentStatus::payment_status),
            Some(status),
            "{word}"
        );
    }
    let failed = IntentStatus::parse("requires_payment_method", true).map(IntentStatus::payment_status);
    assert_eq!(failed, Some(PaymentStatus::Failed));
    assert_eq!(IntentStatus::parse("paid_in_gold", false), None);
    assert_eq!(RefundStatus::parse("canceled"), RefundStatus::Returned);
    assert_eq!(RefundStatus::parse("requires_action"), RefundStatus::Pending);
}
