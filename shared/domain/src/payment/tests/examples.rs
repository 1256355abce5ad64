//! One payment at a time.

use super::*;
use crate::ledger::{MovementKind, Posting};

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
    let kinds = |observed: &Observed| observed.postings.iter().map(Posting::kind).collect::<Vec<_>>();
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
