//! What the job of every minute does to seats: it passes on what has run out, and closes what is over; twice is as good as once.

use portal_data::{events, registrations};
use serde_json::json;
use time::OffsetDateTime;

use crate::people::{EventCalls as _, Person, new_organizer};
use crate::support::{alter, id_of, jobs, mailed, move_event, nobody, pay, seats, terms};

/// Settles one event, where the list of what is due names it, as `notify` does.
async fn settle(event: &str) -> bool {
    let id = event.parse().unwrap();
    let jobs = jobs().await;
    let now = OffsetDateTime::now_utc();
    let mut tx = jobs.begin(&nobody()).await.unwrap();
    let due = registrations::list_due(&mut tx, now, None, 10_000).await.unwrap();
    if due.contains(&id) {
        registrations::settle(&mut tx, id, &terms(), now).await.unwrap();
    }
    tx.commit().await.unwrap();
    due.contains(&id)
}

#[tokio::test]
async fn what_has_run_out_is_due_once() {
    let id = new_organizer()
        .await
        .open(json!({"maxCapacity": 1, "priceCents": 700}))
        .await;
    let people = [
        Person::member().await,
        Person::member().await,
        Person::member().await,
    ];
    for person in &people {
        person.register(&id).await;
    }
    assert!(!settle(&id).await, "nothing has run out");
    let run_out = "UPDATE event_registrations SET hold_expires_at = now() - interval '1 second'
        WHERE event_id = $1 AND hold_expires_at IS NOT NULL";
    alter(run_out, &id).await;
    assert!(settle(&id).await);
    assert_eq!(mailed("EVENT_HOLD_EXPIRED", &id).await, [people[0].id()]);
    assert_eq!(mailed("EVENT_SEAT_OFFERED", &id).await, [people[1].id()]);
    assert!(!settle(&id).await, "it was settled");
    let run_out = "UPDATE event_registrations SET offer_expires_at = now() - interval '1 second'
        WHERE event_id = $1 AND offer_expires_at IS NOT NULL";
    alter(run_out, &id).await;
    assert!(settle(&id).await);
    assert_eq!(mailed("EVENT_OFFER_EXPIRED", &id).await, [people[1].id()]);
    assert_eq!(seats(&id).await, (1, json!({"CANCELLED": 2, "OFFERED": 1})));
}

#[tokio::test]
async fn when_an_event_is_over_who_did_not_come_is_a_no_show() {
    let organizer = new_organizer().await;
    let id = organizer.open(json!({"maxCapacity": 3, "priceCents": 700})).await;
    let mut registrations = Vec::new();
    for _ in 0..4 {
        registrations.push(id_of(&Person::member().await.register(&id).await));
    }
    let jobs = jobs().await;
    for paid in &registrations[..2] {
        pay(&jobs, paid, 700).await;
    }
    move_event(&id, 60, 180).await;
    let arrival = json!({"registrationId": registrations[0]});
    organizer
        .post(&format!("/v1/events/{id}/check-in"), &arrival)
        .await
        .expect(reqwest::StatusCode::OK);
    move_event(&id, -180, -1).await;
    let event = id.parse().unwrap();
    let now = OffsetDateTime::now_utc();
    let mut closed = Vec::new();
    for _ in 0..2 {
        let mut tx = jobs.begin(&nobody()).await.unwrap();
        let over = events::list_over(&mut tx, now, None, 10_000).await.unwrap();
        let finished = events::finish(&mut tx, event, now).await.unwrap();
        tx.commit().await.unwrap();
        closed.push((over.contains(&event), finished.closed, finished.no_shows));
    }
    assert_eq!(closed, [(true, true, 1), (false, false, 0)]);
    assert_eq!(
        seats(&id).await,
        (
            1,
            json!({"ATTENDED": 1, "NO_SHOW": 1, "CANCELLED": 1, "WAITLISTED": 1})
        )
    );
}
