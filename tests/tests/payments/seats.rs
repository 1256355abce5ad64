//! Seats at events and courses: paid in time, paid too late, and given back with their money.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::people::{MoneyCalls as _, Person, new_finance};
use crate::seats_back::standing;
use crate::stripe;
use crate::support::{alter, id_of, mailed, night, one};

/// A published event with so many seats at 20 dollars.
pub(crate) async fn event(seats: i32) -> String {
    let organizer = Person::with(&["event_manager"]).await;
    let fields = json!({
        "title": "The gala", "type": "AWARDS", "startsAt": "2099-01-01T00:00:00Z", "endsAt": "2099-01-01T03:00:00Z",
        "maxCapacity": seats, "priceCents": 2_000,
    });
    let event = id_of(
        &organizer
            .post("/v1/events", &fields)
            .await
            .expect(StatusCode::CREATED),
    );
    let publish = format!("/v1/events/{event}/publish");
    organizer.post(&publish, &json!({})).await.expect(StatusCode::OK);
    event
}

/// Takes a seat, which is held for its payment, and asks to pay it.
pub(crate) async fn hold(member: &Person, event: &str) -> Value {
    let path = format!("/v1/events/{event}/registration");
    let seat = member
        .send(Method::POST, &path, None, &[])
        .await
        .expect(StatusCode::CREATED);
    let body = json!({"type": "EVENT_REGISTRATION", "registrationId": seat["id"]});
    member.ask(&body).await.expect(StatusCode::CREATED)
}

/// The hold of a payment's seat runs out.
async fn run_out(asked: &Value) {
    alter(
        "UPDATE event_registrations SET hold_expires_at = now() - interval '1 second'
        WHERE id = (SELECT registration_id FROM payments WHERE id = $1)",
        &id_of(asked),
    )
    .await;
}

pub(crate) async fn seat_status(asked: &Value) -> String {
    one(
        "SELECT status || CASE WHEN paid_at IS NULL THEN '' ELSE ' PAID' END FROM event_registrations
        WHERE id = (SELECT registration_id FROM payments WHERE id = $1)",
        &id_of(asked),
    )
    .await
}

#[tokio::test]
async fn a_held_seat_is_the_members_once_it_is_paid() {
    let (member, event) = (Person::member().await, event(1).await);
    let asked = hold(&member, &event).await;
    assert_eq!(
        (&asked["amountCents"], &asked["description"]),
        (&json!(2_000), &json!("Event: The gala"))
    );
    let paid = member.pay(&asked).await;
    assert_eq!(paid["delivery"], "GIVEN");
    assert_eq!(seat_status(&asked).await, "REGISTERED PAID");
    let again = json!({"type": "EVENT_REGISTRATION", "registrationId": asked["registrationId"]});
    let twice = member.ask(&again).await.detail(StatusCode::CONFLICT);
    assert_eq!(twice, "This registration is paid already.");
    let other = Person::member().await;
    assert_eq!(
        other.ask(&again).await.status,
        StatusCode::NOT_FOUND,
        "somebody else's seat"
    );
}

#[tokio::test]
async fn money_that_comes_too_late_for_a_seat_goes_back_by_itself() {
    let (slow, quick, event) = (Person::member().await, Person::member().await, event(1).await);
    let asked = hold(&slow, &event).await;
    run_out(&asked).await;
    let taken = hold(&quick, &event).await;
    quick.pay(&taken).await;
    let paid = slow.pay(&asked).await;
    assert_eq!(paid["delivery"], "REFUSED", "{paid}");
    assert!(
        paid["refusal"]
            .as_str()
            .unwrap()
            .contains("gone to somebody else")
    );
    assert_eq!(paid["refunds"][0]["cause"], "NOT_GIVEN");
    night().await;
    let now = slow.json(&format!("/v1/payments/{}", id_of(&asked))).await;
    assert_eq!(
        (
            &now["status"],
            &now["refundedAmountCents"],
            &now["refunds"][0]["status"]
        ),
        (&json!("REFUNDED"), &json!(2_000), &json!("SUCCEEDED")),
        "{now}"
    );
    night().await;
    let again = slow.json(&format!("/v1/payments/{}", id_of(&asked))).await;
    assert_eq!(again["refunds"].as_array().unwrap().len(), 1, "once");
    assert_eq!(mailed(slow.id()).await, ["PAYMENT_NOT_GIVEN", "PAYMENT_REFUNDED"]);
    assert_eq!(seat_status(&taken).await, "REGISTERED PAID");
}

#[tokio::test]
async fn a_seat_goes_with_its_money_and_the_next_in_line_is_offered_it() {
    let (member, next, event) = (Person::member().await, Person::member().await, event(1).await);
    let asked = hold(&member, &event).await;
    member.pay(&asked).await;
    let path = format!("/v1/events/{event}/registration");
    next.send(Method::POST, &path, None, &[])
        .await
        .expect(StatusCode::CREATED);
    let finance = new_finance().await;
    let back = finance
        .refund(&id_of(&asked), &json!({"reason": "Called away"}))
        .await;
    assert_eq!(back.status, StatusCode::OK, "{}", back.body);
    assert_eq!(
        (&back.body["status"], &back.body["delivery"]),
        (&json!("REFUNDED"), &json!("TAKEN_BACK"))
    );
    assert_eq!(seat_status(&asked).await, "CANCELLED");
    let offered: i64 = one(
        "SELECT count(*) FROM event_registrations WHERE event_id = $1 AND offer_expires_at IS NOT NULL",
        &event,
    )
    .await;
    assert_eq!(offered, 1);
}

#[tokio::test]
async fn a_seat_that_was_taken_anew_does_not_go_with_the_money_of_the_one_before() {
    let (member, event) = (Person::member().await, event(5).await);
    let first = hold(&member, &event).await;
    member.pay(&first).await;
    member
        .delete(&format!("/v1/events/{event}/registration"))
        .await
        .expect(StatusCode::NO_CONTENT);
    let second = hold(&member, &event).await;
    assert_eq!(second["registrationId"], first["registrationId"]);
    member.pay(&second).await;
    let finance = new_finance().await;
    let twice = finance
        .refund(&id_of(&first), &json!({"reason": "Given back in time"}))
        .await;
    assert_eq!(twice.status, StatusCode::CONFLICT, "it is on its way");
    night().await;
    assert_eq!(
        standing(&member, &first).await,
        (
            "REFUNDED".to_owned(),
            vec!["GIVEN_BACK SUCCEEDED 2000".to_owned()]
        )
    );
    assert_eq!(seat_status(&second).await, "REGISTERED PAID");
    assert_eq!(standing(&member, &second).await, ("COMPLETED".to_owned(), vec![]));
}

#[tokio::test]
async fn a_course_opens_with_its_payment_and_closes_with_its_refund() {
    let manager = Person::with(&["course_manager"]).await;
    let fields = json!({"title": "Estimating", "difficulty": "BEGINNER", "priceCents": 4_000});
    let course = id_of(
        &manager
            .post("/v1/courses", &fields)
            .await
            .expect(StatusCode::CREATED),
    );
    let at = format!("/v1/courses/{course}");
    let module = manager
        .post(&format!("{at}/modules"), &json!({"title": "Part 1"}))
        .await;
    module.expect(StatusCode::CREATED);
    let published = manager.patch(&at, &json!({"isPublished": true})).await;
    published.expect(StatusCode::OK);
    let member = Person::member().await;
    let path = format!("{at}/enrollment");
    let taken = member
        .send(Method::POST, &path, None, &[])
        .await
        .expect(StatusCode::CREATED);
    let asked = member
        .ask(&json!({"type": "TRAINING", "enrollmentId": taken["id"]}))
        .await;
    let asked = asked.expect(StatusCode::CREATED);
    member.pay(&asked).await;
    let own = format!("/v1/enrollments/{}", id_of(&taken));
    assert!(member.json(&own).await["paidAt"].is_string());
    let finance = new_finance().await;
    finance
        .refund(&id_of(&asked), &json!({"reason": "Not as described"}))
        .await
        .expect(StatusCode::OK);
    let closed = member.json(&own).await;
    assert_eq!(
        (&closed["status"], &closed["paidAt"]),
        (&json!("DROPPED"), &Value::Null)
    );
}

#[tokio::test]
async fn what_is_held_no_longer_cannot_be_paid() {
    let (member, event) = (Person::member().await, event(3).await);
    let asked = hold(&member, &event).await;
    run_out(&asked).await;
    let body = json!({"type": "EVENT_REGISTRATION", "registrationId": asked["registrationId"]});
    let late = member.ask(&body).await.detail(StatusCode::CONFLICT);
    assert!(late.contains("is no longer"), "{late}");
    assert_eq!(
        stripe::pay(&asked, stripe::GOOD_CARD).await,
        StatusCode::OK,
        "what was asked for can still be paid"
    );
    let paid = member
        .when(&id_of(&asked), |payment| payment["status"] == "COMPLETED")
        .await;
    assert_eq!(paid["delivery"], "GIVEN", "and gets a seat while one is free");
}
