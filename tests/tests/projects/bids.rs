//! The life of a bid: one for each member and project, in time and while there is room.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::people::{Person, ProjectCalls as _, new_poster};
use crate::support::{alter, id_of, mailed, value};

/// Takes a bid back.
pub(crate) async fn withdraw(person: &Person, bid: &str) -> crate::people::Reply {
    person
        .post(&format!("/v1/applications/{bid}/withdraw"), &Value::Null)
        .await
}

async fn count(project: &str) -> i32 {
    value("SELECT application_count FROM projects WHERE id = $1", project).await
}

#[tokio::test]
async fn a_bid_is_handed_in_changed_withdrawn_and_handed_in_again() {
    let (poster, bidder) = (new_poster().await, Person::with(&["member"]).await);
    let project = poster.open(json!({"title": "A mill"})).await;
    let applications = format!("/v1/projects/{project}/applications");
    let bid = json!({"bidAmountCents": 12_345, "coverLetter": "We are near.", "proposal": "First, the roof.\nThen the rest."});
    let reply = bidder.post(&applications, &bid).await;
    let (location, etag) = (
        reply.header("location").to_owned(),
        reply.header("etag").to_owned(),
    );
    let first = reply.expect(StatusCode::CREATED);
    let id = id_of(&first);
    assert_eq!(location, format!("/v1/applications/{id}"));
    for (name, value) in bid.as_object().unwrap() {
        assert_eq!(&first[name], value, "{name}");
    }
    assert_eq!(
        (
            &first["status"],
            &first["userId"],
            &first["projectTitle"],
            &first["projectStatus"]
        ),
        (
            &json!("PENDING"),
            &json!(bidder.id()),
            &json!("A mill"),
            &json!("BIDDING_OPEN")
        )
    );
    assert!(first.get("notes").is_none() && first["isEligible"] == true);
    assert_eq!(mailed("APPLICATION_RECEIVED", &project).await, [poster.id()]);

    let patch = json!({"bidAmountCents": 11_000, "proposal": null});
    let changed = bidder
        .send(Method::PATCH, &location, Some(&patch), &[("if-match", &etag)])
        .await
        .expect(StatusCode::OK);
    assert_eq!(
        (
            &changed["bidAmountCents"],
            &changed["proposal"],
            &changed["coverLetter"]
        ),
        (&json!(11_000), &json!(""), &json!("We are near."))
    );
    let stale = bidder
        .send(Method::PATCH, &location, Some(&patch), &[("if-match", &etag)])
        .await;
    stale.expect(StatusCode::PRECONDITION_FAILED);

    let withdrawn = withdraw(&bidder, &id).await.expect(StatusCode::OK);
    assert_eq!(withdrawn["status"], "WITHDRAWN");
    assert!(withdrawn["withdrawnAt"].is_string());
    assert_eq!(count(&project).await, 0);
    let twice = withdraw(&bidder, &id).await.detail(StatusCode::CONFLICT);
    assert_eq!(twice, "A bid that is WITHDRAWN stays as it is.");
    bidder.patch(&location, &patch).await.expect(StatusCode::CONFLICT);

    let again = bidder
        .post(&applications, &json!({"bidAmountCents": 9}))
        .await
        .expect(StatusCode::CREATED);
    assert_eq!(
        (&again["id"], &again["status"], &again["withdrawnAt"]),
        (&json!(id), &json!("PENDING"), &Value::Null)
    );
    assert_eq!(
        count(&project).await,
        1,
        "it counts once, however often it was handed in"
    );
    let steps: Vec<_> = again["history"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| (step["fromStatus"].clone(), step["toStatus"].clone()))
        .collect();
    assert_eq!(
        steps,
        [
            (Value::Null, json!("PENDING")),
            (json!("PENDING"), json!("WITHDRAWN")),
            (json!("WITHDRAWN"), json!("PENDING"))
        ]
    );
    let times: Vec<_> = again["history"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| step["at"].as_str().unwrap())
        .collect();
    assert!(times.is_sorted() && times[0] < times[2], "{times:?}");
}

#[tokio::test]
async fn a_member_has_one_bid_on_a_project() {
    let (poster, bidder) = (new_poster().await, Person::with(&["member"]).await);
    let project = poster.open(json!({"maxApplications": 1})).await;
    bidder.bid(&project, 5).await;
    let applications = format!("/v1/projects/{project}/applications");
    let second = bidder
        .post(&applications, &json!({"bidAmountCents": 100}))
        .await
        .detail(StatusCode::CONFLICT);
    assert_eq!(
        second,
        "You have bid on this project already: change that bid instead."
    );
    assert_eq!(count(&project).await, 1);
}

#[tokio::test]
async fn a_project_has_room_for_as_many_bids_as_it_says() {
    let poster = new_poster().await;
    let project = poster.open(json!({"maxApplications": 2})).await;
    let people = [
        Person::with(&["member"]).await,
        Person::with(&["member"]).await,
        Person::with(&["member"]).await,
    ];
    let first = people[0].bid(&project, 1).await;
    people[1].bid(&project, 2).await;
    let applications = format!("/v1/projects/{project}/applications");
    let refusal = people[2]
        .post(&applications, &json!({"bidAmountCents": 100}))
        .await;
    assert_eq!(refusal.header("content-type"), "application/problem+json");
    assert_eq!(
        refusal.detail(StatusCode::CONFLICT),
        "This project has as many bids as it takes."
    );
    let path = format!("/v1/projects/{project}");
    assert_eq!(people[2].json(&path).await["acceptingApplications"], false);
    withdraw(&people[0], &first).await.expect(StatusCode::OK);
    assert_eq!(people[2].json(&path).await["acceptingApplications"], true);
    people[2].bid(&project, 3).await;
    people[0]
        .post(&applications, &json!({"bidAmountCents": 100}))
        .await
        .expect(StatusCode::CONFLICT);
    assert_eq!(count(&project).await, 2);
}

#[tokio::test]
async fn bids_are_taken_and_changed_until_the_deadline() {
    let (poster, early, late) = (
        new_poster().await,
        Person::with(&["member"]).await,
        Person::with(&["member"]).await,
    );
    let project = poster.open(json!({"deadlineDate": "2120-01-01T00:00:00Z"})).await;
    let bid = early.bid(&project, 5).await;
    alter(
        "UPDATE projects SET deadline_date = now() - interval '1 microsecond' WHERE id = $1",
        &project,
    )
    .await;
    let refusal = late
        .post(
            &format!("/v1/projects/{project}/applications"),
            &json!({"bidAmountCents": 100}),
        )
        .await
        .detail(StatusCode::CONFLICT);
    assert_eq!(refusal, "The deadline for bids has passed.");
    let path = format!("/v1/applications/{bid}");
    let refusal = early
        .patch(&path, &json!({"bidAmountCents": 4}))
        .await
        .detail(StatusCode::CONFLICT);
    assert!(
        refusal.starts_with("Bids on this project are no longer taken"),
        "{refusal}"
    );
    // A bid can be taken back then, too, but not handed in again.
    withdraw(&early, &bid).await.expect(StatusCode::OK);
    early
        .post(
            &format!("/v1/projects/{project}/applications"),
            &json!({"bidAmountCents": 100}),
        )
        .await
        .expect(StatusCode::CONFLICT);
}

#[tokio::test]
async fn whoever_sees_the_bids_makes_none() {
    let poster = new_poster().await;
    let project = poster.open(json!({})).await;
    let applications = format!("/v1/projects/{project}/applications");
    for role in ["project_manager", "administrator"] {
        let staff = Person::with(&[role]).await;
        staff
            .post(&applications, &json!({"bidAmountCents": 100}))
            .await
            .expect(StatusCode::CONFLICT);
    }
    poster
        .post(&applications, &json!({"bidAmountCents": 100}))
        .await
        .expect(StatusCode::CONFLICT);
    Person::stranger()
        .post(&applications, &json!({"bidAmountCents": 100}))
        .await
        .expect(StatusCode::UNAUTHORIZED);
    assert_eq!(count(&project).await, 0);
}
