//! What is asked for, and what is made of the answers.

use portal_domain::payment::{IntentStatus, RefundTotals};
use time::OffsetDateTime;
use time::macros::datetime;

use super::*;

#[tokio::test]
async fn a_sighting_is_made_of_an_intent_and_its_refunds() {
    let refund = |id: &str, amount: i64, status: &str| json!({"id": id, "amount": amount, "status": status, "created": 1, "payment_intent": "pi_1", "metadata": {}});
    let first =
        json!({"data": [refund("re_3", 100, "pending"), refund("re_2", 600, "succeeded")], "has_more": true});
    let second = json!({"data": [refund("re_1", 300, "failed")], "has_more": false});
    let server = Server::start(vec![
        Reply::Json(200, intent("succeeded")),
        Reply::Json(200, first),
        Reply::Json(200, second),
    ])
    .await;
    let stripe = server.stripe();
    let now = datetime!(2026-03-01 12:00 UTC);
    let intent = stripe.retrieve_payment_intent("pi_1").await.unwrap();
    let refunds = stripe.refunds_of("pi_1").await.unwrap();
    let seen = intent.sighting(now, Some(&refunds)).unwrap();
    assert_eq!(
        (seen.status, seen.received, seen.fee),
        (IntentStatus::Succeeded, cents(5_000), Some(cents(175)))
    );
    let totals = RefundTotals {
        made: cents(1_000),
        returned: cents(300),
    };
    assert_eq!(seen.refunds, totals);
    let without = intent.sighting(now, None).unwrap();
    assert_eq!(without.refunds, RefundTotals::at_least(cents(700)));
    let addresses: Vec<_> = server.asked().into_iter().map(|asked| asked.address).collect();
    let expected = [
        "/v1/payment_intents/pi_1?expand%5B%5D=latest_charge.balance_transaction",
        "/v1/refunds?payment_intent=pi_1&limit=100",
        "/v1/refunds?payment_intent=pi_1&limit=100&starting_after=re_2",
    ];
    assert_eq!(addresses, expected);
}

#[tokio::test]
async fn a_list_is_read_a_page_at_a_time() {
    let page = json!({"data": [intent("succeeded"), intent("processing")], "has_more": true});
    let server = Server::start(vec![Reply::Json(200, page)]).await;
    let moment = |seconds| OffsetDateTime::from_unix_timestamp(seconds).unwrap();
    let created = Created {
        from: moment(100),
        until: moment(200),
    };
    let page = server
        .stripe()
        .list_payment_intents(created, Some("pi_9"))
        .await
        .unwrap();
    assert_eq!((page.data.len(), page.next()), (2, Some("pi_1")));
    assert_eq!(
        server.asked()[0].address,
        "/v1/payment_intents?created%5Bgte%5D=100&created%5Blt%5D=200&limit=100&starting_after=pi_9\
         &expand%5B%5D=data.latest_charge.balance_transaction"
    );
}

#[tokio::test]
async fn a_refund_names_what_it_gives_back() {
    let made = json!({"id": "re_1", "amount": 500, "status": null, "created": 1});
    let server = Server::start(vec![Reply::Json(200, made)]).await;
    let refund = NewRefund {
        payment_intent: "pi_1".to_owned(),
        amount: cents(500),
        reason: Some(RefundReason::RequestedByCustomer),
        metadata: BTreeMap::new(),
    };
    server.stripe().create_refund(&refund, &key()).await.unwrap();
    assert_eq!(
        server.asked()[0].body,
        "payment_intent=pi_1&amount=500&reason=requested_by_customer"
    );
}

#[tokio::test]
async fn an_id_cannot_lead_elsewhere() {
    let server = Server::start(vec![Reply::Json(404, refusal("invalid_request_error"))]).await;
    let error = server
        .stripe()
        .retrieve_payment_intent("../refunds?x=")
        .await
        .unwrap_err();
    assert!(matches!(error, StripeError::NotFound(_)), "{error}");
    let address = &server.asked()[0].address;
    assert!(
        address.starts_with("/v1/payment_intents/..%2Frefunds%3Fx%3D?"),
        "{address}"
    );
}

#[tokio::test]
async fn an_answer_of_another_shape_is_told_of() {
    let server = Server::start(vec![Reply::Json(200, json!({"id": 7}))]).await;
    let error = server.stripe().retrieve_payment_intent("pi_1").await.unwrap_err();
    assert!(matches!(error, StripeError::Malformed(_)), "{error}");
}
