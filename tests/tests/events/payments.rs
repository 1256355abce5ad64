//! What a payment does to a seat, as the webhook will call it: once, also late, and never for a seat that is gone.

use portal_data::registrations::Payment;
use serde_json::{Value, json};

use crate::people::{EventCalls as _, Person, new_organizer};
use crate::support::{alter, id_of, jobs, mailed, pay, seats};

const RUN_OUT: &str = "UPDATE event_registrations SET hold_expires_at = now() - interval '1 second'
    WHERE event_id = $1 AND hold_expires_at IS NOT NULL";

#[tokio::test]
async fn a_payment_makes_a_held_seat_the_members_once() {
    let id = new_organizer()
        .await
        .open(json!({"maxCapacity": 2, "priceCents": 700}))
        .await;
    let member = Person::member().await;
    let seat = id_of(&member.register(&id).await);
    let jobs = jobs().await;
    assert_eq!(pay(&jobs, &seat, 600).await, Payment::OtherAmount);
    assert_eq!(seats(&id).await, (1, json!({"HELD": 1})));
    assert_eq!(pay(&jobs, &seat, 700).await, Payment::Seated);
    assert_eq!(pay(&jobs, &seat, 700).await, Payment::PaidBefore);
    let own = member.own(&id).await;
    assert!(
        own["paidAt"].is_string() && own["holdExpiresAt"] == Value::Null,
        "{own}"
    );
    assert_eq!(mailed("EVENT_REGISTERED", &id).await, [member.id()]);
    alter(
        "UPDATE event_registrations SET registered_at = registered_at WHERE event_id = $1",
        &id,
    )
    .await;
    assert_eq!(seats(&id).await, (1, json!({"REGISTERED": 1})));
}

#[tokio::test]
async fn a_late_payment_gets_a_seat_while_one_is_free_and_nobody_waits() {
    let id = new_organizer()
        .await
        .open(json!({"maxCapacity": 1, "priceCents": 700}))
        .await;
    let (slow, next) = (Person::member().await, Person::member().await);
    let jobs = jobs().await;
    let seat = id_of(&slow.register(&id).await);
    alter(RUN_OUT, &id).await;
    assert_eq!(pay(&jobs, &seat, 700).await, Payment::Seated, "nobody waits");
    assert_eq!(seats(&id).await, (1, json!({"REGISTERED": 1})));
    slow.give_back(&id).await;
    let seat = id_of(&slow.register(&id).await);
    next.register(&id).await;
    alter(RUN_OUT, &id).await;
    assert_eq!(pay(&jobs, &seat, 700).await, Payment::SeatGone);
    assert_eq!(seats(&id).await, (1, json!({"CANCELLED": 1, "OFFERED": 1})));
    assert_eq!(mailed("EVENT_HOLD_EXPIRED", &id).await.last(), Some(&slow.id()));
    assert_eq!(mailed("EVENT_SEAT_OFFERED", &id).await, [next.id()]);
}

#[tokio::test]
async fn who_has_given_a_seat_back_does_not_get_another_by_a_payment() {
    let id = new_organizer().await.open(json!({"priceCents": 700})).await;
    let member = Person::member().await;
    let seat = id_of(&member.register(&id).await);
    member.give_back(&id).await;
    assert_eq!(pay(&jobs().await, &seat, 700).await, Payment::SeatGone);
    assert_eq!(seats(&id).await, (0, json!({"CANCELLED": 1})));
}

#[tokio::test]
async fn no_payment_is_taken_for_an_event_that_was_called_off() {
    let organizer = new_organizer().await;
    let id = organizer.open(json!({"priceCents": 700})).await;
    let seat = id_of(&Person::member().await.register(&id).await);
    organizer.act(&id, "cancel").await;
    assert_eq!(pay(&jobs().await, &seat, 700).await, Payment::SeatGone);
    assert_eq!(seats(&id).await, (0, json!({"CANCELLED": 1})));
}
