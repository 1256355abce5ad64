//! Donations and sponsorships.

use reqwest::StatusCode;
use serde_json::json;

use crate::people::{MoneyCalls as _, Person};
use crate::support::{id_of, ledger};

#[tokio::test]
async fn a_donation_is_taken_once_for_each_time_that_it_is_given() {
    let member = Person::member().await;
    let gift = json!({"type": "DONATION", "amountCents": 2_500, "creditedName": "Ana Ruiz", "message": "For the scholarships"});
    let first = member.ask(&gift).await.expect(StatusCode::CREATED);
    let second = member.ask(&gift).await.expect(StatusCode::CREATED);
    assert_ne!(first["id"], second["id"], "two gifts");
    let paid = member.pay(&first).await;
    assert_eq!(
        (&paid["creditedName"], &paid["message"], &paid["delivery"]),
        (
            &json!("Ana Ruiz"),
            &json!("For the scholarships"),
            &json!("GIVEN")
        )
    );
    assert_eq!(
        ledger(&id_of(&paid)).await[0],
        ("REVENUE_DONATIONS".to_owned(), -2_500)
    );
}

#[tokio::test]
async fn a_sponsor_can_name_an_event_that_there_is() {
    let organizer = Person::with(&["event_manager"]).await;
    let event = organizer
        .post(
            "/v1/events",
            &json!({"title": "The gala", "type": "AWARDS", "startsAt": "2099-01-01T00:00:00Z", "endsAt": "2099-01-01T03:00:00Z"}),
        )
        .await
        .expect(StatusCode::CREATED);
    organizer
        .post(&format!("/v1/events/{}/publish", id_of(&event)), &json!({}))
        .await
        .expect(StatusCode::OK);
    let member = Person::member().await;
    let sponsored = json!({"type": "SPONSORSHIP", "amountCents": 100_000, "eventId": event["id"]});
    let asked = member.ask(&sponsored).await.expect(StatusCode::CREATED);
    assert_eq!(asked["description"], "Sponsorship: The gala");
    let nowhere = json!({"type": "SPONSORSHIP", "amountCents": 100_000, "eventId": "0198a7c0-0000-7000-8000-00000000ffff"});
    assert_eq!(member.ask(&nowhere).await.status, StatusCode::NOT_FOUND);
}
