//! The award: one bid wins, the others do not, and all who have bid are told.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::people::{Person, ProjectCalls as _, Reply, new_poster};
use crate::support::{mailed, value};

async fn award(person: &Person, project: &str, bid: &str) -> Reply {
    let body = json!({"applicationId": bid});
    person.post(&format!("/v1/projects/{project}/award"), &body).await
}

async fn status(bid: &str) -> String {
    value("SELECT status FROM project_applications WHERE id = $1", bid).await
}

fn both(one: &Person, other: &Person) -> Vec<Uuid> {
    let mut ids = vec![one.id(), other.id()];
    ids.sort();
    ids
}

#[tokio::test]
async fn one_bid_wins_and_every_bidder_is_told() {
    let poster = new_poster().await;
    let project = poster.open(json!({"title": "A bridge"})).await;
    let mut people = Vec::new();
    for _ in 0..4 {
        people.push(Person::with(&["member"]).await);
    }
    let [winner, loser, rejected, gone] = people.as_slice() else {
        unreachable!()
    };
    let (won, lost) = (winner.bid(&project, 7).await, loser.bid(&project, 8).await);
    let (no, withdrawn) = (rejected.bid(&project, 9).await, gone.bid(&project, 1).await);
    poster
        .patch(&format!("/v1/applications/{no}"), &json!({"status": "REJECTED"}))
        .await
        .expect(StatusCode::OK);
    gone.post(&format!("/v1/applications/{withdrawn}/withdraw"), &Value::Null)
        .await
        .expect(StatusCode::OK);
    poster.act(&project, "close").await.expect(StatusCode::OK);

    let reply = award(&poster, &project, &won).await;
    let version = reply.body["version"].clone();
    assert!(reply.header("etag").starts_with(&format!("\"{version}.")));
    assert_eq!(reply.expect(StatusCode::OK)["status"], "AWARDED");
    for (bid, expected) in [
        (&won, "APPROVED"),
        (&lost, "REJECTED"),
        (&no, "REJECTED"),
        (&withdrawn, "WITHDRAWN"),
    ] {
        assert_eq!(status(bid).await, expected);
    }
    assert_eq!(mailed("AWARD_WON", &project).await, [winner.id()]);
    assert_eq!(mailed("AWARD_LOST", &project).await, both(loser, rejected));
    let payload: Value = value(
        "SELECT payload FROM outbox WHERE user_id = $1 AND kind = 'AWARD_LOST'",
        &loser.id().to_string(),
    )
    .await;
    assert_eq!(payload["title"], "A bridge");
    assert!(
        !payload.to_string().contains(&winner.id().to_string()),
        "who has won is not the losers' to know"
    );
    let own = winner.json("/v1/applications").await["items"][0].clone();
    assert_eq!(
        (&own["status"], &own["projectStatus"]),
        (&json!("APPROVED"), &json!("AWARDED"))
    );
    let last = own["history"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(
        (&last["fromStatus"], &last["toStatus"]),
        (&json!("PENDING"), &json!("APPROVED"))
    );
    assert_eq!(last["at"], own["reviewedAt"]);
}

#[tokio::test]
async fn only_an_open_bid_on_the_project_can_win() {
    let poster = new_poster().await;
    let (project, other) = (poster.open(json!({})).await, poster.open(json!({})).await);
    let (bidder, elsewhere, gone) = (
        Person::with(&["member"]).await,
        Person::with(&["member"]).await,
        Person::with(&["member"]).await,
    );
    let bid = bidder.bid(&project, 1).await;
    let astray = elsewhere.bid(&other, 1).await;
    let withdrawn = gone.bid(&project, 1).await;
    gone.post(&format!("/v1/applications/{withdrawn}/withdraw"), &Value::Null)
        .await
        .expect(StatusCode::OK);
    poster.act(&project, "close").await.expect(StatusCode::OK);
    for wrong in [astray, withdrawn, Uuid::now_v7().to_string()] {
        award(&poster, &project, &wrong)
            .await
            .expect(StatusCode::CONFLICT);
    }
    assert_eq!(status(&bid).await, "PENDING", "nothing was decided");
    assert_eq!(mailed("AWARD_LOST", &project).await, Vec::<Uuid>::new());
    assert_eq!(
        award(&poster, &project, "the cheapest").await.pointers(),
        ["/body/applicationId"]
    );
    award(&bidder, &project, &bid).await.expect(StatusCode::FORBIDDEN);
    award(&poster, &project, &bid).await.expect(StatusCode::OK);
    let again = award(&poster, &project, &bid).await.detail(StatusCode::CONFLICT);
    assert_eq!(
        again,
        "A project that is AWARDED cannot award; it can complete or cancel."
    );
    assert_eq!(mailed("AWARD_WON", &project).await, [bidder.id()]);
}

#[tokio::test]
async fn nobody_decides_on_a_bid_of_their_own() {
    let (poster, bidder) = (new_poster().await, Person::with(&["member"]).await);
    let project = poster.open(json!({})).await;
    let bid = bidder.bid(&project, 1).await;
    sqlx::query(
        "INSERT INTO user_roles (user_id, role_id) SELECT $1, id FROM roles WHERE name = 'project_manager'",
    )
    .bind(bidder.id())
    .execute(&mut crate::support::owner().await)
    .await
    .unwrap();
    let path = format!("/v1/applications/{bid}");
    bidder
        .patch(&path, &json!({"status": "REVIEWING"}))
        .await
        .expect(StatusCode::UNPROCESSABLE_ENTITY);
    bidder
        .patch(&path, &json!({"bidAmountCents": 2}))
        .await
        .expect(StatusCode::OK);
    bidder.act(&project, "close").await.expect(StatusCode::OK);
    let refusal = award(&bidder, &project, &bid).await.detail(StatusCode::CONFLICT);
    assert!(
        refusal.starts_with("Nobody awards a project to themselves"),
        "{refusal}"
    );
    assert_eq!(status(&bid).await, "PENDING");
    award(&poster, &project, &bid).await.expect(StatusCode::OK);
}

#[tokio::test]
async fn an_award_heeds_the_tag_that_was_read() {
    let (poster, bidder) = (new_poster().await, Person::with(&["member"]).await);
    let project = poster.open(json!({})).await;
    let bid = bidder.bid(&project, 1).await;
    let before = poster.act(&project, "close").await.header("etag").to_owned();
    poster
        .patch(&format!("/v1/projects/{project}"), &json!({"title": "A school"}))
        .await
        .expect(StatusCode::OK);
    let body = json!({"applicationId": bid});
    let path = format!("/v1/projects/{project}/award");
    let stale = poster
        .send(Method::POST, &path, Some(&body), &[("if-match", &before)])
        .await;
    stale.expect(StatusCode::PRECONDITION_FAILED);
    assert_eq!(status(&bid).await, "PENDING");
}
