//! What happens at the same moment: whatever wins, the rows agree with the answers, and nobody is told to try again.

use std::collections::BTreeMap;

use futures_util::future::{join, join_all};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::people::{Person, ProjectCalls as _, Reply, new_poster};
use crate::support::{alter, mailed, value};

const ROUNDS: usize = 12;

fn tally(replies: &[Reply]) -> BTreeMap<u16, usize> {
    let mut tally = BTreeMap::new();
    for reply in replies {
        *tally.entry(reply.status.as_u16()).or_insert(0) += 1;
    }
    tally
}

async fn award(person: &Person, project: &str, bid: &str) -> Reply {
    let body = json!({"applicationId": bid});
    person.post(&format!("/v1/projects/{project}/award"), &body).await
}

async fn withdraw(person: &Person, bid: &str) -> Reply {
    person
        .post(&format!("/v1/applications/{bid}/withdraw"), &Value::Null)
        .await
}

async fn status(bid: &str) -> String {
    value("SELECT status FROM project_applications WHERE id = $1", bid).await
}

async fn count(project: &str) -> i32 {
    value("SELECT application_count FROM projects WHERE id = $1", project).await
}

#[tokio::test]
async fn a_bid_that_is_withdrawn_while_it_wins_does_one_or_the_other() {
    let (poster, bidder, other) = (
        new_poster().await,
        Person::with(&["member"]).await,
        Person::with(&["member"]).await,
    );
    let mut outcomes = BTreeMap::new();
    for _ in 0..ROUNDS {
        let project = poster.open(json!({})).await;
        let (bid, _) = (bidder.bid(&project, 1).await, other.bid(&project, 2).await);
        poster.act(&project, "close").await.expect(StatusCode::OK);
        let (awarded, withdrawn) = join(award(&poster, &project, &bid), withdraw(&bidder, &bid)).await;
        let outcome = (awarded.status.as_u16(), withdrawn.status.as_u16());
        *outcomes.entry(outcome).or_insert(0) += 1;
        let expected = match outcome {
            (200, 409) => ("APPROVED", 2),
            (409, 200) => ("WITHDRAWN", 1),
            _ => panic!("{}\n{}", awarded.body, withdrawn.body),
        };
        assert_eq!((status(&bid).await.as_str(), count(&project).await), expected);
        let won = mailed("AWARD_WON", &project).await;
        assert_eq!(won.len(), usize::from(outcome.0 == 200));
    }
    println!("{outcomes:?}");
}

#[tokio::test]
async fn of_two_awards_at_once_one_stands() {
    let poster = new_poster().await;
    let staff = Person::with(&["project_manager"]).await;
    let (one, other) = (Person::with(&["member"]).await, Person::with(&["member"]).await);
    for _ in 0..ROUNDS {
        let project = poster.open(json!({})).await;
        let (first, second) = (one.bid(&project, 1).await, other.bid(&project, 2).await);
        poster.act(&project, "close").await.expect(StatusCode::OK);
        let (by_poster, by_staff) =
            join(award(&poster, &project, &first), award(&staff, &project, &second)).await;
        assert_eq!(
            tally(&[by_poster, by_staff]),
            BTreeMap::from([(200, 1), (409, 1)])
        );
        let mut states = [status(&first).await, status(&second).await];
        states.sort();
        assert_eq!(states, ["APPROVED", "REJECTED"]);
        assert_eq!(mailed("AWARD_WON", &project).await.len(), 1);
        assert_eq!(mailed("AWARD_LOST", &project).await.len(), 1);
    }
}

#[tokio::test]
async fn a_project_is_published_once() {
    let poster = new_poster().await;
    let project = poster.draft(json!({})).await;
    let replies = join_all((0..6).map(|_| poster.act(&project, "publish"))).await;
    assert_eq!(tally(&replies), BTreeMap::from([(200, 1), (409, 5)]));
    let version: i32 = value("SELECT version FROM projects WHERE id = $1", &project).await;
    assert_eq!(version, 2);
}

#[tokio::test]
async fn one_member_who_bids_many_times_at_once_has_one_bid() {
    let (poster, bidder) = (new_poster().await, Person::with(&["member"]).await);
    let project = poster.open(json!({})).await;
    let path = format!("/v1/projects/{project}/applications");
    let body = json!({"bidAmountCents": 5});
    let replies = join_all((0..8).map(|_| bidder.post(&path, &body))).await;
    assert_eq!(tally(&replies), BTreeMap::from([(201, 1), (409, 7)]));
    assert_eq!(count(&project).await, 1);
    let bid = crate::support::id_of(
        &replies
            .into_iter()
            .find(|reply| reply.status == 201)
            .unwrap()
            .body,
    );
    let replies = join_all((0..8).map(|_| withdraw(&bidder, &bid))).await;
    assert_eq!(tally(&replies), BTreeMap::from([(200, 1), (409, 7)]));
    assert_eq!(count(&project).await, 0);
    // Handed in again and taken back in turns, whoever comes first.
    let again = join_all((0..4).map(|_| bidder.post(&path, &body)));
    let back = join_all((0..4).map(|_| withdraw(&bidder, &bid)));
    let (again, back) = join(again, back).await;
    for reply in again.iter().chain(&back) {
        assert!([200, 201, 409].contains(&reply.status.as_u16()), "{}", reply.body);
    }
    let counted = i32::from(status(&bid).await != "WITHDRAWN");
    assert_eq!(count(&project).await, counted);
    let steps: i64 = value(
        "SELECT count(*) FROM application_events WHERE application_id = $1",
        &bid,
    )
    .await;
    let done = again
        .iter()
        .chain(&back)
        .filter(|reply| reply.status.is_success());
    assert_eq!(steps, 2 + i64::try_from(done.count()).unwrap());
}

#[tokio::test]
async fn a_bid_that_comes_while_bidding_is_closed_is_taken_or_refused_and_counted_so() {
    let poster = new_poster().await;
    let mut people = Vec::new();
    for _ in 0..6 {
        people.push(Person::with(&["member"]).await);
    }
    for ending in ["close", "cancel", "deadline"] {
        let project = poster.open(json!({})).await;
        let path = format!("/v1/projects/{project}/applications");
        let body = json!({"bidAmountCents": 100});
        let bids = join_all(people.iter().map(|person| person.post(&path, &body)));
        let end = async {
            if ending == "deadline" {
                alter(
                    "UPDATE projects SET deadline_date = clock_timestamp() WHERE id = $1",
                    &project,
                )
                .await;
            } else {
                poster.act(&project, ending).await.expect(StatusCode::OK);
            }
        };
        let (replies, ()) = join(bids, end).await;
        let tally = tally(&replies);
        let taken = tally.get(&201).copied().unwrap_or(0);
        assert_eq!(taken + tally.get(&409).copied().unwrap_or(0), 6, "{tally:?}");
        assert_eq!(count(&project).await, i32::try_from(taken).unwrap());
        let rows: i64 = value(
            "SELECT count(*) FROM project_applications WHERE project_id = $1",
            &project,
        )
        .await;
        assert_eq!(rows, i64::try_from(taken).unwrap());
    }
}

#[tokio::test]
async fn patches_at_once_by_one_tag_are_one() {
    let poster = new_poster().await;
    let project = poster.open(json!({})).await;
    let path = format!("/v1/projects/{project}");
    let tag = poster.get(&path).await.header("etag").to_owned();
    let headers = [("if-match", tag.as_str())];
    let bodies: Vec<_> = (0..6)
        .map(|number| json!({"title": format!("Hall {number}")}))
        .collect();
    let patches = bodies
        .iter()
        .map(|body| poster.send(reqwest::Method::PATCH, &path, Some(body), &headers));
    let replies = join_all(patches).await;
    assert_eq!(tally(&replies), BTreeMap::from([(200, 1), (412, 5)]));
}

#[tokio::test]
async fn a_key_that_comes_many_times_at_once_makes_one_project() {
    let poster = new_poster().await;
    let body = json!({"title": "A library", "category": "COMMERCIAL"});
    let post = || {
        poster.send(
            reqwest::Method::POST,
            "/v1/projects",
            Some(&body),
            &[("idempotency-key", "at-once")],
        )
    };
    let replies = join_all((0..8).map(|_| post())).await;
    let created: Vec<_> = replies.iter().filter(|reply| reply.status == 201).collect();
    assert!(!created.is_empty());
    for reply in &replies {
        assert!([201, 409].contains(&reply.status.as_u16()), "{}", reply.body);
    }
    assert!(created.iter().all(|reply| reply.body == created[0].body));
    let projects: i64 = value(
        "SELECT count(*) FROM projects WHERE owner_id = $1",
        &poster.id().to_string(),
    )
    .await;
    assert_eq!(projects, 1);
}
