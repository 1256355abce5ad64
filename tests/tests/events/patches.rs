//! Changes of events that would open what was closed, or undo what people have planned by, are refused; several make one mail.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::people::{EventCalls as _, Person, new_organizer};
use crate::support::{alter, mailed, move_event, owner};

#[tokio::test]
async fn null_opens_nothing() {
    let organizer = new_organizer().await;
    let id = organizer
        .open(json!({"visibility": "MEMBERS_ONLY", "priceCents": 900, "memberPriceCents": 700, "waitlistEnabled": false}))
        .await;
    let path = format!("/v1/events/{id}");
    for field in ["visibility", "priceCents", "waitlistEnabled", "timeZone", "title"] {
        let refused = organizer.patch(&path, &json!({field: null})).await;
        assert_eq!(refused.pointers(), [format!("/body/{field}")]);
    }
    assert_eq!(Person::stranger().get(&path).await.status, StatusCode::NOT_FOUND);
    // What has a meaning of its own can be cleared: members pay what everybody pays, seats are not counted.
    let cleared = json!({"memberPriceCents": null, "maxCapacity": null});
    let cleared = organizer.patch(&path, &cleared).await.expect(StatusCode::OK);
    assert_eq!(
        (
            &cleared["priceCents"],
            &cleared["memberPriceCents"],
            &cleared["visibility"]
        ),
        (&json!(900), &Value::Null, &json!("MEMBERS_ONLY"))
    );
}

#[tokio::test]
async fn what_is_announced_is_not_moved_into_the_past() {
    let organizer = new_organizer().await;
    let id = organizer.open(json!({})).await;
    let path = format!("/v1/events/{id}");
    let member = Person::member().await;
    member.register(&id).await;
    let past = json!({"startsAt": "2020-01-01T18:00:00Z", "endsAt": "2020-01-01T20:00:00Z"});
    let refused = organizer.patch(&path, &past).await;
    assert_eq!(refused.pointers(), ["/body/endsAt", "/body/startsAt"]);
    assert!(mailed("EVENT_CHANGED", &id).await.is_empty());
    // Once it has begun it still does not end before now, and the rest of it can be changed.
    move_event(&id, -60, 60).await;
    let ended = time::OffsetDateTime::now_utc() - time::Duration::minutes(30);
    let ended = ended
        .format(&time::format_description::well_known::Rfc3339)
        .unwrap();
    let refused = organizer.patch(&path, &json!({"endsAt": ended})).await;
    assert_eq!(refused.pointers(), ["/body/endsAt"]);
    let renamed = organizer.patch(&path, &json!({"title": "A gala"})).await;
    assert_eq!(renamed.expect(StatusCode::OK)["status"], "IN_PROGRESS");
    let draft = organizer.draft(json!({})).await;
    let moved = organizer.patch(&format!("/v1/events/{draft}"), &past).await;
    assert_eq!(
        moved.status,
        StatusCode::OK,
        "a draft is anything, and not published like that"
    );
}

#[tokio::test]
async fn deadlines_end_by_the_start_and_before_the_publication_nothing_is_over() {
    let organizer = new_organizer().await;
    let id = organizer.draft(json!({"priceCents": 900})).await;
    let path = format!("/v1/events/{id}");
    let late = "2120-05-01T18:00:01Z";
    let refused = organizer
        .patch(
            &path,
            &json!({"registrationDeadline": late, "earlyBirdPriceCents": 500, "earlyBirdDeadline": late}),
        )
        .await;
    assert_eq!(
        refused.pointers(),
        ["/body/earlyBirdDeadline", "/body/registrationDeadline"]
    );
    let passed = json!({"registrationDeadline": "2020-01-01T00:00:00Z"});
    organizer.patch(&path, &passed).await.expect(StatusCode::OK);
    let detail = organizer.act(&id, "publish").await.detail(StatusCode::CONFLICT);
    assert!(detail.contains("set a later registrationDeadline"), "{detail}");
    for zone in ["Factory", "Etc/Unknown"] {
        let refused = organizer.patch(&path, &json!({"timeZone": zone})).await;
        assert_eq!(refused.pointers(), ["/body/timeZone"], "{zone}");
    }
}

#[tokio::test]
async fn registrations_that_are_not_taken_yet_say_from_when() {
    let organizer = new_organizer().await;
    let id = organizer
        .open(json!({"registrationOpensAt": "2119-01-01T08:00:00Z"}))
        .await;
    let refused = Person::member().await.act(&id, "registration").await;
    assert_eq!(
        refused.detail(StatusCode::CONFLICT),
        "An event that is PUBLISHED takes no registrations before 2119-01-01T08:00:00Z."
    );
}

#[tokio::test]
async fn several_changes_are_one_mail_while_none_has_gone_out() {
    let organizer = new_organizer().await;
    let id = organizer.open(json!({"place": "The hall"})).await;
    let path = format!("/v1/events/{id}");
    let member = Person::member().await;
    member.register(&id).await;
    // As one that waits for the end of quiet hours: the stack's own runs leave it alone.
    let postpone = "UPDATE outbox SET not_before = now() + interval '1 day'
        WHERE kind = 'EVENT_CHANGED' AND payload ->> 'eventId' = $1::uuid::text AND state = 'PENDING'";
    let mail = async || -> Value {
        sqlx::query_scalar("SELECT payload FROM outbox WHERE kind = 'EVENT_CHANGED' AND payload ->> 'eventId' = $1 ORDER BY id DESC")
            .bind(&id)
            .fetch_one(&mut owner().await)
            .await
            .unwrap()
    };
    let change = async |fields: Value| organizer.patch(&path, &fields).await.expect(StatusCode::OK);
    change(json!({"place": "The other hall"})).await;
    alter(postpone, &id).await;
    change(json!({"startsAt": "2120-05-01T17:00:00Z"})).await;
    change(json!({"startsAt": "2120-05-01T16:00:00Z", "city": "Oakland"})).await;
    assert_eq!(mailed("EVENT_CHANGED", &id).await, [member.id()]);
    let said = mail().await;
    assert_eq!(
        (&said["place"], &said["city"], &said["startsAt"]),
        (
            &json!("The other hall"),
            &json!("Oakland"),
            &json!("2120-05-01T16:00:00Z")
        )
    );
    assert!(
        said["previousStartsAt"]
            .as_str()
            .unwrap()
            .starts_with("2120-05-01T18:00:00"),
        "what was before the first change: {said}"
    );
    // One that is on its way says what it says, and the next change is told by another.
    let claim = "UPDATE outbox SET claimed_until = now() + interval '1 hour'
        WHERE kind = 'EVENT_CHANGED' AND payload ->> 'eventId' = $1::uuid::text";
    alter(claim, &id).await;
    change(json!({"place": "The hall"})).await;
    assert_eq!(mailed("EVENT_CHANGED", &id).await, [member.id(), member.id()]);
}
