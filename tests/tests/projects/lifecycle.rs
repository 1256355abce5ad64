//! The life of a project, from the first draft to the finished work, and every step that is not to be taken.

use reqwest::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::people::{Person, ProjectCalls as _, new_poster};
use crate::support::{alter, id_of, mailed};

/// What can be done in each state, said once more and in another way than the portal says it.
const LEGAL: [(&str, &[&str]); 7] = [
    ("DRAFT", &["publish", "cancel"]),
    ("PUBLISHED", &["open", "cancel"]),
    ("BIDDING_OPEN", &["close", "cancel"]),
    ("BIDDING_CLOSED", &["award", "open", "cancel"]),
    ("AWARDED", &["complete", "cancel"]),
    ("COMPLETED", &[]),
    ("CANCELLED", &[]),
];

const ACTIONS: [&str; 6] = ["publish", "open", "close", "award", "complete", "cancel"];

async fn put_into(state: &str, project: &str) {
    alter(
        &format!("UPDATE projects SET status = '{state}' WHERE id = $1"),
        project,
    )
    .await;
}

async fn award(person: &Person, project: &str, bid: &str) -> crate::people::Reply {
    let body = json!({"applicationId": bid});
    person.post(&format!("/v1/projects/{project}/award"), &body).await
}

#[tokio::test]
async fn a_project_goes_from_draft_to_completion_and_its_times_are_kept() {
    let (poster, bidder) = (new_poster().await, Person::with(&["member"]).await);
    let project = poster.draft(json!({})).await;
    let draft = poster.json(&format!("/v1/projects/{project}")).await;
    assert_eq!(
        (&draft["status"], &draft["publishedAt"], &draft["version"]),
        (&json!("DRAFT"), &Value::Null, &json!(1))
    );

    let mut version = 1;
    let mut step = async |action: &str, status: &str| -> Value {
        let reply = poster.act(&project, action).await;
        let etag = reply.header("etag").to_owned();
        let shown = reply.expect(StatusCode::OK);
        version += 1;
        assert_eq!(shown["status"], status);
        assert_eq!(shown["version"], version);
        assert!(etag.starts_with(&format!("\"{version}.")), "{etag}");
        shown
    };
    let published = step("publish", "PUBLISHED").await;
    assert!(published["publishedAt"].is_string() && published["acceptingApplications"] == false);
    let open = step("open", "BIDDING_OPEN").await;
    assert_eq!(open["publishedAt"], published["publishedAt"]);
    assert!(open["closedAt"].is_null() && open["acceptingApplications"] == true);
    let closed = step("close", "BIDDING_CLOSED").await;
    assert!(closed["closedAt"].is_string() && closed["acceptingApplications"] == false);
    assert!(step("open", "BIDDING_OPEN").await["closedAt"].is_null());
    let bid = bidder.bid(&project, 5_000).await;
    step("close", "BIDDING_CLOSED").await;
    let awarded = award(&poster, &project, &bid).await.expect(StatusCode::OK);
    assert_eq!(awarded["status"], "AWARDED");
    let completed = poster.act(&project, "complete").await.expect(StatusCode::OK);
    assert_eq!(completed["status"], "COMPLETED");
    assert_eq!(
        bidder.json(&format!("/v1/projects/{project}")).await["status"],
        "COMPLETED"
    );
}

#[tokio::test]
async fn every_step_that_is_not_to_be_taken_is_a_conflict_that_names_those_that_are() {
    let poster = new_poster().await;
    let project = poster.draft(json!({})).await;
    let mut refused = 0;
    for (state, legal) in LEGAL {
        put_into(state, &project).await;
        for action in ACTIONS.into_iter().filter(|action| !legal.contains(action)) {
            let reply = if action == "award" {
                award(&poster, &project, &Uuid::now_v7().to_string()).await
            } else {
                poster.act(&project, action).await
            };
            assert_eq!(reply.header("content-type"), "application/problem+json");
            let allowed = match legal {
                [] => "do nothing more".to_owned(),
                [first @ .., last] => format!("{} or {last}", first.join(", ")),
            };
            assert_eq!(
                reply.detail(StatusCode::CONFLICT),
                format!("A project that is {state} cannot {action}; it can {allowed}.")
            );
            let now = poster.json(&format!("/v1/projects/{project}")).await;
            assert_eq!(now["status"], state, "{action} has done nothing");
            refused += 1;
        }
    }
    assert_eq!(refused, 7 * 6 - 11);
}

#[tokio::test]
async fn a_state_says_what_else_can_be_done() {
    let (poster, member) = (new_poster().await, Person::with(&["member"]).await);
    let project = poster.draft(json!({})).await;
    let path = format!("/v1/projects/{project}");
    let status = |allowed: bool, good: StatusCode| if allowed { good } else { StatusCode::CONFLICT };
    for (number, (state, _)) in LEGAL.into_iter().enumerate() {
        put_into(state, &project).await;
        let editable = ["DRAFT", "PUBLISHED", "BIDDING_OPEN", "BIDDING_CLOSED"].contains(&state);
        let announced = editable && state != "DRAFT";
        let title = json!({"title": format!("A library, {number}")});
        poster
            .patch(&path, &title)
            .await
            .expect(status(editable, StatusCode::OK));
        let file = json!({"name": "a.txt", "mediaType": "text/plain", "sizeBytes": 1, "checksumSha256": "A".repeat(43) + "="});
        poster
            .post(&format!("{path}/files"), &file)
            .await
            .expect(status(editable, StatusCode::CREATED));
        let invitation = json!({"memberId": member.id()});
        poster
            .post(&format!("{path}/invitations"), &invitation)
            .await
            .expect(status(editable, StatusCode::CREATED));
        let addendum = json!({"summary": "The gate is on the left."});
        poster
            .post(&format!("{path}/addenda"), &addendum)
            .await
            .expect(status(announced, StatusCode::CREATED));
        if state == "DRAFT" || state == "CANCELLED" {
            // Tried on another one, since this one is still needed.
            let other = poster.draft(json!({})).await;
            put_into(state, &other).await;
            let deleted = poster.delete(&format!("/v1/projects/{other}")).await;
            assert_eq!(deleted.status, StatusCode::NO_CONTENT, "{state}");
            poster
                .get(&format!("/v1/projects/{other}"))
                .await
                .expect(StatusCode::NOT_FOUND);
        } else {
            poster.delete(&path).await.expect(StatusCode::CONFLICT);
        }
        let bid = member
            .post(&format!("{path}/applications"), &json!({"bidAmountCents": 100}))
            .await;
        match state {
            "DRAFT" => assert_eq!(bid.status, StatusCode::NOT_FOUND),
            "BIDDING_OPEN" => {
                let bid = id_of(&bid.expect(StatusCode::CREATED));
                member
                    .post(&format!("/v1/applications/{bid}/withdraw"), &Value::Null)
                    .await
                    .expect(StatusCode::OK);
            }
            _ => assert_eq!(
                bid.detail(StatusCode::CONFLICT),
                "This project takes no bids now.",
                "{state}"
            ),
        }
    }
}

#[tokio::test]
async fn bidding_opens_only_with_time_left() {
    let poster = new_poster().await;
    let project = poster
        .draft(json!({"deadlineDate": "2020-01-01T00:00:00Z"}))
        .await;
    poster.act(&project, "publish").await.expect(StatusCode::OK);
    let refusal = poster.act(&project, "open").await.detail(StatusCode::CONFLICT);
    assert!(refusal.starts_with("The deadline has passed"), "{refusal}");
    let later = json!({"deadlineDate": "2120-01-01T00:00:00Z"});
    poster
        .patch(&format!("/v1/projects/{project}"), &later)
        .await
        .expect(StatusCode::OK);
    poster.act(&project, "open").await.expect(StatusCode::OK);
}

#[tokio::test]
async fn whoever_has_bid_learns_that_a_project_is_given_up() {
    let poster = new_poster().await;
    let project = poster.open(json!({})).await;
    let (stays, leaves) = (Person::with(&["member"]).await, Person::with(&["member"]).await);
    stays.bid(&project, 1).await;
    let bid = leaves.bid(&project, 2).await;
    leaves
        .post(&format!("/v1/applications/{bid}/withdraw"), &Value::Null)
        .await
        .expect(StatusCode::OK);
    let cancelled = poster.act(&project, "cancel").await.expect(StatusCode::OK);
    assert!(cancelled["closedAt"].is_string());
    assert_eq!(mailed("PROJECT_CANCELLED", &project).await, [stays.id()]);
}
