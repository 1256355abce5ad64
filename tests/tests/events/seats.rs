//! Seats: at once where they are free, held where they cost something, at the price of the moment, and given back.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::people::{EventCalls as _, Person, new_organizer};
use crate::support::{alter, id_of, mailed, move_event, seats};

#[tokio::test]
async fn a_free_seat_is_the_members_at_once() {
    let id = new_organizer().await.open(json!({"maxCapacity": 5})).await;
    let member = Person::member().await;
    let reply = member.act(&id, "registration").await;
    let location = reply.header("location").to_owned();
    let seat = reply.expect(StatusCode::CREATED);
    assert_eq!(
        (&seat["status"], &seat["holdExpiresAt"], &seat["priceKind"]),
        (&json!("REGISTERED"), &Value::Null, &json!("STANDARD"))
    );
    assert_eq!(location, format!("/v1/registrations/{}", id_of(&seat)));
    assert_eq!(
        member.json(&location).await["eventTitle"],
        "A dinner",
        "where the answer says that it is"
    );
    assert_eq!(seats(&id).await, (1, json!({"REGISTERED": 1})));
    assert_eq!(mailed("EVENT_REGISTERED", &id).await, [member.id()]);
    assert_eq!(
        member.act(&id, "registration").await.detail(StatusCode::CONFLICT),
        "You are registered for this event already: your registration is REGISTERED."
    );
    let another = Person::member().await;
    assert_eq!(another.get(&location).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_seat_costs_what_is_the_members_price_at_that_moment() {
    let organizer = new_organizer().await;
    let prices = json!({"priceCents": 5000, "memberPriceCents": 4000, "earlyBirdPriceCents": 3000,
        "earlyBirdDeadline": "2119-01-01T00:00:00Z"});
    let id = organizer.open(prices).await;
    let asked = async |in_force: bool| {
        let person = Person::member().await;
        if in_force {
            let sql = "UPDATE users SET membership_expires_at = now() + interval '1 day' WHERE id = $1";
            alter(sql, &person.id().to_string()).await;
        }
        let seat = person.register(&id).await;
        assert!(seat["holdExpiresAt"].is_string(), "{seat}");
        (seat["priceKind"].clone(), seat["amountCents"].clone())
    };
    assert_eq!(asked(true).await, (json!("EARLY_BIRD"), json!(3000)));
    let sql = "UPDATE events SET early_bird_deadline = now() - interval '1 second' WHERE id = $1";
    alter(sql, &id).await;
    assert_eq!(asked(true).await, (json!("MEMBER"), json!(4000)));
    assert_eq!(asked(false).await, (json!("STANDARD"), json!(5000)));
}

#[tokio::test]
async fn a_seat_can_be_given_back_and_taken_again_under_the_same_id() {
    let id = new_organizer().await.open(json!({"maxCapacity": 1})).await;
    let member = Person::member().await;
    let first = member.register(&id).await;
    member.give_back(&id).await;
    assert_eq!(seats(&id).await, (0, json!({"CANCELLED": 1})));
    let path = format!("/v1/events/{id}/registration");
    assert_eq!(
        member.delete(&path).await.detail(StatusCode::CONFLICT),
        "There is nothing to give back: your registration is CANCELLED."
    );
    let second = member.register(&id).await;
    assert_eq!(
        (id_of(&first), &second["status"], &second["cancelledAt"]),
        (id_of(&second), &json!("REGISTERED"), &Value::Null)
    );
    assert_eq!(
        Person::member().await.delete(&path).await.status,
        StatusCode::NOT_FOUND
    );
    move_event(&id, -10, 10).await;
    assert_eq!(
        member.delete(&path).await.detail(StatusCode::CONFLICT),
        "Seats of an event that is IN_PROGRESS are not given back any more."
    );
}

#[tokio::test]
async fn without_a_waitlist_a_full_event_says_so_and_capacity_is_not_cut_below_what_is_taken() {
    let organizer = new_organizer().await;
    let id = organizer
        .open(json!({"maxCapacity": 2, "waitlistEnabled": false}))
        .await;
    for _ in 0..2 {
        Person::member().await.register(&id).await;
    }
    let late = Person::member().await.act(&id, "registration").await;
    assert_eq!(
        late.detail(StatusCode::CONFLICT),
        "All seats are taken, and this event has no waitlist."
    );
    let cut = organizer
        .patch(&format!("/v1/events/{id}"), &json!({"maxCapacity": 1}))
        .await;
    assert_eq!(
        cut.detail(StatusCode::CONFLICT),
        "2 seats are taken, held or offered: maxCapacity cannot be less."
    );
}

#[tokio::test]
async fn a_retry_with_its_key_takes_no_second_seat() {
    let id = new_organizer().await.open(json!({})).await;
    let member = Person::member().await;
    let path = format!("/v1/events/{id}/registration");
    let headers = [("idempotency-key", "once")];
    let mut ids = Vec::new();
    for _ in 0..2 {
        let reply = member.send(Method::POST, &path, None, &headers).await;
        ids.push(id_of(&reply.expect(StatusCode::CREATED)));
    }
    assert_eq!(ids[0], ids[1]);
    assert_eq!(seats(&id).await.0, 1);
}

#[tokio::test]
async fn who_may_not_see_an_event_cannot_register_for_it() {
    let organizer = new_organizer().await;
    let draft = organizer.draft(json!({})).await;
    let member = Person::member().await;
    let refused = member.act(&draft, "registration").await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND);
    let stranger = Person::stranger().act(&draft, "registration").await;
    assert_eq!(stranger.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn lists_of_registrations_show_the_own_ones_and_to_organizers_all() {
    let organizer = new_organizer().await;
    let id = organizer.open(json!({})).await;
    let people = [
        Person::member().await,
        Person::member().await,
        Person::member().await,
    ];
    for person in &people {
        person.register(&id).await;
    }
    let path = format!("/v1/events/{id}/registrations?limit=2&count=exact");
    let seen = organizer.follow(&path).await;
    let members: Vec<_> = seen.iter().map(|one| one["userId"].as_str().unwrap()).collect();
    let mut latest_first: Vec<_> = people.iter().map(|person| person.id().to_string()).collect();
    latest_first.reverse();
    assert_eq!(members, latest_first);
    assert!(seen[0]["memberName"].as_str().unwrap().starts_with("person-"));
    let own = people[1].json(&path).await;
    assert_eq!(
        (&own["total"], &own["items"][0]["userId"]),
        (&json!(1), &json!(people[1].id()))
    );
    let mine = people[0].json("/v1/registrations?status=REGISTERED").await;
    assert_eq!(mine["items"][0]["eventId"], json!(id));
    let table = organizer
        .send(
            Method::GET,
            &format!("/v1/events/{id}/registrations"),
            None,
            &[
                ("accept", "text/csv"),
                ("portal-consistency", &crate::support::newest_write().await),
            ],
        )
        .await;
    let text = String::from_utf8(table.bytes).unwrap();
    assert_eq!(
        (text.lines().count(), text.starts_with("id,memberName,")),
        (4, true),
        "{text}"
    );
}
