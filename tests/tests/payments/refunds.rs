//! Giving money back: in part and whole, by whom, how much, and once.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::people::{MoneyCalls as _, Person, new_finance};
use crate::stripe;
use crate::support::{id_of, ledger, mailed, marker, night, one};

/// A donation of 50 dollars that was paid.
async fn donation(member: &Person) -> String {
    let asked = member
        .ask(&json!({"type": "DONATION", "amountCents": 5_000}))
        .await;
    id_of(&member.pay(&asked.expect(StatusCode::CREATED)).await)
}

/// Gives all of a payment back at Stripe itself; the refund's id there.
pub(crate) async fn at_stripe(payment: &str) -> String {
    let intent: String = one(
        "SELECT stripe_payment_intent_id FROM payments WHERE id = $1",
        payment,
    )
    .await;
    let (made, refund) = stripe::post("/v1/refunds", &[("payment_intent", &intent)]).await;
    assert_eq!(made, StatusCode::OK, "{refund}");
    id_of(&refund)
}

/// Has a refund that was made come back, with no event about it.
pub(crate) async fn comes_back(refund: &str) {
    let (failed, refund) = stripe::post(&format!("/_config/refunds/{refund}/fail"), &[]).await;
    assert_eq!((failed, &refund["status"]), (StatusCode::OK, &json!("failed")));
}

/// A refund that staff have asked for, as it stands when the function dies before it has asked Stripe.
pub(crate) async fn write_down(payment: &str, cents: i64, finance: &Person) {
    sqlx::query(
        "INSERT INTO refunds (id, payment_id, amount_cents, cause, reason, requested_by)
        VALUES (gen_random_uuid(), $1, $2, 'STAFF', 'Agreed', $3)",
    )
    .bind(uuid::Uuid::parse_str(payment).unwrap())
    .bind(cents)
    .bind(finance.id())
    .execute(&mut crate::support::owner().await)
    .await
    .unwrap();
}

#[tokio::test]
async fn parts_go_back_until_nothing_is_left() {
    let (member, finance) = (Person::member().await, new_finance().await);
    let id = donation(&member).await;
    let part = finance
        .refund(&id, &json!({"amountCents": 2_000, "reason": "Too much"}))
        .await;
    let part = part.expect(StatusCode::OK);
    assert_eq!(
        (&part["status"], &part["refundedAmountCents"]),
        (&json!("COMPLETED"), &json!(2_000))
    );
    let more = finance
        .refund(&id, &json!({"amountCents": 3_001, "reason": "Too much"}))
        .await;
    assert_eq!(
        more.detail(StatusCode::CONFLICT),
        "Only 3000 cents of this payment are left."
    );
    let rest = finance
        .refund(&id, &json!({"reason": "All of it"}))
        .await
        .expect(StatusCode::OK);
    assert_eq!(
        (&rest["status"], &rest["refundedAmountCents"]),
        (&json!("REFUNDED"), &json!(5_000))
    );
    let none = finance.refund(&id, &json!({"reason": "Once more"})).await;
    assert_eq!(
        none.detail(StatusCode::CONFLICT),
        "All of this payment has been given back."
    );
    let sums = ledger(&id).await;
    assert!(
        sums.contains(&("REFUNDS".to_owned(), 5_000))
            && sums.contains(&("REVENUE_DONATIONS".to_owned(), -5_000)),
        "{sums:?}"
    );
    assert_eq!(
        mailed(member.id()).await,
        ["PAYMENT_RECEIPT", "PAYMENT_REFUNDED", "PAYMENT_REFUNDED"]
    );
}

#[tokio::test]
async fn one_key_gives_back_once() {
    let (member, finance) = (Person::member().await, new_finance().await);
    let id = donation(&member).await;
    let (key, path) = (marker(), format!("/v1/payments/{id}/refund"));
    let body = json!({"amountCents": 1_000, "reason": "Agreed"});
    for _ in 0..3 {
        let headers = [("idempotency-key", key.as_str())];
        let back = finance
            .send(Method::POST, &path, Some(&body), &headers)
            .await
            .expect(StatusCode::OK);
        assert_eq!(back["refundedAmountCents"], 1_000);
    }
    let intent: String = one("SELECT stripe_payment_intent_id FROM payments WHERE id = $1", &id).await;
    let secret = stripe::secret().await;
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let url = format!(
        "{}/v1/refunds?payment_intent={intent}",
        portal_tests::stack::Stack::get().stripe_api
    );
    let listed = client
        .get(url)
        .bearer_auth(secret.api_key.expose())
        .send()
        .await
        .unwrap();
    let listed: serde_json::Value = listed.json().await.unwrap();
    assert_eq!(listed["data"].as_array().unwrap().len(), 1, "{listed}");
}

#[tokio::test]
async fn only_those_with_the_permission_give_money_back() {
    let member = Person::member().await;
    let id = donation(&member).await;
    let body = json!({"reason": "I want it back"});
    assert_eq!(member.refund(&id, &body).await.status, StatusCode::FORBIDDEN);
    let support = Person::with(&["support"]).await;
    assert_eq!(support.refund(&id, &body).await.status, StatusCode::FORBIDDEN);
    let finance = new_finance().await;
    assert_eq!(finance.refund(&id, &json!({})).await.pointers(), ["/body/reason"]);
    let open = member.ask(&json!({"type": "DONATION", "amountCents": 500})).await;
    let open = id_of(&open.expect(StatusCode::CREATED));
    let untaken = finance.refund(&open, &body).await.detail(StatusCode::CONFLICT);
    assert_eq!(untaken, "A payment that is PENDING has no money to give back.");
}

#[tokio::test]
async fn a_refund_that_came_back_unnoticed_by_any_webhook_is_found_at_night() {
    let (member, finance) = (Person::member().await, new_finance().await);
    let id = donation(&member).await;
    let made = finance.refund(&id, &json!({"reason": "A slip"})).await;
    made.expect(StatusCode::OK);
    let refund: String = one("SELECT stripe_refund_id FROM refunds WHERE payment_id = $1", &id).await;
    comes_back(&refund).await;
    night().await;
    let now = member.json(&format!("/v1/payments/{id}")).await;
    assert_eq!(
        (&now["status"], &now["refunds"][0]["status"]),
        (&json!("COMPLETED"), &json!("RETURNED"))
    );
}

#[tokio::test]
async fn in_whose_words_stripe_refuses_is_told_to_staff_alone() {
    let (member, finance) = (Person::member().await, new_finance().await);
    let id = donation(&member).await;
    write_down(&id, 5_000, &finance).await;
    at_stripe(&id).await;
    night().await;
    let path = format!("/v1/payments/{id}");
    let of = |payment: &Value| {
        let all = payment["refunds"].as_array().unwrap();
        all.iter().find(|one| one["status"] == "REFUSED").unwrap()["refusal"].clone()
    };
    assert!(of(&finance.json(&path).await).is_string());
    assert_eq!(of(&member.json(&path).await), Value::Null);
}

#[tokio::test]
async fn of_a_payment_that_stripe_does_not_know_nothing_goes_back_and_people_look() {
    let (member, finance) = (Person::member().await, new_finance().await);
    let id = donation(&member).await;
    let forget = "UPDATE payments SET stripe_payment_intent_id = 'pi_forgotten_' || id WHERE id = $1";
    crate::support::alter(forget, &id).await;
    let refused = finance.refund(&id, &json!({"reason": "Agreed"})).await;
    assert!(
        refused
            .detail(StatusCode::CONFLICT)
            .contains("does not make this refund")
    );
    let found = "SELECT count(*) FROM payment_findings WHERE payment_id = $1 AND kind = 'REFUND_REFUSED'";
    assert_eq!(one::<i64>(found, &id).await, 1);
}

#[tokio::test]
async fn a_password_alone_gives_nothing_back_and_reads_nobodys_payments() {
    let (member, finance) = (Person::member().await, new_finance().await);
    let id = donation(&member).await;
    crate::support::alter(
        "UPDATE sessions SET second_factor_at = NULL WHERE user_id = $1",
        &finance.id().to_string(),
    )
    .await;
    let refused = finance.refund(&id, &json!({"reason": "Agreed"})).await;
    assert!(
        refused
            .detail(StatusCode::FORBIDDEN)
            .contains("takes a second factor")
    );
    let seen = finance.get(&format!("/v1/payments/{id}")).await;
    assert_eq!(seen.status, StatusCode::NOT_FOUND);
    assert_eq!(
        finance
            .ask(&json!({"type": "DONATION", "amountCents": 500}))
            .await
            .status,
        StatusCode::CREATED,
        "what everybody may do"
    );
}

#[tokio::test]
async fn a_refund_that_was_made_at_stripe_is_written_down() {
    let member = Person::member().await;
    let id = donation(&member).await;
    let intent: String = one("SELECT stripe_payment_intent_id FROM payments WHERE id = $1", &id).await;
    let (made, _) = stripe::post("/v1/refunds", &[("payment_intent", &intent), ("amount", "700")]).await;
    assert_eq!(made, StatusCode::OK);
    let seen = member
        .when(&id, |payment| payment["refundedAmountCents"] == 700)
        .await;
    assert_eq!(seen["refunds"][0]["cause"], "STRIPE");
}

#[tokio::test]
async fn a_refund_that_was_only_written_down_is_made_at_night() {
    let (member, finance) = (Person::member().await, new_finance().await);
    let id = donation(&member).await;
    write_down(&id, 900, &finance).await;
    night().await;
    let now = member.json(&format!("/v1/payments/{id}")).await;
    assert_eq!(
        (&now["refundedAmountCents"], &now["refunds"][0]["status"]),
        (&json!(900), &json!("SUCCEEDED"))
    );
}
