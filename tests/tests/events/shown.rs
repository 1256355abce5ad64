//! What is shown of events, and to whom: drafts, where an event is online, its papers, the own registration, and the own events.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::calendars::feed;
use crate::people::{EventCalls as _, Person, new_organizer};
use crate::support::{id_of, jobs, marker, move_event, pay};

const ROOM: &str = "https://meet.example.org/room";

#[tokio::test]
async fn a_draft_that_is_called_off_stays_with_who_could_see_it() {
    let organizer = new_organizer().await;
    let word = marker();
    let draft = organizer.draft(json!({"title": word})).await;
    let known = organizer.open(json!({"title": word})).await;
    for event in [&draft, &known] {
        organizer.act(event, "cancel").await.expect(StatusCode::OK);
    }
    let listed = async |person: &Person| {
        let items = person
            .follow(&format!("/v1/events?q={word}&status=CANCELLED"))
            .await;
        items.iter().map(id_of).collect::<Vec<_>>()
    };
    for person in [Person::stranger(), Person::member().await] {
        for path in [
            format!("/v1/events/{draft}"),
            format!("/v1/events/{draft}/calendar"),
        ] {
            assert_eq!(person.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        assert_eq!(listed(&person).await, std::slice::from_ref(&known));
        let found = person.json(&format!("/v1/search?q={word}&types=EVENT")).await;
        assert!(!found.to_string().contains(&draft), "{found}");
        assert_eq!(
            person.get(&format!("/v1/events/{known}")).await.status,
            StatusCode::OK
        );
    }
    assert_eq!(
        organizer.json(&format!("/v1/events/{draft}")).await["status"],
        "CANCELLED"
    );
    assert_eq!(listed(&organizer).await.len(), 2);
}

#[tokio::test]
async fn where_an_event_is_online_is_told_to_who_has_paid_and_who_runs_it() {
    let organizer = new_organizer().await;
    let id = organizer
        .open(json!({"priceCents": 700, "virtualUrl": ROOM}))
        .await;
    let member = Person::member().await;
    let shown = async |person: &Person| {
        let event = person.json(&format!("/v1/events/{id}")).await;
        assert_eq!(event["isOnline"], true);
        let calendar = person.get(&format!("/v1/events/{id}/calendar")).await;
        let calendar = String::from_utf8(calendar.bytes).unwrap();
        assert_eq!(calendar.contains(ROOM), event["virtualUrl"] == ROOM, "{calendar}");
        event["virtualUrl"].clone()
    };
    let files = format!("/v1/events/{id}/files");
    let feed = feed(&member).await;
    let entry = async || String::from_utf8(Person::stranger().get(&feed).await.bytes).unwrap();
    assert_eq!(shown(&organizer).await, ROOM);
    assert_eq!(shown(&Person::with(&["event_manager"]).await).await, ROOM);
    assert_eq!(shown(&Person::stranger()).await, Value::Null);
    assert_eq!(shown(&member).await, Value::Null, "no seat");
    assert_eq!(member.get(&files).await.status, StatusCode::FORBIDDEN);
    let seat = id_of(&member.register(&id).await);
    assert_eq!(shown(&member).await, Value::Null, "not paid");
    assert_eq!(member.get(&files).await.status, StatusCode::FORBIDDEN);
    let held = entry().await;
    assert!(
        held.contains("STATUS:TENTATIVE") && !held.contains(ROOM),
        "{held}"
    );
    pay(&jobs().await, &seat, 700).await;
    assert_eq!(shown(&member).await, ROOM);
    assert_eq!(member.json(&files).await["items"], json!([]));
    let paid = entry().await;
    assert!(paid.contains("STATUS:CONFIRMED") && paid.contains(ROOM), "{paid}");
    assert!(
        paid.contains(&format!("/events/{id}")),
        "the event's page: {paid}"
    );
    member.give_back(&id).await;
    assert_eq!(shown(&member).await, Value::Null, "the seat is gone");
}

#[tokio::test]
async fn an_event_shows_the_own_registration() {
    let organizer = new_organizer().await;
    let id = organizer.open(json!({"maxCapacity": 1})).await;
    let (seated, waiting) = (Person::member().await, Person::member().await);
    seated.register(&id).await;
    waiting.register(&id).await;
    let path = format!("/v1/events/{id}");
    let own = async |person: &Person| person.json(&path).await["registration"].clone();
    let of_seated = own(&seated).await;
    assert_eq!(
        (&of_seated["status"], &of_seated["userId"]),
        (&json!("REGISTERED"), &json!(seated.id()))
    );
    assert_eq!(own(&waiting).await["waitlistPosition"], 1);
    assert_eq!(own(&organizer).await, Value::Null);
    move_event(&id, -10, 60).await;
    assert_eq!(
        own(&waiting).await["waitlistPosition"],
        Value::Null,
        "the line is over"
    );
    assert_eq!(own(&Person::stranger()).await, Value::Null);
}

#[tokio::test]
async fn an_organizer_lists_the_own_events_with_drafts() {
    let (organizer, other) = (new_organizer().await, new_organizer().await);
    let word = marker();
    let draft = organizer.draft(json!({"title": word})).await;
    let open = organizer.open(json!({"title": word})).await;
    other.open(json!({"title": word})).await;
    let path = format!("/v1/events?q={word}&mine=true");
    let mut mine: Vec<_> = organizer.follow(&path).await.iter().map(id_of).collect();
    mine.sort();
    let mut both = vec![draft, open];
    both.sort();
    assert_eq!(mine, both);
    assert_eq!(
        Person::stranger().get(&path).await.status,
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(
        organizer.get("/v1/events?mine=perhaps").await.pointers(),
        ["/query/mine"]
    );
}
