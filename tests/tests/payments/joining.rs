//! Memberships: joined, renewed without losing a day, exchanged for a dearer one, and called off before they are paid.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::people::{MoneyCalls as _, Person};
use crate::stripe;
use crate::support::{alter, id_of, ledger, mailed, one, tier};

#[tokio::test]
async fn a_member_joins_pays_and_is_in_force() {
    let (member, tier) = (Person::member().await, tier(12_000, 1).await);
    let before = member.json("/v1/membership").await;
    assert_eq!(
        (&before["isInForce"], &before["history"]),
        (&json!(false), &json!([]))
    );
    let asked = member.ask(&json!({"type": "MEMBERSHIP", "tierId": tier})).await;
    assert_eq!(asked.status, StatusCode::CREATED, "{}", asked.body);
    let id = id_of(&asked.body);
    assert_eq!(asked.header("location"), format!("/v1/payments/{id}"));
    assert_eq!(
        (
            &asked.body["amountCents"],
            &asked.body["status"],
            &asked.body["purchase"]
        ),
        (&json!(12_000), &json!("PENDING"), &json!("JOIN"))
    );
    let paid = member.pay(&asked.body).await;
    assert_eq!(
        (
            &paid["status"],
            &paid["delivery"],
            paid["receiptNumber"].is_string()
        ),
        (&json!("COMPLETED"), &json!("GIVEN"), true),
        "{paid}"
    );
    let now = member.json("/v1/membership").await;
    assert_eq!(
        (&now["isInForce"], now["history"].as_array().unwrap().len()),
        (&json!(true), 1)
    );
    assert_eq!(now["history"][0]["paymentId"], id);
    assert_eq!(now["history"][0]["state"], "ACTIVE");
    let (expiry, ends): (bool, bool) = sqlx::query_as(
        "SELECT u.membership_expires_at = m.ends_at, m.ends_at > now() + interval '364 days'
        FROM users AS u JOIN memberships AS m ON m.user_id = u.id WHERE u.id = $1",
    )
    .bind(member.id())
    .fetch_one(&mut crate::support::owner().await)
    .await
    .unwrap();
    assert!(expiry && ends);
    assert_eq!(
        ledger(&id)
            .await
            .iter()
            .map(|(account, _)| account.as_str())
            .collect::<Vec<_>>(),
        ["REVENUE_MEMBERSHIP", "STRIPE_BALANCE"]
    );
    assert_eq!(mailed(member.id()).await, ["PAYMENT_RECEIPT"]);
}

#[tokio::test]
async fn renewed_early_the_next_period_begins_where_this_one_ends() {
    let (member, tier) = (Person::member().await, tier(12_000, 1).await);
    member.join(tier).await;
    let renewed = member.join(tier).await;
    assert_eq!(renewed["purchase"], "RENEW");
    let history = member.json("/v1/membership").await["history"].clone();
    assert_eq!(history[0]["startsAt"], history[1]["endsAt"]);
    let again = member.ask(&json!({"type": "MEMBERSHIP", "tierId": tier})).await;
    let refused = again.detail(StatusCode::CONFLICT);
    assert!(
        refused.contains("has been renewed already"),
        "a third year: {refused}"
    );
}

#[tokio::test]
async fn a_dearer_tier_counts_what_is_left_of_the_old_one() {
    let member = Person::member().await;
    let (small, large) = (tier(12_000, 1).await, tier(60_000, 3).await);
    member.join(small).await;
    let asked = member.ask(&json!({"type": "MEMBERSHIP", "tierId": large})).await;
    let asked = asked.expect(StatusCode::CREATED);
    let due = asked["amountCents"].as_i64().unwrap();
    assert_eq!(asked["purchase"], "UPGRADE");
    assert!(
        (48_000..=48_100).contains(&due),
        "all but the day that has begun counts: {due}"
    );
    member.pay(&asked).await;
    let history = member.json("/v1/membership").await["history"].clone();
    let states: Vec<_> = history
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["state"].clone())
        .collect();
    assert!(
        states.contains(&json!("REPLACED")) && states.contains(&json!("ACTIVE")),
        "{history}"
    );
}

#[tokio::test]
async fn asked_again_it_is_the_same_payment() {
    let (member, tier) = (Person::member().await, tier(9_000, 1).await);
    let body = json!({"type": "MEMBERSHIP", "tierId": tier});
    let first = member
        .ask_as("a-key-of-mine", &body)
        .await
        .expect(StatusCode::CREATED);
    let repeated = member
        .ask_as("a-key-of-mine", &body)
        .await
        .expect(StatusCode::CREATED);
    let other_key = member.ask(&body).await.expect(StatusCode::CREATED);
    for again in [&repeated, &other_key] {
        assert_eq!(
            (&again["id"], &again["clientSecret"]),
            (&first["id"], &first["clientSecret"])
        );
    }
    let misused = member
        .ask_as("a-key-of-mine", &json!({"type": "DONATION", "amountCents": 500}))
        .await;
    assert_eq!(misused.pointers(), ["/header/idempotency-key"]);
    let kept: String = one(
        "SELECT convert_from(body, 'UTF8') FROM idempotency_keys WHERE user_id = $1 AND key = 'a-key-of-mine'",
        &member.id().to_string(),
    )
    .await;
    assert!(!kept.contains("_secret_"), "the secret is not kept");
    let dearer = crate::support::tier(19_000, 1).await;
    let other = member.ask(&json!({"type": "MEMBERSHIP", "tierId": dearer})).await;
    assert!(other.detail(StatusCode::CONFLICT).contains("/cancel"));
}

#[tokio::test]
async fn a_payment_is_called_off_before_it_is_paid_and_not_after() {
    let (member, tier) = (Person::member().await, tier(9_000, 1).await);
    let body = json!({"type": "MEMBERSHIP", "tierId": tier});
    let asked = member.ask(&body).await.expect(StatusCode::CREATED);
    let path = format!("/v1/payments/{}/cancel", id_of(&asked));
    let off = member
        .send(Method::POST, &path, None, &[])
        .await
        .expect(StatusCode::OK);
    assert_eq!(off["status"], "CANCELLED");
    let twice = member
        .send(Method::POST, &path, None, &[])
        .await
        .expect(StatusCode::OK);
    assert_eq!(twice["status"], "CANCELLED");
    assert_ne!(
        stripe::pay(&asked, stripe::GOOD_CARD).await,
        StatusCode::OK,
        "Stripe has called it off, too"
    );
    let paid = member.join(tier).await;
    let late = format!("/v1/payments/{}/cancel", id_of(&paid));
    let refused = member.send(Method::POST, &late, None, &[]).await;
    assert!(refused.detail(StatusCode::CONFLICT).contains("COMPLETED"));
}

#[tokio::test]
async fn a_card_that_is_refused_takes_nothing_and_another_can_be_tried() {
    let (member, tier) = (Person::member().await, tier(9_000, 1).await);
    let asked = member.ask(&json!({"type": "MEMBERSHIP", "tierId": tier})).await;
    let asked = asked.expect(StatusCode::CREATED);
    assert_eq!(
        stripe::pay(&asked, stripe::BAD_CARD).await,
        StatusCode::PAYMENT_REQUIRED
    );
    let failed = member
        .when(&id_of(&asked), |payment| payment["status"] == "FAILED")
        .await;
    assert_eq!(failed["failureCode"], "card_declined");
    assert_eq!(member.json("/v1/membership").await["isInForce"], false);
    assert_eq!(ledger(&id_of(&asked)).await, []);
    let paid = member.pay(&asked).await;
    assert_eq!(
        (&paid["status"], &paid["failureCode"]),
        (&json!("COMPLETED"), &Value::Null)
    );
    assert_eq!(mailed(member.id()).await, ["PAYMENT_FAILED", "PAYMENT_RECEIPT"]);
}

#[tokio::test]
async fn tiers_that_are_not_sold_any_more_cannot_be_bought() {
    let (member, tier) = (Person::member().await, tier(9_000, 1).await);
    let listed = Person::stranger().json("/v1/membership/tiers").await;
    let has = |listed: &Value| {
        listed["items"]
            .as_array()
            .unwrap()
            .iter()
            .any(|one| one["id"] == json!(tier))
    };
    assert!(has(&listed), "anybody sees the tiers");
    alter(
        "UPDATE membership_tiers SET is_active = false WHERE id = $1",
        &tier.to_string(),
    )
    .await;
    assert!(!has(&member.json("/v1/membership/tiers").await));
    let asked = member.ask(&json!({"type": "MEMBERSHIP", "tierId": tier})).await;
    assert_eq!(asked.status, StatusCode::NOT_FOUND);
}
