//! What holds before the stand-in and before the fake alike.

use portal_domain::ledger::MovementKind;
use portal_domain::payment::{Observed, Owed, PaymentStatus};
use portal_stripe::{ApiKey, Charge, Created, NewCustomer, RefundReason, StripeError};
use time::{Duration, OffsetDateTime};

use super::support::*;

fn movements(observed: &Observed) -> Vec<(MovementKind, i64)> {
    let postings = observed.postings.iter();
    postings
        .map(|posting| (posting.kind(), posting.amount().get()))
        .collect()
}

pub(crate) async fn a_payment_fails_is_paid_and_goes_back_in_parts(shop: Shop) {
    let customer = NewCustomer {
        email: Some("payer@members.example".to_owned()),
        ..NewCustomer::default()
    };
    let customer = shop.stripe.create_customer(&customer, &key()).await.unwrap();
    let mut wanted = intent(5_000);
    wanted.customer = Some(customer.id);
    let made = shop.stripe.create_payment_intent(&wanted, &key()).await.unwrap();
    assert_eq!(made.metadata, wanted.metadata);
    let mut state = asked(5_000);

    let observed = shop.observe(&mut state, &made.id).await;
    assert_eq!(
        (state.status, observed.owed),
        (PaymentStatus::Pending, Owed::Nothing)
    );
    let (status, said) = shop.confirm(&made.id, REFUSED).await;
    assert_eq!(
        (status, said["error"]["code"].as_str()),
        (402, Some("card_declined"))
    );
    shop.observe(&mut state, &made.id).await;
    assert_eq!(state.status, PaymentStatus::Failed);

    let (status, _) = shop.confirm(&made.id, GOOD).await;
    assert_eq!(status, 200);
    let observed = shop.observe(&mut state, &made.id).await;
    assert_eq!(
        (state.status, observed.owed),
        (PaymentStatus::Completed, Owed::Grant)
    );
    assert_eq!(
        movements(&observed),
        [(MovementKind::Charge, 5_000), (MovementKind::Fee, 175)]
    );
    let observed = shop.observe(&mut state, &made.id).await;
    assert!(observed.postings.is_empty() && observed.owed == Owed::Nothing);

    let mut part = refund(&made.id, 1_200);
    part.reason = Some(RefundReason::RequestedByCustomer);
    shop.stripe.create_refund(&part, &key()).await.unwrap();
    let observed = shop.observe(&mut state, &made.id).await;
    assert_eq!(movements(&observed), [(MovementKind::Refund, 1_200)]);
    assert_eq!(
        (state.status, observed.owed),
        (PaymentStatus::Completed, Owed::Nothing)
    );
    let error = shop
        .stripe
        .create_refund(&refund(&made.id, 3_801), &key())
        .await
        .unwrap_err();
    assert!(matches!(error, StripeError::InvalidRequest(_)), "{error}");
    let left = state.refund(None).unwrap();
    shop.stripe
        .create_refund(&refund(&made.id, left.get()), &key())
        .await
        .unwrap();
    let observed = shop.observe(&mut state, &made.id).await;
    assert_eq!(movements(&observed), [(MovementKind::Refund, 3_800)]);
    assert_eq!(
        (state.status, observed.owed),
        (PaymentStatus::Refunded, Owed::Revoke)
    );
}

pub(crate) async fn the_same_key_is_the_same_request(shop: Shop) {
    let (wanted, key) = (intent(700), key());
    let first = shop.stripe.create_payment_intent(&wanted, &key).await.unwrap();
    let again = shop.stripe.create_payment_intent(&wanted, &key).await.unwrap();
    assert_eq!(first, again);
    let mut other = wanted.clone();
    other.amount = cents(701);
    let error = shop.stripe.create_payment_intent(&other, &key).await.unwrap_err();
    assert!(matches!(error, StripeError::OtherRequest(_)), "{error}");

    shop.confirm(&first.id, GOOD).await;
    let part = refund(&first.id, 300);
    let key = super::support::key();
    let refunds = [
        shop.stripe.create_refund(&part, &key).await.unwrap(),
        shop.stripe.create_refund(&part, &key).await.unwrap(),
    ];
    assert_eq!(refunds[0].id, refunds[1].id);
    assert_eq!(shop.stripe.refunds_of(&first.id).await.unwrap().len(), 1);
}

pub(crate) async fn what_was_called_off_takes_no_money(shop: Shop) {
    let (made, mut state) = shop.ask(900).await;
    shop.stripe.cancel_payment_intent(&made.id, &key()).await.unwrap();
    shop.observe(&mut state, &made.id).await;
    assert_eq!(state.status, PaymentStatus::Cancelled);
    let error = shop
        .stripe
        .cancel_payment_intent(&made.id, &key())
        .await
        .unwrap_err();
    assert!(matches!(error, StripeError::InvalidRequest(_)), "{error}");
    let (status, _) = shop.confirm(&made.id, GOOD).await;
    assert_eq!(status, 400);
    let error = shop
        .stripe
        .create_refund(&refund(&made.id, 900), &key())
        .await
        .unwrap_err();
    assert!(matches!(error, StripeError::InvalidRequest(_)), "{error}");
}

pub(crate) async fn lists_tell_what_was_made_in_a_time_the_newest_first(shop: Shop) {
    let from = OffsetDateTime::now_utc() - Duration::MINUTE;
    let until = OffsetDateTime::now_utc() + Duration::MINUTE;
    let (older, _) = shop.ask(1_000).await;
    let (newer, _) = shop.ask(1_100).await;
    shop.confirm(&older.id, GOOD).await;
    let back = shop
        .stripe
        .create_refund(&refund(&older.id, 100), &key())
        .await
        .unwrap();

    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let created = Created { from, until };
        let page = shop
            .stripe
            .list_payment_intents(created, after.as_deref())
            .await
            .unwrap();
        after = page.next().map(str::to_owned);
        seen.extend(page.data);
        if after.is_none() {
            break;
        }
    }
    let place = |id: &str| seen.iter().position(|intent| intent.id == id).unwrap();
    assert!(place(&newer.id) < place(&older.id));
    let paid = &seen[place(&older.id)];
    let fee = paid.charge().and_then(Charge::fee);
    assert_eq!(fee, Some(cents(59)), "a charge comes with its fee");
    let refunds = shop
        .stripe
        .list_refunds(Created { from, until }, None)
        .await
        .unwrap();
    assert!(refunds.data.iter().any(|refund| refund.id == back.id));

    let before = Created {
        from: from - Duration::HOUR,
        until: from - Duration::MINUTE * 30,
    };
    let page = shop.stripe.list_payment_intents(before, None).await.unwrap();
    assert!(
        page.data
            .iter()
            .all(|intent| intent.id != older.id && intent.id != newer.id)
    );
}

pub(crate) async fn another_key_is_refused(shop: Shop) {
    let (made, _) = shop.ask(500).await;
    let stranger = Shop::at(
        shop.api.clone(),
        ApiKey::from("sk_test_of_somebody_else".to_owned()),
    );
    let error = stranger
        .stripe
        .retrieve_payment_intent(&made.id)
        .await
        .unwrap_err();
    assert!(matches!(error, StripeError::Authentication(_)), "{error}");
    let error = shop.stripe.retrieve_payment_intent("pi_0").await.unwrap_err();
    assert!(matches!(error, StripeError::NotFound(_)), "{error}");
}
