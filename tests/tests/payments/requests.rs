//! Requests that cannot be taken.

use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::people::{MoneyCalls as _, Person};
use crate::support::tier;

#[tokio::test]
async fn a_payment_takes_a_key() {
    let member = Person::member().await;
    let body = json!({"type": "DONATION", "amountCents": 500});
    let refused = member.post("/v1/payments", &body).await;
    assert_eq!(refused.pointers(), ["/header/idempotency-key"]);
}

#[tokio::test]
async fn every_fault_is_named_at_once() {
    let member = Person::member().await;
    let faults = async |body| member.ask(&body).await.pointers();
    assert_eq!(faults(json!({})).await, ["/body/type"]);
    assert_eq!(faults(json!({"type": "TRAINING"})).await, ["/body/enrollmentId"]);
    assert_eq!(
        faults(json!({"type": "DONATION", "amountCents": 1, "tierId": "x", "colour": "red"})).await,
        ["/body/amountCents", "/body/colour", "/body/tierId"]
    );
    assert_eq!(
        faults(json!({"type": "MEMBERSHIP", "tierId": tier(5, 1).await, "amountCents": 100})).await,
        ["/body/amountCents"],
        "nobody names their own price"
    );
}

#[tokio::test]
async fn nobody_pays_without_an_account_and_unknown_things_are_unknown() {
    let body = json!({"type": "DONATION", "amountCents": 500});
    assert_eq!(
        Person::stranger().ask(&body).await.status,
        StatusCode::UNAUTHORIZED
    );
    let member = Person::member().await;
    for kind in [
        ("MEMBERSHIP", "tierId"),
        ("EVENT_REGISTRATION", "registrationId"),
        ("TRAINING", "enrollmentId"),
    ] {
        let unknown = json!({"type": kind.0, kind.1: "0198a7c0-0000-7000-8000-00000000ffff"});
        assert_eq!(
            member.ask(&unknown).await.status,
            StatusCode::NOT_FOUND,
            "{kind:?}"
        );
    }
    let path = "/v1/payments/0198a7c0-0000-7000-8000-00000000ffff";
    assert_eq!(member.get(path).await.status, StatusCode::NOT_FOUND);
    let cancel = member
        .send(Method::POST, &format!("{path}/cancel"), None, &[])
        .await;
    assert_eq!(cancel.status, StatusCode::NOT_FOUND);
}
