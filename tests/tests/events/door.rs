//! Tickets and the door: a ticket is good once, around the event's time, for the seat that it was made for.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::people::{EventCalls as _, Person, Reply, new_organizer};
use crate::support::{alter, id_of, move_event, newest_write, seats};

pub(crate) async fn ticket(member: &Person, registration: &str) -> String {
    let ticket = member.json(&format!("/v1/registrations/{registration}/qr")).await;
    ticket["token"].as_str().unwrap().to_owned()
}

pub(crate) async fn arrive(staff: &Person, event: &str, arrival: Value) -> Reply {
    staff
        .post(&format!("/v1/events/{event}/check-in"), &arrival)
        .await
}

#[tokio::test]
async fn a_ticket_lets_its_member_in_once_and_says_when_that_was() {
    let organizer = new_organizer().await;
    let id = organizer.open(json!({})).await;
    let member = Person::member().await;
    let seat = id_of(&member.register(&id).await);
    let token = ticket(&member, &seat).await;
    let early = arrive(&organizer, &id, json!({"token": token})).await;
    assert_eq!(
        early.detail(StatusCode::CONFLICT),
        "Members are let in from three hours before the event until a day after its end."
    );
    move_event(&id, 60, 180).await;
    let arrived = arrive(&organizer, &id, json!({"token": token})).await;
    let arrived = arrived.expect(StatusCode::OK);
    assert_eq!(
        (&arrived["status"], arrived["checkedInAt"].is_string()),
        (&json!("ATTENDED"), true)
    );
    let again = arrive(&organizer, &id, json!({"token": token})).await;
    let detail = again.detail(StatusCode::CONFLICT);
    assert!(
        detail.starts_with("This member was let in already, at 20"),
        "{detail}"
    );
    let no_more = member.get(&format!("/v1/registrations/{seat}/qr")).await;
    assert_eq!(
        no_more.detail(StatusCode::CONFLICT),
        "A registration that is ATTENDED has no ticket."
    );
    assert_eq!(seats(&id).await, (1, json!({"ATTENDED": 1})));
}

#[tokio::test]
async fn a_door_verifies_a_ticket_with_the_published_keys_alone() {
    let id = new_organizer().await.open(json!({})).await;
    let member = Person::member().await;
    let seat = id_of(&member.register(&id).await);
    let token = ticket(&member, &seat).await;
    let keys = Person::stranger().json("/v1/events/ticket-keys").await;
    let header = jsonwebtoken::decode_header(&token).unwrap();
    let named = |key: &&Value| key["kid"].as_str() == header.kid.as_deref();
    let key = keys["keys"].as_array().unwrap().iter().find(named).unwrap();
    let key = DecodingKey::from_ed_components(key["x"].as_str().unwrap()).unwrap();
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.validate_nbf = false;
    let claims = jsonwebtoken::decode::<Value>(&token, &key, &validation)
        .unwrap()
        .claims;
    assert_eq!(
        (&claims["evt"], &claims["reg"], &claims["sub"], &claims["ver"]),
        (&json!(id), &json!(seat), &json!(member.id()), &json!(1))
    );
    assert_eq!(claims["exp"], 4_744_123_200_i64, "a day after its end");
}

#[tokio::test]
async fn a_ticket_comes_as_a_picture_too_and_to_its_member_alone() {
    let organizer = new_organizer().await;
    let id = organizer.open(json!({})).await;
    let member = Person::member().await;
    let seat = id_of(&member.register(&id).await);
    let path = format!("/v1/registrations/{seat}/qr");
    let newest = newest_write().await;
    let headers = [("accept", "image/png"), ("portal-consistency", newest.as_str())];
    let picture = member.send(Method::GET, &path, None, &headers).await;
    assert_eq!(
        (picture.status, picture.header("content-type")),
        (StatusCode::OK, "image/png")
    );
    assert_eq!(picture.bytes[..8], *b"\x89PNG\r\n\x1a\n");
    assert_eq!(organizer.get(&path).await.status, StatusCode::FORBIDDEN);
    assert_eq!(
        Person::member().await.get(&path).await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn forged_foreign_and_old_tickets_open_no_door() {
    let organizer = new_organizer().await;
    let (id, other) = (organizer.open(json!({})).await, organizer.open(json!({})).await);
    for event in [&id, &other] {
        move_event(event, 60, 180).await;
    }
    let member = Person::member().await;
    let seat = id_of(&member.register(&id).await);
    let token = ticket(&member, &seat).await;
    let foreign = arrive(&organizer, &other, json!({"token": token})).await;
    assert_eq!(
        foreign.detail(StatusCode::CONFLICT),
        "This ticket is for another event."
    );
    let parts: Vec<_> = token.split('.').collect();
    let claims = URL_SAFE_NO_PAD.decode(parts[1]).unwrap();
    let mut claims: Value = serde_json::from_slice(&claims).unwrap();
    claims["evt"] = json!(other);
    let forged = format!(
        "{}.{}.{}",
        parts[0],
        URL_SAFE_NO_PAD.encode(claims.to_string()),
        parts[2]
    );
    for arrival in [
        json!({"token": forged}),
        json!({"token": "x"}),
        json!({"token": member.token()}),
        json!({}),
        json!({"token": token, "registrationId": seat}),
    ] {
        let refused = arrive(&organizer, &other, arrival.clone()).await;
        assert_eq!(refused.pointers(), ["/body/token"], "{arrival}");
    }
    member.give_back(&id).await;
    let returned = arrive(&organizer, &id, json!({"token": token})).await;
    let detail = returned.detail(StatusCode::CONFLICT);
    assert!(detail.ends_with("the registration is CANCELLED."), "{detail}");
    member.register(&id).await;
    let old = arrive(&organizer, &id, json!({"token": token})).await;
    assert_eq!(
        old.detail(StatusCode::CONFLICT),
        "This ticket is of a seat that was given back."
    );
    let fresh = ticket(&member, &seat).await;
    let arrived = arrive(&organizer, &id, json!({"token": fresh})).await;
    assert_eq!(arrived.status, StatusCode::OK);
}

#[tokio::test]
async fn nobody_is_let_in_unpaid() {
    let organizer = new_organizer().await;
    let id = organizer.open(json!({"priceCents": 700})).await;
    let member = Person::member().await;
    let seat = id_of(&member.register(&id).await);
    move_event(&id, 60, 180).await;
    let refused = arrive(&organizer, &id, json!({"registrationId": seat})).await;
    assert_eq!(
        refused.detail(StatusCode::CONFLICT),
        "This seat is not paid yet: 7.00 USD is owed."
    );
    let no_ticket = member.get(&format!("/v1/registrations/{seat}/qr")).await;
    assert_eq!(
        no_ticket.detail(StatusCode::CONFLICT),
        "The seat is not paid yet."
    );
}

#[tokio::test]
async fn a_while_after_the_start_somebody_from_the_line_takes_the_seat_of_who_has_not_come() {
    let organizer = new_organizer().await;
    let id = organizer.open(json!({"maxCapacity": 2})).await;
    let mut registrations = Vec::new();
    for _ in 0..4 {
        registrations.push(id_of(&Person::member().await.register(&id).await));
    }
    move_event(&id, 60, 180).await;
    let by_list = |number: usize| json!({"registrationId": registrations[number]});
    arrive(&organizer, &id, by_list(0)).await.expect(StatusCode::OK);
    let full = arrive(&organizer, &id, by_list(2)).await;
    assert_eq!(full.detail(StatusCode::CONFLICT), "All seats are taken.");
    move_event(&id, -40, 60).await;
    arrive(&organizer, &id, by_list(2)).await.expect(StatusCode::OK);
    assert_eq!(
        seats(&id).await,
        (2, json!({"ATTENDED": 2, "NO_SHOW": 1, "WAITLISTED": 1}))
    );
    let last = arrive(&organizer, &id, by_list(3)).await;
    assert_eq!(
        last.detail(StatusCode::CONFLICT),
        "All seats are taken, and everybody has come."
    );
    let late = arrive(&organizer, &id, by_list(1)).await;
    assert_eq!(late.status, StatusCode::CONFLICT, "the seat is gone");
    alter("UPDATE events SET max_capacity = 3 WHERE id = $1", &id).await;
    arrive(&organizer, &id, by_list(1)).await.expect(StatusCode::OK);
}
