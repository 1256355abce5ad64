//! Seats that go back bring their money back, once: given back in time, and of events that are called off.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::people::{MoneyCalls as _, Person, new_finance};
use crate::seats::{event, hold, seat_status};
use crate::support::{alter, id_of, mailed, night, one};

/// Where a payment stands, and its refunds.
pub(crate) async fn standing(member: &Person, asked: &Value) -> (String, Vec<String>) {
    let payment = member.json(&format!("/v1/payments/{}", id_of(asked))).await;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let refunds = payment["refunds"].as_array().unwrap().iter();
    let refunds = refunds.map(|refund| {
        format!(
            "{} {} {}",
            text(&refund["cause"]),
            text(&refund["status"]),
            refund["amountCents"]
        )
    });
    (text(&payment["status"]), refunds.collect())
}

#[tokio::test]
async fn a_seat_that_is_given_back_in_time_brings_its_money_back_once() {
    let (member, next, event) = (Person::member().await, Person::member().await, event(1).await);
    let asked = hold(&member, &event).await;
    member.pay(&asked).await;
    let path = format!("/v1/events/{event}/registration");
    next.send(Method::POST, &path, None, &[])
        .await
        .expect(StatusCode::CREATED);
    member.delete(&path).await.expect(StatusCode::NO_CONTENT);
    assert_eq!(seat_status(&asked).await, "CANCELLED");
    let owed = vec!["GIVEN_BACK REQUESTED 2000".to_owned()];
    assert_eq!(standing(&member, &asked).await, ("COMPLETED".to_owned(), owed));
    let offered: i64 = one(
        "SELECT count(*) FROM event_registrations WHERE event_id = $1 AND offer_expires_at IS NOT NULL",
        &event,
    )
    .await;
    assert_eq!(offered, 1);
    for _ in 0..2 {
        night().await;
        let made = vec!["GIVEN_BACK SUCCEEDED 2000".to_owned()];
        assert_eq!(standing(&member, &asked).await, ("REFUNDED".to_owned(), made));
    }
    assert_eq!(mailed(member.id()).await, ["PAYMENT_RECEIPT", "PAYMENT_REFUNDED"]);
}

#[tokio::test]
async fn once_registrations_are_closed_a_seat_is_given_back_without_its_money() {
    let (member, event) = (Person::member().await, event(1).await);
    let asked = hold(&member, &event).await;
    member.pay(&asked).await;
    let close = "UPDATE events SET registration_deadline = now() - interval '1 second' WHERE id = $1";
    alter(close, &event).await;
    let path = format!("/v1/events/{event}/registration");
    member.delete(&path).await.expect(StatusCode::NO_CONTENT);
    night().await;
    assert_eq!(standing(&member, &asked).await, ("COMPLETED".to_owned(), vec![]));
}

#[tokio::test]
async fn an_event_that_is_called_off_gives_every_seats_money_back_once() {
    let (paid, part, unpaid, event) = (
        Person::member().await,
        Person::member().await,
        Person::member().await,
        event(3).await,
    );
    let asked = [hold(&paid, &event).await, hold(&part, &event).await];
    paid.pay(&asked[0]).await;
    part.pay(&asked[1]).await;
    hold(&unpaid, &event).await;
    new_finance()
        .await
        .refund(
            &id_of(&asked[1]),
            &json!({"amountCents": 500, "reason": "The menu was changed"}),
        )
        .await
        .expect(StatusCode::OK);
    let manager = Person::with(&["event_manager"]).await;
    let cancel = format!("/v1/events/{event}/cancel");
    manager.post(&cancel, &json!({})).await.expect(StatusCode::OK);
    assert_eq!(
        manager.post(&cancel, &json!({})).await.status,
        StatusCode::CONFLICT
    );
    for _ in 0..2 {
        night().await;
        let whole = vec!["CALLED_OFF SUCCEEDED 2000".to_owned()];
        assert_eq!(standing(&paid, &asked[0]).await, ("REFUNDED".to_owned(), whole));
        let rest = vec![
            "STAFF SUCCEEDED 500".to_owned(),
            "CALLED_OFF SUCCEEDED 1500".to_owned(),
        ];
        assert_eq!(standing(&part, &asked[1]).await, ("REFUNDED".to_owned(), rest));
    }
    assert_eq!(seat_status(&asked[0]).await, "CANCELLED");
}
