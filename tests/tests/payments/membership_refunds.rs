//! Giving the money of memberships back: what goes with it, and what it counts towards.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::people::{MoneyCalls as _, Person, new_finance};
use crate::refunds::{at_stripe, comes_back, write_down};
use crate::support::{alter, id_of, night, one, tier};

/// How the membership stands that a payment has brought; null where it has brought none.
async fn state(member: &Person, payment: &str) -> Value {
    let history = member.json("/v1/membership").await["history"].clone();
    let mut all = history.as_array().unwrap().iter();
    let found = all.find(|one| one["paymentId"] == json!(payment));
    found.map_or(Value::Null, |one| one["state"].clone())
}

#[tokio::test]
async fn a_membership_goes_with_all_of_its_money_and_loses_value_with_a_part() {
    let (member, tier) = (Person::member().await, tier(12_000, 1).await);
    let finance = new_finance().await;
    let id = id_of(&member.join(tier).await);
    finance
        .refund(&id, &json!({"amountCents": 2_000, "reason": "A hardship"}))
        .await
        .expect(StatusCode::OK);
    let value: i64 = one("SELECT value_cents FROM memberships WHERE payment_id = $1", &id).await;
    assert_eq!(value, 10_000);
    finance
        .refund(&id, &json!({"reason": "Moved away"}))
        .await
        .expect(StatusCode::OK);
    let now = member.json("/v1/membership").await;
    assert_eq!(
        (&now["isInForce"], &now["history"][0]["state"]),
        (&json!(false), &json!("CANCELLED"))
    );
}

#[tokio::test]
async fn a_membership_that_counts_towards_a_dearer_one_is_not_given_back_before_it() {
    let member = Person::member().await;
    let finance = new_finance().await;
    let (small, large) = (tier(12_000, 1).await, tier(60_000, 1).await);
    let old = id_of(&member.join(small).await);
    let new = id_of(&member.join(large).await);
    let refused = finance.refund(&old, &json!({"reason": "Both"})).await;
    assert!(
        refused
            .detail(StatusCode::CONFLICT)
            .contains("counts towards another")
    );
    finance
        .refund(&new, &json!({"reason": "Both"}))
        .await
        .expect(StatusCode::OK);
    let history = member.json("/v1/membership").await["history"].clone();
    let state = |payment: &str| {
        let mut all = history.as_array().unwrap().iter();
        all.find(|one| one["paymentId"] == json!(payment)).unwrap()["state"].clone()
    };
    assert_eq!(
        (state(&old), state(&new)),
        (json!("ACTIVE"), json!("CANCELLED")),
        "the old one comes back"
    );
    finance
        .refund(&old, &json!({"reason": "Both"}))
        .await
        .expect(StatusCode::OK);
}

#[tokio::test]
async fn money_that_is_about_to_go_back_counts_towards_nothing() {
    let (member, finance) = (Person::member().await, new_finance().await);
    let (small, large) = (tier(12_000, 1).await, tier(60_000, 1).await);
    let old = id_of(&member.join(small).await);
    let upgrade = member.ask(&json!({"type": "MEMBERSHIP", "tierId": large})).await;
    let upgrade = upgrade.expect(StatusCode::CREATED);
    // As it stands when Stripe is away.
    write_down(&old, 11_000, &finance).await;
    member.pay(&upgrade).await;
    night().await;
    let states = (state(&member, &old).await, state(&member, &id_of(&upgrade)).await);
    assert_eq!(
        states,
        (json!("ACTIVE"), Value::Null),
        "its money went back instead"
    );
    let back = member.json(&format!("/v1/payments/{}", id_of(&upgrade))).await;
    assert_eq!(
        (&back["delivery"], &back["status"]),
        (&json!("REFUSED"), &json!("REFUNDED")),
        "{back}"
    );
}

#[tokio::test]
async fn no_part_of_a_membership_that_counts_towards_another_goes_back() {
    let (member, finance) = (Person::member().await, new_finance().await);
    let (small, large) = (tier(12_000, 1).await, tier(60_000, 1).await);
    let old = id_of(&member.join(small).await);
    member.join(large).await;
    let part = finance
        .refund(&old, &json!({"amountCents": 100, "reason": "A part"}))
        .await;
    assert!(
        part.detail(StatusCode::CONFLICT)
            .contains("counts towards another")
    );
}

#[tokio::test]
async fn what_goes_back_at_stripe_of_a_membership_that_counts_towards_another_is_a_finding() {
    let (member, finance) = (Person::member().await, new_finance().await);
    let (small, large) = (tier(12_000, 1).await, tier(60_000, 1).await);
    let old = id_of(&member.join(small).await);
    let new = id_of(&member.join(large).await);
    at_stripe(&old).await;
    member.when(&old, |payment| payment["status"] == "REFUNDED").await;
    let found = "SELECT count(*) FROM payment_findings WHERE payment_id = $1 AND kind = 'CREDIT_GIVEN_BACK'";
    assert_eq!(one::<i64>(found, &old).await, 1);
    finance
        .refund(&new, &json!({"reason": "Both"}))
        .await
        .expect(StatusCode::OK);
    assert_eq!(
        (state(&member, &old).await, state(&member, &new).await),
        (json!("REPLACED"), json!("CANCELLED")),
        "nothing is left that could come back"
    );
}

#[tokio::test]
async fn a_refund_that_comes_back_weeks_later_is_seen_at_night_and_what_was_over_stays_over() {
    let member = Person::member().await;
    let id = id_of(&member.join(tier(12_000, 1).await).await);
    alter(
        "UPDATE memberships SET state = 'LAPSED', starts_at = starts_at - interval '500 days', ends_at = ends_at - interval '500 days',
            grace_ends_at = grace_ends_at - interval '500 days' WHERE payment_id = $1",
        &id,
    )
    .await;
    let refund = at_stripe(&id).await;
    member.when(&id, |payment| payment["status"] == "REFUNDED").await;
    comes_back(&refund).await;
    night().await;
    let now = member.json(&format!("/v1/payments/{id}")).await;
    assert_eq!(
        (&now["status"], &now["delivery"], &now["refunds"][0]["status"]),
        (&json!("COMPLETED"), &json!("GIVEN"), &json!("RETURNED"))
    );
    assert_eq!(state(&member, &id).await, "LAPSED");
}
