//! What the night does: reminders, ends, what a lost webhook left, and payments that nobody pays. Twice is as good as once.

use reqwest::StatusCode;
use serde_json::json;

use crate::people::{MoneyCalls as _, Person};
use crate::support::{alter, id_of, mailed, night, one, owner, tier};

/// Moves the memberships of a payment's member, so that the last one ends in so many days.
async fn ends_in(payment: &str, days: i32) {
    alter(
        &format!(
            "UPDATE memberships AS m
            SET starts_at = now() + interval '{days} days' - (m.ends_at - m.starts_at), ends_at = now() + interval '{days} days',
                grace_ends_at = now() + interval '{} days'
            WHERE m.payment_id = $1",
            days + 30
        ),
        payment,
    )
    .await;
}

#[tokio::test]
async fn members_are_reminded_30_7_and_1_days_before_and_told_when_it_is_over() {
    let (member, tier) = (Person::member().await, tier(9_000, 1).await);
    let payment = id_of(&member.join(tier).await);
    let state = async || member.json("/v1/membership").await["history"][0]["state"].clone();
    let in_force = async || member.json("/v1/membership").await["isInForce"].clone();
    let mut told = vec!["PAYMENT_RECEIPT"];
    for (days, kind, expected) in [
        (40, None, "ACTIVE"),
        (29, Some("MEMBERSHIP_EXPIRING"), "ACTIVE"),
        (20, None, "ACTIVE"),
        (6, Some("MEMBERSHIP_EXPIRING"), "ACTIVE"),
        (1, Some("MEMBERSHIP_EXPIRING"), "ACTIVE"),
        (-1, Some("MEMBERSHIP_ENDED"), "GRACE"),
        (-31, Some("MEMBERSHIP_LAPSED"), "LAPSED"),
    ] {
        ends_in(&payment, days).await;
        night().await;
        night().await;
        told.extend(kind);
        assert_eq!(mailed(member.id()).await, told, "{days} days before");
        assert_eq!(state().await, expected, "{days} days before");
        assert_eq!(in_force().await, expected != "LAPSED", "{days} days before");
    }
    let back = member.ask(&json!({"type": "MEMBERSHIP", "tierId": tier})).await;
    assert_eq!(back.expect(StatusCode::CREATED)["purchase"], "REINSTATE");
}

#[tokio::test]
async fn renewed_while_it_is_borne_with_a_membership_goes_on_as_if_it_had_never_ended() {
    let (member, tier) = (Person::member().await, tier(9_000, 1).await);
    let payment = id_of(&member.join(tier).await);
    ends_in(&payment, -3).await;
    night().await;
    let renewed = member.join(tier).await;
    assert_eq!(renewed["purchase"], "RENEW");
    let history = member.json("/v1/membership").await["history"].clone();
    assert_eq!(history[0]["startsAt"], history[1]["endsAt"]);
    assert_eq!(
        (&history[0]["state"], &history[1]["state"]),
        (&json!("ACTIVE"), &json!("REPLACED"))
    );
}

#[tokio::test]
async fn a_payment_that_no_webhook_told_of_is_found_at_night() {
    let (member, tier) = (Person::member().await, tier(9_000, 1).await);
    let id = id_of(&member.join(tier).await);
    // The books as they stand when the webhook is lost and the client gone: nothing of the payment is known but that it was asked for.
    let undo = [
        "DELETE FROM ledger_transactions WHERE payment_id = $1",
        "DELETE FROM memberships WHERE payment_id = $1",
        "UPDATE payments SET status = 'PENDING', completed_at = NULL, granted_at = NULL, delivery = 'DUE', receipt_number = NULL,
            stripe_payment_intent_id = NULL, fee_cents = NULL, seen_at = NULL WHERE id = $1",
    ];
    for sql in undo {
        alter(sql, &id).await;
    }
    // Another test's night may have repaired it already.
    let report = night().await;
    let now = member.json(&format!("/v1/payments/{id}")).await;
    assert_eq!(
        (&now["status"], &now["delivery"]),
        (&json!("COMPLETED"), &json!("GIVEN")),
        "{report}"
    );
    assert_eq!(member.json("/v1/membership").await["isInForce"], true);
    night().await;
    let charges: i64 = one(
        "SELECT count(*) FROM ledger_transactions WHERE payment_id = $1 AND kind = 'CHARGE'",
        &id,
    )
    .await;
    assert_eq!(charges, 1);
}

#[tokio::test]
async fn what_nobody_pays_is_called_off_after_a_day() {
    let (member, tier) = (Person::member().await, tier(9_000, 1).await);
    let body = json!({"type": "MEMBERSHIP", "tierId": tier});
    let asked = member.ask(&body).await.expect(StatusCode::CREATED);
    let path = format!("/v1/payments/{}", id_of(&asked));
    alter(
        "UPDATE payments SET created_at = now() - interval '2 hours' WHERE id = $1",
        &id_of(&asked),
    )
    .await;
    night().await;
    assert_eq!(member.json(&path).await["status"], "PENDING", "there is time");
    alter(
        "UPDATE payments SET created_at = now() - interval '25 hours' WHERE id = $1",
        &id_of(&asked),
    )
    .await;
    night().await;
    assert_eq!(member.json(&path).await["status"], "CANCELLED");
    let new = member.ask(&body).await.expect(StatusCode::CREATED);
    assert_ne!(new["id"], asked["id"]);
}

#[tokio::test]
async fn what_stripe_knows_nothing_of_is_a_finding_once() {
    let member = Person::member().await;
    let asked = member.ask(&json!({"type": "DONATION", "amountCents": 900})).await;
    let id = id_of(&asked.expect(StatusCode::CREATED));
    alter(
        "UPDATE payments SET created_at = now() - interval '2 hours', stripe_payment_intent_id = 'pi_lost_' || id WHERE id = $1",
        &id,
    )
    .await;
    night().await;
    night().await;
    let open = "SELECT count(*) FROM payment_findings WHERE payment_id = $1 AND kind = 'MISSING_INTENT' AND resolved_at IS NULL";
    assert_eq!(one::<i64>(open, &id).await, 1);
    assert_eq!(
        member.json(&format!("/v1/payments/{id}")).await["status"],
        "PENDING",
        "nobody knows"
    );
    // Left open, it would be asked about in every test that follows.
    alter("UPDATE payments SET status = 'CANCELLED' WHERE id = $1", &id).await;
    sqlx::query("UPDATE payment_findings SET resolved_at = now() WHERE resolved_at IS NULL")
        .execute(&mut owner().await)
        .await
        .unwrap();
}
