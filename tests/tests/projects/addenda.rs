//! Addenda: what changes in an announced project reaches every bidder, who acknowledges it.

use reqwest::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::people::{Person, ProjectCalls as _, new_poster};
use crate::support::{mailed, value};

async fn addenda(person: &Person, project: &str) -> Vec<Value> {
    let list = person.json(&format!("/v1/projects/{project}/addenda")).await;
    assert_eq!(list["nextCursor"], Value::Null);
    list["items"].as_array().unwrap().clone()
}

async fn acknowledge(person: &Person, addendum: &Value) -> StatusCode {
    let id = addendum["id"].as_str().unwrap();
    let path = format!("/v1/addenda/{id}/acknowledge");
    person.post(&path, &Value::Null).await.status
}

async fn to_acknowledge(person: &Person) -> Value {
    person.json("/v1/applications").await["items"][0]["addendaToAcknowledge"].clone()
}

#[tokio::test]
async fn a_changed_requirement_is_a_version_that_every_bidder_learns_of() {
    let poster = new_poster().await;
    let project = poster.draft(json!({"title": "A quay"})).await;
    let path = format!("/v1/projects/{project}");
    poster
        .patch(&path, &json!({"requirements": ["Boots"]}))
        .await
        .expect(StatusCode::OK);
    assert_eq!(
        addenda(&poster, &project).await,
        Vec::<Value>::new(),
        "nobody knows of a draft"
    );
    for action in ["publish", "open"] {
        poster.act(&project, action).await.expect(StatusCode::OK);
    }
    let (bidder, gone) = (Person::with(&["member"]).await, Person::with(&["member"]).await);
    bidder.bid(&project, 1).await;
    let withdrawn = gone.bid(&project, 2).await;
    gone.post(&format!("/v1/applications/{withdrawn}/withdraw"), &Value::Null)
        .await
        .expect(StatusCode::OK);

    let changed = poster
        .patch(
            &path,
            &json!({"requirements": ["Boots", "Hats"], "budgetMaxCents": 7}),
        )
        .await
        .expect(StatusCode::OK);
    assert_eq!(changed["addendumCount"], 1);
    let said = poster
        .post(
            &format!("{path}/addenda"),
            &json!({"summary": "The gate is on the left.", "changes": {"question": 4}}),
        )
        .await;
    assert_eq!(said.header("location"), format!("{path}/addenda"));
    let said = said.expect(StatusCode::CREATED);
    assert_eq!(
        (&said["number"], &said["changes"]),
        (&json!(2), &json!({"question": 4}))
    );

    let seen = addenda(&bidder, &project).await;
    assert_eq!(
        seen.iter().map(|one| one["number"].clone()).collect::<Vec<_>>(),
        [json!(1), json!(2)]
    );
    assert_eq!(seen[0]["summary"], "Changed: budgetMaxCents, requirements");
    assert_eq!(
        seen[0]["changes"],
        json!({"fields": ["budgetMaxCents", "requirements"]})
    );
    assert_eq!(seen[1]["summary"], "The gate is on the left.");
    let mails = mailed("PROJECT_ADDENDUM", &project).await;
    assert_eq!(
        mails,
        [bidder.id(), bidder.id()],
        "who has withdrawn is left in peace"
    );
    let payload: Value = value(
        "SELECT payload FROM outbox WHERE user_id = $1 AND kind = 'PROJECT_ADDENDUM' ORDER BY id LIMIT 1",
        &bidder.id().to_string(),
    )
    .await;
    assert_eq!(
        (&payload["title"], &payload["number"]),
        (&json!("A quay"), &json!(1))
    );
}

#[tokio::test]
async fn bidders_acknowledge_and_the_poster_sees_how_many_have() {
    let poster = new_poster().await;
    let project = poster.open(json!({})).await;
    let (one, other, reader) = (
        Person::with(&["member"]).await,
        Person::with(&["member"]).await,
        Person::with(&["member"]).await,
    );
    one.bid(&project, 1).await;
    other.bid(&project, 2).await;
    let path = format!("/v1/projects/{project}/addenda");
    for summary in ["One", "Two"] {
        poster
            .post(&path, &json!({"summary": summary}))
            .await
            .expect(StatusCode::CREATED);
    }
    let all = addenda(&one, &project).await;
    assert_eq!(to_acknowledge(&one).await, 2);
    assert_eq!(acknowledge(&one, &all[0]).await, StatusCode::NO_CONTENT);
    assert_eq!(
        acknowledge(&one, &all[0]).await,
        StatusCode::NO_CONTENT,
        "once is enough"
    );
    assert_eq!(to_acknowledge(&one).await, 1);
    assert_eq!(to_acknowledge(&other).await, 2);
    let mine = addenda(&one, &project).await;
    assert!(mine[0]["acknowledgedAt"].is_string() && mine[1]["acknowledgedAt"].is_null());
    let theirs = addenda(&other, &project).await;
    assert!(theirs[0]["acknowledgedAt"].is_null());
    // How many rivals there are is nobody's to know but the poster's.
    for seen in [&mine, &theirs, &addenda(&reader, &project).await] {
        assert!(
            seen.iter().all(|one| one.get("acknowledgementCount").is_none()),
            "{seen:?}"
        );
    }
    let told: Vec<_> = addenda(&poster, &project)
        .await
        .iter()
        .map(|one| one["acknowledgementCount"].clone())
        .collect();
    assert_eq!(told, [json!(1), json!(0)]);
    let list = poster.json(&format!("/v1/projects/{project}/applications")).await;
    let left: Vec<_> = list["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|bid| bid["addendaToAcknowledge"].clone())
        .collect();
    assert_eq!(left, [json!(2), json!(1)], "the latest bid first");
    for nobody in [&reader, &poster] {
        assert_eq!(acknowledge(nobody, &all[0]).await, StatusCode::NOT_FOUND);
    }
    let unknown = json!({"id": Uuid::now_v7()});
    assert_eq!(acknowledge(&one, &unknown).await, StatusCode::NOT_FOUND);
    assert_eq!(
        acknowledge(&Person::stranger(), &all[0]).await,
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn addenda_reach_a_bidder_whom_the_project_is_shown_to_no_more() {
    let (poster, bidder) = (new_poster().await, Person::with(&["member"]).await);
    let project = poster.draft(json!({"visibility": "INVITE_ONLY"})).await;
    let path = format!("/v1/projects/{project}");
    poster
        .post(&format!("{path}/invitations"), &json!({"memberId": bidder.id()}))
        .await
        .expect(StatusCode::CREATED);
    for action in ["publish", "open"] {
        poster.act(&project, action).await.expect(StatusCode::OK);
    }
    let bid = bidder.bid(&project, 1).await;
    poster
        .delete(&format!("{path}/invitations?memberId={}", bidder.id()))
        .await
        .expect(StatusCode::NO_CONTENT);
    poster
        .patch(&path, &json!({"visibility": "PRIVATE", "requirements": ["Hats"]}))
        .await
        .expect(StatusCode::OK);
    assert_eq!(mailed("PROJECT_ADDENDUM", &project).await, [bidder.id()]);
    let seen = addenda(&bidder, &project).await;
    assert_eq!(acknowledge(&bidder, &seen[0]).await, StatusCode::NO_CONTENT);
    assert_eq!(bidder.json(&path).await["requirements"], json!(["Hats"]));
    // Who takes the bid back is a stranger to the project again.
    bidder
        .post(&format!("/v1/applications/{bid}/withdraw"), &Value::Null)
        .await
        .expect(StatusCode::OK);
    bidder.get(&path).await.expect(StatusCode::NOT_FOUND);
    assert_eq!(acknowledge(&bidder, &seen[0]).await, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn addenda_that_are_made_at_once_are_counted_one_by_one() {
    let poster = new_poster().await;
    let project = poster.open(json!({})).await;
    let path = format!("/v1/projects/{project}/addenda");
    let bodies: Vec<_> = (0..8)
        .map(|number| json!({"summary": format!("{number}")}))
        .collect();
    let added = bodies.iter().map(|body| poster.post(&path, body));
    for reply in futures_util::future::join_all(added).await {
        reply.expect(StatusCode::CREATED);
    }
    let numbers: Vec<_> = addenda(&poster, &project)
        .await
        .iter()
        .map(|one| one["number"].as_i64().unwrap())
        .collect();
    assert_eq!(numbers, [1, 2, 3, 4, 5, 6, 7, 8]);
}
