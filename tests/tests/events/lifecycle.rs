//! The life of an event: who takes which step, what the clock does, and who is told.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::people::{EventCalls as _, Person, new_organizer};
use crate::support::{alter, mailed, move_event, seats};

#[tokio::test]
async fn an_event_goes_from_draft_to_cancelled_and_says_what_is_legal() {
    let organizer = new_organizer().await;
    let id = organizer.draft(json!({})).await;
    let path = format!("/v1/events/{id}");
    let draft = organizer.json(&path).await;
    assert_eq!(
        (&draft["status"], &draft["timeZone"], &draft["publishedAt"]),
        (&json!("DRAFT"), &json!("America/Los_Angeles"), &Value::Null)
    );
    assert_eq!(Person::stranger().get(&path).await.status, StatusCode::NOT_FOUND);
    let open = organizer.act(&id, "publish").await.expect(StatusCode::OK);
    assert_eq!(open["status"], "REGISTRATION_OPEN");
    assert_eq!(
        organizer.act(&id, "publish").await.detail(StatusCode::CONFLICT),
        "An event that is REGISTRATION_OPEN cannot publish; it can cancel."
    );
    assert_eq!(
        organizer.delete(&path).await.detail(StatusCode::CONFLICT),
        "An event that is REGISTRATION_OPEN cannot be deleted: cancel it first."
    );
    assert_eq!(Person::stranger().json(&path).await["title"], "A dinner");
    let cancelled = organizer.act(&id, "cancel").await.expect(StatusCode::OK);
    assert_eq!(
        (&cancelled["status"], &cancelled["calendarSequence"]),
        (&json!("CANCELLED"), &json!(1))
    );
    let refused = organizer.patch(&path, &json!({"title": "A gala"})).await;
    assert_eq!(
        refused.detail(StatusCode::CONFLICT),
        "An event that is CANCELLED stays as it is."
    );
    organizer.delete(&path).await.expect(StatusCode::NO_CONTENT);
    assert_eq!(organizer.get(&path).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_clock_opens_closes_begins_and_ends_an_event_in_every_answer() {
    let organizer = new_organizer().await;
    let id = organizer
        .open(json!({"registrationOpensAt": "2119-01-01T00:00:00Z", "registrationDeadline": "2120-01-01T00:00:00Z"}))
        .await;
    let path = format!("/v1/events/{id}");
    let member = Person::member().await;
    let stands = async || organizer.json(&path).await["status"].clone();
    let refused = async |status: &str| {
        let detail = member.act(&id, "registration").await.detail(StatusCode::CONFLICT);
        let said = format!("An event that is {status} takes no registrations");
        assert!(detail.starts_with(&said), "{detail}");
    };
    assert_eq!(stands().await, "PUBLISHED");
    refused("PUBLISHED").await;
    alter(
        "UPDATE events SET registration_opens_at = now() - interval '1 minute' WHERE id = $1",
        &id,
    )
    .await;
    assert_eq!(stands().await, "REGISTRATION_OPEN");
    alter(
        "UPDATE events SET registration_deadline = now() - interval '1 second' WHERE id = $1",
        &id,
    )
    .await;
    assert_eq!(stands().await, "REGISTRATION_CLOSED");
    refused("REGISTRATION_CLOSED").await;
    // A later deadline opens it again.
    organizer
        .patch(&path, &json!({"registrationDeadline": "2120-01-01T00:00:00Z"}))
        .await
        .expect(StatusCode::OK);
    assert_eq!(stands().await, "REGISTRATION_OPEN");
    alter(
        "UPDATE events SET registration_deadline = NULL, starts_at = now() - interval '1 minute' WHERE id = $1",
        &id,
    )
    .await;
    assert_eq!(stands().await, "IN_PROGRESS");
    refused("IN_PROGRESS").await;
    move_event(&id, -60, -1).await;
    assert_eq!(stands().await, "COMPLETED");
    assert_eq!(
        organizer.act(&id, "cancel").await.detail(StatusCode::CONFLICT),
        "An event that is COMPLETED cannot cancel; it can do nothing more."
    );
    let list = organizer
        .json(&format!(
            "/v1/events?status=COMPLETED&limit=100&from={}",
            "2020-01-01T00:00:00Z"
        ))
        .await;
    assert!(
        list["items"]
            .as_array()
            .unwrap()
            .iter()
            .all(|item| item["status"] == "COMPLETED")
    );
}

#[tokio::test]
async fn an_event_that_has_begun_is_not_announced() {
    let organizer = new_organizer().await;
    let id = organizer
        .draft(json!({"startsAt": "2020-01-01T00:00:00Z", "endsAt": "2020-01-01T02:00:00Z"}))
        .await;
    let detail = organizer.act(&id, "publish").await.detail(StatusCode::CONFLICT);
    assert!(detail.contains("set a later startsAt"), "{detail}");
}

#[tokio::test]
async fn only_those_who_run_an_event_change_it() {
    let organizer = new_organizer().await;
    let id = organizer.open(json!({})).await;
    let path = format!("/v1/events/{id}");
    let staff = Person::with(&["event_manager"]).await;
    for other in [Person::member().await, new_organizer().await] {
        for reply in [
            other.patch(&path, &json!({"title": "Mine"})).await,
            other.act(&id, "cancel").await,
            other.delete(&path).await,
            other.get(&format!("{path}/analytics")).await,
            other
                .post(&format!("{path}/check-in"), &json!({"registrationId": id}))
                .await,
        ] {
            assert_eq!(reply.status, StatusCode::FORBIDDEN, "{}", reply.body);
        }
    }
    let refused = Person::member()
        .await
        .post(
            "/v1/events",
            &json!({"title": "A", "type": "MEETING",
        "startsAt": "2120-05-01T18:00:00Z", "endsAt": "2120-05-01T20:00:00Z"}),
        )
        .await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let changed = staff.patch(&path, &json!({"title": "Ours"})).await;
    assert_eq!(changed.expect(StatusCode::OK)["title"], "Ours");
}

#[tokio::test]
async fn a_change_of_time_or_place_reaches_calendars_and_people() {
    let organizer = new_organizer().await;
    let id = organizer.open(json!({"maxCapacity": 1})).await;
    let path = format!("/v1/events/{id}");
    let (seated, waiting) = (Person::member().await, Person::member().await);
    seated.register(&id).await;
    waiting.register(&id).await;
    let quiet = organizer
        .patch(&path, &json!({"description": "With music"}))
        .await;
    assert_eq!(quiet.expect(StatusCode::OK)["calendarSequence"], 0);
    assert!(mailed("EVENT_CHANGED", &id).await.is_empty());
    for (number, place) in ["The hall", "The other hall"].into_iter().enumerate() {
        let moved = organizer.patch(&path, &json!({"place": place})).await;
        assert_eq!(moved.expect(StatusCode::OK)["calendarSequence"], number + 1);
    }
    let mut told = mailed("EVENT_CHANGED", &id).await;
    told.sort();
    // Of the second change by the same mail, if it had not gone out yet.
    told.dedup();
    let mut both = vec![seated.id(), waiting.id()];
    both.sort();
    assert_eq!(told, both);
}

#[tokio::test]
async fn everybody_is_told_when_an_event_is_called_off_and_no_seat_is_kept() {
    let organizer = new_organizer().await;
    let id = organizer.open(json!({"maxCapacity": 2, "priceCents": 500})).await;
    let people = [
        Person::member().await,
        Person::member().await,
        Person::member().await,
    ];
    for person in &people {
        person.register(&id).await;
    }
    assert_eq!(seats(&id).await, (2, json!({"HELD": 2, "WAITLISTED": 1})));
    organizer.act(&id, "cancel").await.expect(StatusCode::OK);
    assert_eq!(seats(&id).await, (0, json!({"CANCELLED": 3})));
    let mut told = mailed("EVENT_CANCELLED", &id).await;
    told.sort();
    let mut all: Vec<_> = people.iter().map(Person::id).collect();
    all.sort();
    assert_eq!(told, all);
}

#[tokio::test]
async fn what_cannot_be_is_named_at_once_and_stale_writes_are_refused() {
    let organizer = new_organizer().await;
    let faults = organizer
        .post(
            "/v1/events",
            &json!({"title": " ", "type": "PARTY", "startsAt": "soon", "endsAt": "2120-05-01T20:00:00Z",
                "timeZone": "Mars/Olympus", "maxCapacity": 0, "colour": "red"}),
        )
        .await;
    assert_eq!(
        faults.pointers(),
        [
            "/body/colour",
            "/body/startsAt",
            "/body/timeZone",
            "/body/title",
            "/body/type"
        ]
    );
    let id = organizer.draft(json!({})).await;
    let path = format!("/v1/events/{id}");
    let tag = organizer.get(&path).await.header("etag").to_owned();
    let guarded = async |tag: &str| {
        let patch = json!({"title": "A gala"});
        organizer
            .send(Method::PATCH, &path, Some(&patch), &[("if-match", tag)])
            .await
            .status
    };
    assert_eq!(guarded(&tag).await, StatusCode::OK);
    assert_eq!(guarded(&tag).await, StatusCode::PRECONDITION_FAILED);
}

#[tokio::test]
async fn a_retry_with_its_key_answers_the_same_event() {
    let organizer = new_organizer().await;
    let body = crate::support::with_defaults(json!({}));
    let key = uuid::Uuid::new_v4().to_string();
    let mut ids = Vec::new();
    for _ in 0..2 {
        let headers = [("idempotency-key", key.as_str())];
        let reply = organizer
            .send(Method::POST, "/v1/events", Some(&body), &headers)
            .await;
        ids.push(crate::support::id_of(&reply.expect(StatusCode::CREATED)));
    }
    assert_eq!(ids[0], ids[1]);
}
