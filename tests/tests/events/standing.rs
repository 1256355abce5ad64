//! Who is suspended or gone is not let in and gets no offers; a seat that was taken stays, as long as it would anyhow. Seats are not held
//! over and over for who does not pay.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::door::{arrive, ticket};
use crate::people::{EventCalls as _, Person, new_organizer};
use crate::support::{alter, id_of, jobs, mailed, move_event, pay, seats};

const SUSPEND: &str = "UPDATE users SET is_active = false WHERE id = $1";
const REINSTATE: &str = "UPDATE users SET is_active = true WHERE id = $1";

#[tokio::test]
async fn who_is_suspended_or_gone_is_not_let_in() {
    let organizer = new_organizer().await;
    let id = organizer.open(json!({})).await;
    let member = Person::member().await;
    let registration = id_of(&member.register(&id).await);
    let token = ticket(&member, &registration).await;
    move_event(&id, 60, 180).await;
    let account = member.id().to_string();
    let ways = [
        json!({"token": token}),
        json!({"registrationId": registration}),
        json!({"memberId": account}),
    ];
    let delete = "UPDATE users SET deleted_at = now() WHERE id = $1";
    let restore = "UPDATE users SET deleted_at = NULL WHERE id = $1";
    let suspended = "The account of this member is suspended: ask the office.";
    let deleted = "The account of this member was deleted.";
    for (change, back, said) in [(SUSPEND, REINSTATE, suspended), (delete, restore, deleted)] {
        alter(change, &account).await;
        for way in &ways {
            let refused = arrive(&organizer, &id, way.clone()).await;
            assert_eq!(refused.detail(StatusCode::CONFLICT), said, "{way}");
        }
        assert_eq!(seats(&id).await, (1, json!({"REGISTERED": 1})), "the seat stays");
        alter(back, &account).await;
    }
    arrive(&organizer, &id, ways[0].clone())
        .await
        .expect(StatusCode::OK);
}

#[tokio::test]
async fn an_offer_passes_over_who_is_suspended_and_the_place_in_line_stays() {
    let organizer = new_organizer().await;
    let id = organizer.open(json!({"maxCapacity": 1})).await;
    let mut people = Vec::new();
    for _ in 0..3 {
        let person = Person::member().await;
        person.register(&id).await;
        people.push(person);
    }
    let suspended = people[1].id().to_string();
    alter(SUSPEND, &suspended).await;
    people[0].give_back(&id).await;
    assert!(people[2].own(&id).await["offerExpiresAt"].is_string());
    assert_eq!(mailed("EVENT_SEAT_OFFERED", &id).await, [people[2].id()]);
    alter(REINSTATE, &suspended).await;
    people[2].give_back(&id).await;
    assert!(people[1].own(&id).await["offerExpiresAt"].is_string());
}

#[tokio::test]
async fn a_seat_that_was_not_paid_is_held_again_after_a_pause_only() {
    let organizer = new_organizer().await;
    let id = organizer
        .open(json!({"priceCents": 700, "maxCapacity": 1, "waitlistEnabled": false}))
        .await;
    let (member, other) = (Person::member().await, Person::member().await);
    member.register(&id).await;
    member.give_back(&id).await;
    let refused = member.act(&id, "registration").await.detail(StatusCode::CONFLICT);
    assert!(
        refused.starts_with(
            "A seat at this event was held for you and not paid: one can be held for you again from 20"
        ),
        "{refused}"
    );
    other.register(&id).await;
    other.give_back(&id).await;
    // The pause is over, and the next is longer.
    let pass = |minutes: i32| {
        format!(
            "UPDATE event_registrations SET cancelled_at = cancelled_at - interval '{minutes} minutes' WHERE event_id = $1"
        )
    };
    alter(&pass(31), &id).await;
    let held = member.register(&id).await;
    let run_out = "UPDATE event_registrations SET hold_expires_at = now() - interval '1 second'
        WHERE event_id = $1 AND hold_expires_at IS NOT NULL";
    alter(run_out, &id).await;
    // Somebody else comes, who takes the seat and gives it back: what has run out is settled with it.
    let third = Person::member().await;
    third.register(&id).await;
    third.give_back(&id).await;
    alter(&pass(31), &id).await;
    assert_eq!(member.act(&id, "registration").await.status, StatusCode::CONFLICT);
    alter(&pass(30), &id).await;
    let again = member.register(&id).await;
    assert_eq!(
        (id_of(&again), &again["status"]),
        (id_of(&held), &json!("REGISTERED"))
    );
    // A seat that is paid is no hold, and giving it back has no pause.
    pay(&jobs().await, &id_of(&again), 700).await;
    let counted = async || -> i64 {
        portal_tests::primary::value(
            "SELECT unpaid_holds::bigint FROM event_registrations WHERE id = $1",
            &id_of(&again),
        )
        .await
    };
    assert_eq!(counted().await, 0, "who pays begins anew");
    member.give_back(&id).await;
    assert_eq!(counted().await, 0);
    member.register(&id).await;
}

#[tokio::test]
async fn a_free_seat_is_given_back_and_taken_again_at_once() {
    let id = new_organizer().await.open(json!({"maxCapacity": 1})).await;
    let member = Person::member().await;
    for _ in 0..3 {
        assert_eq!(member.register(&id).await["holdExpiresAt"], Value::Null);
        member.give_back(&id).await;
    }
}
