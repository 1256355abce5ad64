//! The waitlist moves up by itself: whoever gives a seat back, whatever runs out, and seats that are added go to the first in line.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::people::{EventCalls as _, Person, new_organizer};
use crate::support::{alter, mailed, seats};

async fn people(count: usize) -> Vec<Person> {
    let mut people = Vec::new();
    for _ in 0..count {
        people.push(Person::member().await);
    }
    people
}

#[tokio::test]
async fn the_first_in_line_gets_the_offer_and_accepts_it() {
    let id = new_organizer().await.open(json!({"maxCapacity": 1})).await;
    let people = people(3).await;
    for person in &people {
        person.register(&id).await;
    }
    let [seated, first, second] = people.as_slice() else {
        panic!("three people");
    };
    let places: Vec<Value> = vec![
        first.own(&id).await["waitlistPosition"].clone(),
        second.own(&id).await["waitlistPosition"].clone(),
    ];
    assert_eq!(places, [json!(1), json!(2)]);
    let early = first.act(&id, "registration/accept").await;
    assert_eq!(
        early.detail(StatusCode::CONFLICT),
        "No seat is offered to you now: your registration is WAITLISTED."
    );
    seated.give_back(&id).await;
    assert_eq!(
        seats(&id).await,
        (1, json!({"CANCELLED": 1, "OFFERED": 1, "WAITLISTED": 1}))
    );
    let offered = first.own(&id).await;
    assert!(offered["offerExpiresAt"].is_string(), "{offered}");
    assert_eq!(second.own(&id).await["waitlistPosition"], 1);
    assert_eq!(mailed("EVENT_SEAT_OFFERED", &id).await, [first.id()]);
    let newcomer = Person::member().await.register(&id).await;
    assert_eq!(newcomer["status"], "WAITLISTED", "an offered seat is not free");
    let accepted = first.act(&id, "registration/accept").await;
    assert_eq!(accepted.expect(StatusCode::OK)["status"], "REGISTERED");
    assert_eq!(mailed("EVENT_REGISTERED", &id).await, [seated.id(), first.id()]);
}

#[tokio::test]
async fn an_offer_that_runs_out_goes_to_the_next_before_any_newcomer() {
    let id = new_organizer().await.open(json!({"maxCapacity": 1})).await;
    let people = people(3).await;
    for person in &people {
        person.register(&id).await;
    }
    people[0].give_back(&id).await;
    let run_out = "UPDATE event_registrations SET offer_expires_at = now() - interval '1 second'
        WHERE event_id = $1 AND offer_expires_at IS NOT NULL";
    alter(run_out, &id).await;
    let late = people[1].act(&id, "registration/accept").await;
    assert_eq!(
        late.detail(StatusCode::CONFLICT),
        "No seat is offered to you now: your registration is CANCELLED."
    );
    // That request was taken back as a whole; the next one that does something settles the seats.
    let newcomer = Person::member().await.register(&id).await;
    assert_eq!(newcomer["status"], "WAITLISTED");
    assert_eq!(mailed("EVENT_OFFER_EXPIRED", &id).await, [people[1].id()]);
    assert_eq!(
        mailed("EVENT_SEAT_OFFERED", &id).await,
        [people[1].id(), people[2].id()]
    );
    assert!(people[2].own(&id).await["offerExpiresAt"].is_string());
}

#[tokio::test]
async fn seats_that_are_added_are_offered_in_order() {
    let organizer = new_organizer().await;
    let id = organizer.open(json!({"maxCapacity": 1})).await;
    let people = people(4).await;
    for person in &people {
        person.register(&id).await;
    }
    let more = organizer
        .patch(&format!("/v1/events/{id}"), &json!({"maxCapacity": 3}))
        .await;
    assert_eq!(more.expect(StatusCode::OK)["registeredCount"], 3);
    assert_eq!(
        mailed("EVENT_SEAT_OFFERED", &id).await,
        [people[1].id(), people[2].id()]
    );
    assert_eq!(
        seats(&id).await,
        (3, json!({"REGISTERED": 1, "OFFERED": 2, "WAITLISTED": 1}))
    );
}

#[tokio::test]
async fn who_leaves_the_line_loses_the_place_and_comes_back_at_its_end() {
    let id = new_organizer().await.open(json!({"maxCapacity": 1})).await;
    let people = people(3).await;
    for person in &people {
        person.register(&id).await;
    }
    people[1].give_back(&id).await;
    assert_eq!(people[2].own(&id).await["waitlistPosition"], 1);
    people[1].register(&id).await;
    assert_eq!(people[1].own(&id).await["waitlistPosition"], 2);
}

#[tokio::test]
async fn an_accepted_seat_that_costs_something_is_held_at_the_price_that_was_asked() {
    let organizer = new_organizer().await;
    let id = organizer.open(json!({"maxCapacity": 1, "priceCents": 700})).await;
    let people = people(2).await;
    for person in &people {
        person.register(&id).await;
    }
    organizer
        .patch(&format!("/v1/events/{id}"), &json!({"priceCents": 900}))
        .await
        .expect(StatusCode::OK);
    people[0].give_back(&id).await;
    let accepted = people[1].act(&id, "registration/accept").await;
    let accepted = accepted.expect(StatusCode::OK);
    assert_eq!(
        (&accepted["status"], &accepted["amountCents"]),
        (&json!("REGISTERED"), &json!(700))
    );
    assert!(accepted["holdExpiresAt"].is_string(), "{accepted}");
    assert_eq!(mailed("EVENT_HELD", &id).await, [people[0].id(), people[1].id()]);
}
