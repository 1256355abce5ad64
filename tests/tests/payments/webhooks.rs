//! What comes to the webhook: forged, stale, repeated, oversized, about nothing that we know; and what is written then.

use portal_tests::stack::Stack;
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use time::OffsetDateTime;

use crate::people::{MoneyCalls as _, Person};
use crate::stripe::{self, secret};
use crate::support::{id_of, marker, owner};

/// A signature over a moment and a body, as Stripe makes it.
fn sign(key: &str, moment: i64, body: &str) -> String {
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, key.as_bytes());
    let tag = ring::hmac::sign(&key, format!("{moment}.{body}").as_bytes());
    let digits: String = tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("t={moment},v1={digits}")
}

async fn key() -> String {
    secret().await.webhook_secrets[0].expose().to_owned()
}

fn now() -> i64 {
    OffsetDateTime::now_utc().unix_timestamp()
}

async fn send(signature: Option<&str>, body: String) -> StatusCode {
    let client = Client::builder().no_proxy().build().unwrap();
    let mut request = client
        .post(format!("{}/v1/payments/webhook", Stack::get().api_url))
        .header("content-type", "application/json; charset=utf-8")
        .body(body);
    if let Some(signature) = signature {
        request = request.header("stripe-signature", signature);
    }
    request.send().await.unwrap().status()
}

/// An event about an intent.
fn event(id: &str, kind: &str, intent: &str) -> String {
    json!({
        "id": id, "object": "event", "type": kind, "created": now(), "livemode": false,
        "data": {"object": {"object": "payment_intent", "id": intent, "status": "succeeded", "metadata": {}}},
    })
    .to_string()
}

/// What is known of an event.
async fn known(id: &str) -> Option<String> {
    let outcome: Option<Option<String>> =
        sqlx::query_scalar("SELECT outcome FROM stripe_events WHERE id = $1")
            .bind(id)
            .fetch_optional(&mut owner().await)
            .await
            .unwrap();
    outcome.map(Option::unwrap_or_default)
}

#[tokio::test]
async fn what_stripe_has_not_signed_is_refused_and_nothing_is_written() {
    let (key, id) = (key().await, format!("evt_{}", marker()));
    let member = Person::member().await;
    let asked = member.ask(&json!({"type": "DONATION", "amountCents": 900})).await;
    let asked = asked.expect(StatusCode::CREATED);
    let body = event(&id, "payment_intent.succeeded", &stripe::intent_of(&asked));
    let other = body.replace("succeeded", "succeedec");
    let cases = [
        ("no signature", None, body.clone()),
        (
            "another key",
            Some(sign("whsec_guess", now(), &body)),
            body.clone(),
        ),
        ("another body", Some(sign(&key, now(), &body)), other),
        ("too old", Some(sign(&key, now() - 301, &body)), body.clone()),
        (
            "of the future",
            Some(sign(&key, now() + 600, &body)),
            body.clone(),
        ),
        (
            "no moment",
            Some(sign(&key, now(), &body).replace("t=", "x=")),
            body.clone(),
        ),
        (
            "another scheme",
            Some(sign(&key, now(), &body).replace("v1=", "v0=")),
            body.clone(),
        ),
        ("empty", Some(sign(&key, now(), "")), String::new()),
        ("no event", Some(sign(&key, now(), "[1]")), "[1]".to_owned()),
    ];
    for (what, signature, body) in cases {
        assert_eq!(
            send(signature.as_deref(), body).await,
            StatusCode::BAD_REQUEST,
            "{what}"
        );
    }
    assert_eq!(known(&id).await, None);
    assert_eq!(
        member.json(&format!("/v1/payments/{}", id_of(&asked))).await["status"],
        "PENDING"
    );
}

#[tokio::test]
async fn what_is_too_large_is_refused_whoever_has_signed_it() {
    let (key, id) = (key().await, format!("evt_{}", marker()));
    let mut body: Value = serde_json::from_str(&event(&id, "payment_intent.succeeded", "pi_1")).unwrap();
    body["padding"] = "x".repeat(64 * 1024).into();
    let body = body.to_string();
    let signature = sign(&key, now(), &body);
    assert_eq!(send(Some(&signature), body).await, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(known(&id).await, None);
}

#[tokio::test]
async fn an_event_is_believed_only_in_that_something_is_new() {
    let key = key().await;
    let member = Person::member().await;
    let asked = member.ask(&json!({"type": "DONATION", "amountCents": 900})).await;
    let asked = asked.expect(StatusCode::CREATED);
    let id = format!("evt_{}", marker());
    let body = event(&id, "payment_intent.succeeded", &stripe::intent_of(&asked));
    assert_eq!(send(Some(&sign(&key, now(), &body)), body).await, StatusCode::OK);
    let path = format!("/v1/payments/{}", id_of(&asked));
    assert_eq!(
        member.json(&path).await["status"],
        "PENDING",
        "Stripe itself says that nothing was taken"
    );
    assert!(known(&id).await.is_some());
}

#[tokio::test]
async fn an_event_counts_once_however_often_it_comes_and_beside_itself() {
    let key = key().await;
    let member = Person::member().await;
    let asked = member.ask(&json!({"type": "DONATION", "amountCents": 900})).await;
    let asked = asked.expect(StatusCode::CREATED);
    assert_eq!(stripe::pay(&asked, stripe::GOOD_CARD).await, StatusCode::OK);
    let id = format!("evt_{}", marker());
    let body = event(&id, "payment_intent.succeeded", &stripe::intent_of(&asked));
    let deliveries = (0..6).map(|_| {
        let body = body.clone();
        let signature = sign(&key, now(), &body);
        async move { send(Some(&signature), body).await }
    });
    for status in futures_util::future::join_all(deliveries).await {
        assert_eq!(status, StatusCode::OK);
    }
    let payment = id_of(&asked);
    let counted: (i64, i64, i64) = sqlx::query_as(
        "SELECT (SELECT count(*) FROM stripe_events WHERE id = $1),
            (SELECT count(*) FROM ledger_transactions WHERE payment_id = $2 AND kind = 'CHARGE'),
            (SELECT count(*) FROM outbox WHERE user_id = $3 AND kind = 'PAYMENT_RECEIPT')",
    )
    .bind(&id)
    .bind(uuid::Uuid::parse_str(&payment).unwrap())
    .bind(member.id())
    .fetch_one(&mut owner().await)
    .await
    .unwrap();
    assert_eq!(counted, (1, 1, 1));
}

#[tokio::test]
async fn a_disputed_charge_is_found_for_people_once_and_changes_no_books() {
    let key = key().await;
    let member = Person::member().await;
    let asked = member.ask(&json!({"type": "DONATION", "amountCents": 900})).await;
    let asked = asked.expect(StatusCode::CREATED);
    assert_eq!(stripe::pay(&asked, stripe::GOOD_CARD).await, StatusCode::OK);
    let dispute = format!("dp_{}", marker());
    for step in ["created", "funds_withdrawn", "closed"] {
        let body = json!({
            "id": format!("evt_{}", marker()), "object": "event", "type": format!("charge.dispute.{step}"), "created": now(),
            "livemode": false,
            "data": {"object": {"object": "dispute", "id": dispute, "payment_intent": stripe::intent_of(&asked)}},
        });
        let body = body.to_string();
        assert_eq!(
            send(Some(&sign(&key, now(), &body)), body).await,
            StatusCode::OK,
            "{step}"
        );
    }
    let payment = id_of(&asked);
    let found: Vec<(String, uuid::Uuid)> = sqlx::query_as(
        "SELECT detail, payment_id FROM payment_findings WHERE kind = 'DISPUTED' AND subject = $1",
    )
    .bind(&dispute)
    .fetch_all(&mut owner().await)
    .await
    .unwrap();
    let [(detail, of)] = found.as_slice() else {
        panic!("{found:?}");
    };
    assert!(detail.contains("(closed)"), "{detail}");
    assert_eq!(of.to_string(), payment);
    assert_eq!(
        member.json(&format!("/v1/payments/{payment}")).await["status"],
        "COMPLETED"
    );
    sqlx::query("UPDATE payment_findings SET resolved_at = now() WHERE subject = $1")
        .bind(&dispute)
        .execute(&mut owner().await)
        .await
        .unwrap();
}

#[tokio::test]
async fn what_is_not_ours_is_taken_and_left_alone() {
    let key = key().await;
    let of = |kind: &str, intent: &str| (format!("evt_{}", marker()), kind.to_owned(), intent.to_owned());
    for ((id, kind, intent), outcome) in [
        (
            of("payment_intent.succeeded", "pi_of_another_shop"),
            "UNKNOWN_PAYMENT",
        ),
        (of("customer.created", "pi_of_another_shop"), "IGNORED"),
        (of("moon.landed", "pi_of_another_shop"), "IGNORED"),
    ] {
        let body = event(&id, &kind, &intent);
        assert_eq!(
            send(Some(&sign(&key, now(), &body)), body).await,
            StatusCode::OK,
            "{kind}"
        );
        assert_eq!(known(&id).await.as_deref(), Some(outcome), "{kind}");
    }
}
