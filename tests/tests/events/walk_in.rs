//! The door while seats are free: nobody who is there stays outside a room with empty seats, nobody is let in who owes something, and a
//! mistake can be undone.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::door::{arrive, ticket};
use crate::people::{EventCalls as _, Person, new_organizer};
use crate::support::{alter, id_of, jobs, mailed, move_event, pay, seats};

fn by_list(registration: &str) -> Value {
    json!({"registrationId": registration})
}

#[tokio::test]
async fn who_let_an_offer_run_out_gets_a_seat_that_is_free_at_the_door() {
    let organizer = new_organizer().await;
    let id = organizer.open(json!({"maxCapacity": 1})).await;
    let (seated, waiting) = (Person::member().await, Person::member().await);
    seated.register(&id).await;
    let registration = id_of(&waiting.register(&id).await);
    seated.give_back(&id).await;
    let run_out = "UPDATE event_registrations SET offer_expires_at = now() - interval '1 second'
        WHERE event_id = $1 AND offer_expires_at IS NOT NULL";
    alter(run_out, &id).await;
    move_event(&id, -1, 60).await;
    let arrived = arrive(&organizer, &id, by_list(&registration)).await;
    assert_eq!(arrived.expect(StatusCode::OK)["status"], "ATTENDED");
    assert_eq!(seats(&id).await, (1, json!({"ATTENDED": 1, "CANCELLED": 1})));
}

#[tokio::test]
async fn a_member_without_a_registration_is_let_in_while_a_seat_is_free() {
    let organizer = new_organizer().await;
    let id = organizer.open(json!({"maxCapacity": 1})).await;
    move_event(&id, -1, 60).await;
    let (first, second) = (Person::member().await, Person::member().await);
    let walk_in = |person: &Person| json!({"memberId": person.id()});
    let arrived = arrive(&organizer, &id, walk_in(&first))
        .await
        .expect(StatusCode::OK);
    assert_eq!(
        (&arrived["status"], &arrived["userId"]),
        (&json!("ATTENDED"), &json!(first.id()))
    );
    let again = arrive(&organizer, &id, walk_in(&first)).await;
    let detail = again.detail(StatusCode::CONFLICT);
    assert!(
        detail.starts_with("This member was let in already, at "),
        "{detail}"
    );
    let full = arrive(&organizer, &id, walk_in(&second)).await;
    assert_eq!(full.detail(StatusCode::CONFLICT), "All seats are taken.");
    let nobody = json!({"memberId": uuid::Uuid::now_v7()});
    assert_eq!(
        arrive(&organizer, &id, nobody)
            .await
            .detail(StatusCode::NOT_FOUND),
        "There is no such member."
    );
    let stranger = arrive(&second, &id, walk_in(&second)).await;
    assert_eq!(stranger.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_walk_in_pays_first_where_a_seat_costs_something() {
    let organizer = new_organizer().await;
    let id = organizer.open(json!({"priceCents": 700, "maxCapacity": 2})).await;
    move_event(&id, -1, 60).await;
    let member = Person::member().await;
    let arrival = json!({"memberId": member.id()});
    let held = arrive(&organizer, &id, arrival.clone())
        .await
        .expect(StatusCode::ACCEPTED);
    assert_eq!(
        (
            &held["status"],
            &held["amountCents"],
            held["holdExpiresAt"].is_string()
        ),
        (&json!("REGISTERED"), &json!(700), true)
    );
    assert_eq!(mailed("EVENT_HELD", &id).await, [member.id()]);
    let unpaid = arrive(&organizer, &id, arrival.clone()).await;
    assert_eq!(
        unpaid.detail(StatusCode::CONFLICT),
        "This seat is not paid yet: 7.00 USD is owed."
    );
    pay(&jobs().await, &id_of(&held), 700).await;
    let arrived = arrive(&organizer, &id, arrival).await.expect(StatusCode::OK);
    assert_eq!(arrived["status"], "ATTENDED");
    assert_eq!(seats(&id).await, (1, json!({"ATTENDED": 1})));
}

#[tokio::test]
async fn a_no_show_who_has_not_paid_is_not_let_in() {
    let organizer = new_organizer().await;
    let id = organizer.open(json!({"priceCents": 700, "maxCapacity": 1})).await;
    let member = Person::member().await;
    let registration = id_of(&member.register(&id).await);
    let turned_out =
        "UPDATE event_registrations SET status = 'NO_SHOW', hold_expires_at = NULL WHERE event_id = $1";
    alter(turned_out, &id).await;
    move_event(&id, -40, 60).await;
    let refused = arrive(&organizer, &id, by_list(&registration)).await;
    assert_eq!(
        refused.detail(StatusCode::CONFLICT),
        "This seat is not paid yet: 7.00 USD is owed."
    );
    assert_eq!(seats(&id).await, (0, json!({"NO_SHOW": 1})));
}

#[tokio::test]
async fn when_the_event_is_over_only_who_had_a_seat_is_written_down() {
    let organizer = new_organizer().await;
    let id = organizer.open(json!({"maxCapacity": 1})).await;
    let (seated, waiting) = (Person::member().await, Person::member().await);
    let had = id_of(&seated.register(&id).await);
    let waited = id_of(&waiting.register(&id).await);
    move_event(&id, -120, -1).await;
    let no_shows =
        "UPDATE event_registrations SET status = 'NO_SHOW' WHERE event_id = $1 AND status = 'REGISTERED'";
    alter(no_shows, &id).await;
    for arrival in [by_list(&waited), json!({"memberId": Person::member().await.id()})] {
        let refused = arrive(&organizer, &id, arrival).await;
        assert_eq!(
            refused.detail(StatusCode::CONFLICT),
            "The event is over: only who had a seat is checked in now."
        );
    }
    let arrived = arrive(&organizer, &id, by_list(&had)).await;
    assert_eq!(arrived.expect(StatusCode::OK)["status"], "ATTENDED");
}

#[tokio::test]
async fn a_check_in_is_undone_and_the_ticket_is_good_again() {
    let organizer = new_organizer().await;
    let id = organizer.open(json!({"maxCapacity": 2})).await;
    let (member, walks_in) = (Person::member().await, Person::member().await);
    let registration = id_of(&member.register(&id).await);
    let token = ticket(&member, &registration).await;
    move_event(&id, 60, 180).await;
    let undo = async |registration: &str| {
        let path = format!("/v1/events/{id}/check-in/{registration}");
        organizer.delete(&path).await
    };
    let early = undo(&registration).await;
    assert_eq!(early.detail(StatusCode::CONFLICT), "This member was not let in.");
    arrive(&organizer, &id, json!({"token": token}))
        .await
        .expect(StatusCode::OK);
    let path = format!("/v1/events/{id}/check-in/{registration}");
    assert_eq!(member.delete(&path).await.status, StatusCode::FORBIDDEN);
    let undone = undo(&registration).await.expect(StatusCode::OK);
    assert_eq!(
        (&undone["status"], &undone["checkedInAt"]),
        (&json!("REGISTERED"), &Value::Null)
    );
    arrive(&organizer, &id, json!({"token": token}))
        .await
        .expect(StatusCode::OK);
    // Somebody who had no seat before has none after.
    let arrived = arrive(&organizer, &id, json!({"memberId": walks_in.id()})).await;
    let mistaken = id_of(&arrived.expect(StatusCode::OK));
    let undone = undo(&mistaken).await.expect(StatusCode::OK);
    assert_eq!(undone["status"], "CANCELLED");
    assert_eq!(seats(&id).await, (1, json!({"ATTENDED": 1, "CANCELLED": 1})));
    move_event(&id, -180, -1).await;
    let undone = undo(&registration).await.expect(StatusCode::OK);
    assert_eq!(undone["status"], "NO_SHOW", "the seat was not used");
    assert_eq!(undo(&id).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_event_that_is_postponed_has_nobody_in_it_yet() {
    let organizer = new_organizer().await;
    let id = organizer.open(json!({})).await;
    let member = Person::member().await;
    let registration = id_of(&member.register(&id).await);
    move_event(&id, 120, 180).await;
    arrive(&organizer, &id, by_list(&registration))
        .await
        .expect(StatusCode::OK);
    let path = format!("/v1/events/{id}");
    let later = json!({"startsAt": "2120-05-02T18:00:00Z", "endsAt": "2120-05-02T20:00:00Z"});
    organizer.patch(&path, &later).await.expect(StatusCode::OK);
    let own = member.own(&id).await;
    assert_eq!(
        (&own["status"], &own["checkedInAt"]),
        (&json!("REGISTERED"), &Value::Null)
    );
    assert!(!ticket(&member, &registration).await.is_empty());
    // Within the time in which its doors are open already nobody has to go out again.
    move_event(&id, 120, 180).await;
    arrive(&organizer, &id, by_list(&registration))
        .await
        .expect(StatusCode::OK);
    let start = time::OffsetDateTime::now_utc() + time::Duration::minutes(150);
    let start = start
        .format(&time::format_description::well_known::Rfc3339)
        .unwrap();
    organizer
        .patch(&path, &json!({"startsAt": start}))
        .await
        .expect(StatusCode::OK);
    assert_eq!(member.own(&id).await["status"], "ATTENDED");
}

#[tokio::test]
async fn who_was_there_or_not_is_told_so() {
    let organizer = new_organizer().await;
    let id = organizer.open(json!({})).await;
    let member = Person::member().await;
    let registration = id_of(&member.register(&id).await);
    move_event(&id, 60, 180).await;
    arrive(&organizer, &id, by_list(&registration))
        .await
        .expect(StatusCode::OK);
    let path = format!("/v1/events/{id}/registration");
    for status in ["ATTENDED", "NO_SHOW"] {
        let sql = format!(
            "UPDATE event_registrations SET status = '{status}', checked_in_at = NULL, checked_in_from = NULL WHERE event_id = $1"
        );
        alter(&sql, &id).await;
        assert_eq!(
            member.act(&id, "registration").await.detail(StatusCode::CONFLICT),
            format!("You are registered for this event already: your registration is {status}.")
        );
        assert_eq!(
            member.delete(&path).await.detail(StatusCode::CONFLICT),
            format!("There is nothing to give back: your registration is {status}.")
        );
        assert_eq!(
            member
                .act(&id, "registration/accept")
                .await
                .detail(StatusCode::CONFLICT),
            format!("No seat is offered to you now: your registration is {status}.")
        );
    }
}
