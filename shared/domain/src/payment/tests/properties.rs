//! Whatever is told, in whatever order.

use proptest::prelude::*;
use proptest::sample::select;

use super::*;

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
