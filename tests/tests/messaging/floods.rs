//! What one member cannot do to those who answer tickets.

use portal_data::feedback;
use portal_domain::feedback::FeedbackStatus;
use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::support::{Someone, change, owner};

const PATH: &str = "/v1/feedback";

async fn open(who: &Someone) -> (StatusCode, String) {
    let body = json!({"category": "BUG", "subject": "The map", "content": "It does not load."});
    let (status, ticket) = who.post(PATH, &body).await;
    let id = ticket["id"].as_str().unwrap_or_default().to_owned();
    (status, id)
}

#[tokio::test]
async fn a_member_opens_five_tickets_an_hour() {
    let (ana, bo) = (Someone::with(&[]).await, Someone::with(&[]).await);
    for _ in 0..5 {
        assert_eq!(open(&ana).await.0, StatusCode::CREATED);
    }
    assert_eq!(open(&ana).await.0, StatusCode::TOO_MANY_REQUESTS);
    let body = json!({"category": "BUG", "subject": "The map", "content": "It does not load."});
    let refused = ana.ask(Method::POST, PATH).json(&body).send().await.unwrap();
    let wait: u64 = refused.headers()["retry-after"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((1..=3600).contains(&wait), "{wait}");
    assert_eq!(
        open(&bo).await.0,
        StatusCode::CREATED,
        "another member is not held up"
    );
    let listed = ana.json(&format!("{PATH}?count=exact")).await;
    assert_eq!(listed["total"], 5);
}

/// The mails to somebody about a ticket.
async fn told(who: &Someone, ticket: &str) -> i64 {
    sqlx::query_scalar(
        "SELECT count(*) FROM outbox WHERE user_id = $1 AND kind = 'TICKET_REPLIED' AND payload ->> 'feedbackId' = $2",
    )
    .bind(who.id())
    .bind(ticket)
    .fetch_one(&mut owner().await)
    .await
    .unwrap()
}

#[tokio::test]
async fn staff_are_mailed_once_until_they_have_dealt_with_a_ticket() {
    let (ana, staff) = (Someone::with(&[]).await, Someone::with(&["support"]).await);
    let ticket = open(&ana).await.1;
    let assigned = format!(
        "UPDATE member_feedback SET assigned_to = '{}' WHERE id = $1",
        staff.id()
    );
    change(&assigned, ticket.parse().unwrap()).await;
    let replies = format!("{PATH}/{ticket}/replies");
    let reply = async || {
        let (status, reply) = ana.post(&replies, &json!({"content": "And more"})).await;
        assert_eq!(status, StatusCode::CREATED, "{reply}");
    };
    for _ in 0..3 {
        reply().await;
    }
    assert_eq!(told(&staff, &ticket).await, 1);
    let before = ana.json(&format!("{PATH}/{ticket}")).await;
    // What deals with it: a note, and a change of its state; each brings one more.
    let as_staff = async |what: &str| {
        let database = portal_tests::jobs::as_role("portal_admin").await;
        let mut tx = database.begin(&staff.member.request()).await.unwrap();
        let locked = feedback::lock(&mut tx, ticket.parse().unwrap())
            .await
            .unwrap()
            .unwrap();
        if what == "note" {
            feedback::reply(&mut tx, &locked, staff.id().into(), "Looks into it", true)
                .await
                .unwrap();
        } else {
            feedback::move_to(&mut tx, locked.id, FeedbackStatus::InProgress)
                .await
                .unwrap();
        }
        tx.commit().await.unwrap();
    };
    as_staff("note").await;
    assert_eq!(
        ana.json(&format!("{PATH}/{ticket}")).await["version"],
        before["version"],
        "the member sees nothing of a note"
    );
    for (what, mails) in [("", 2), ("start", 3)] {
        if !what.is_empty() {
            as_staff(what).await;
        }
        reply().await;
        reply().await;
        assert_eq!(told(&staff, &ticket).await, mails);
    }
}
