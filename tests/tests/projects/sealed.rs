//! Bids are sealed: a rival learns neither of bids, nor of bidders, nor of how many there are, by no answer of any route.

use std::collections::BTreeMap;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::people::{Person, ProjectCalls as _, Reply, new_poster};
use crate::support::{give_skill, marker, newest_write};

/// A project with room to spare, at a place of its own.
async fn project(poster: &Person, marker: &str, lng: f64) -> String {
    let fields = json!({
        "title": format!("Hall {marker}"), "maxApplications": 50, "coordinates": {"lat": -52.5, "lng": lng},
        "deadlineDate": "2120-01-01T00:00:00Z", "skillsRequired": [marker],
    });
    poster.open(fields).await
}

/// All that a rival can read that the project has part in, each answer with its entity tag.
async fn everything(
    rival: &Person,
    project: &str,
    marker: &str,
    lng: f64,
) -> BTreeMap<String, (Vec<u8>, Option<String>)> {
    let path = format!("/v1/projects/{project}");
    let y = 0.5 - (f64::to_radians(-52.5).tan().asinh()) / (2.0 * std::f64::consts::PI);
    let tile = |zoom: u32| {
        let tiles = f64::from(1_u32 << zoom);
        let x = (lng + 180.0) / 360.0;
        format!(
            "/v1/geo/tiles/projects/{zoom}/{}/{}",
            (x * tiles).floor(),
            (y * tiles).floor()
        )
    };
    let mut reads = vec![
        path.clone(),
        format!("{path}/applications?count=exact"),
        format!("{path}/applications?status=PENDING&status=REVIEWING"),
        format!("{path}/addenda"),
        format!("{path}/invitations"),
        format!("{path}/files?count=exact"),
        "/v1/applications?count=exact".to_owned(),
        format!("/v1/projects?q={marker}&count=exact"),
        format!("/v1/projects?q={marker}&sort=deadline&count=estimated"),
        format!("/v1/projects/near?near=-52.5,{lng}&q={marker}"),
        "/v1/projects/matches".to_owned(),
        format!("/v1/members?q={marker}"),
        tile(4),
        tile(11),
        tile(16),
    ];
    reads.push(format!("{path}/applications?limit=1"));
    let mut answers = BTreeMap::new();
    for path in reads {
        for media in ["*/*", "application/geo+json, */*;q=0.1", "text/csv, */*;q=0.1"] {
            let newest = newest_write().await;
            let headers = [("accept", media), ("portal-consistency", newest.as_str())];
            let reply = rival.send(Method::GET, &path, None, &headers).await;
            assert_eq!(reply.status, StatusCode::OK, "{path}: {}", reply.body);
            let own = reply_about(&reply, project);
            let tag = reply
                .headers
                .get("etag")
                .map(|tag| tag.to_str().unwrap().to_owned());
            answers.insert(format!("{path} as {media}"), (own, tag));
        }
    }
    answers
}

/// What an answer says that can have to do with this project: a map says when it was made, and matches are of all projects.
fn reply_about(reply: &Reply, project: &str) -> Vec<u8> {
    let mut body = reply.body.clone();
    if body.get("timeStamp").is_some() {
        body["timeStamp"] = Value::Null;
        return body.to_string().into_bytes();
    }
    match body["items"].as_array_mut() {
        Some(items) if items.iter().any(|item| item.get("reasons").is_some()) => {
            items.retain(|item| item["project"]["id"] == project);
            Value::from(items.clone()).to_string().into_bytes()
        }
        _ => reply.bytes.clone(),
    }
}

#[tokio::test]
async fn no_answer_to_a_rival_changes_with_the_bids_of_others() {
    let (poster, marker) = (new_poster().await, marker());
    let lng = f64::from(rand::random::<u16>()) / 500.0;
    let project = project(&poster, &marker, lng).await;
    // One who has bid, and one who thinks about it, and whom the project suits.
    let (rival, watcher) = (Person::with(&["member"]).await, Person::with(&["member"]).await);
    give_skill(watcher.id(), &marker, "EXPERT").await;
    rival.bid(&project, 700).await;
    let all = async || {
        let one = everything(&rival, &project, &marker, lng).await;
        [one, everything(&watcher, &project, &marker, lng).await]
    };
    let before = all().await;

    let mut bids = Vec::new();
    let mut people = Vec::new();
    for cents in [500, 600] {
        let bidder = Person::with(&["member"]).await;
        bids.push(bidder.bid(&project, cents).await);
        people.push(bidder);
    }
    assert_eq!(all().await, before, "two have bid");
    for (bid, patch) in [
        (&bids[0], json!({"status": "REVIEWING", "notes": "Cheap."})),
        (&bids[1], json!({"status": "REJECTED"})),
    ] {
        poster
            .patch(&format!("/v1/applications/{bid}"), &patch)
            .await
            .expect(StatusCode::OK);
    }
    assert_eq!(all().await, before, "bids were reviewed");
    people[0]
        .post(&format!("/v1/applications/{}/withdraw", bids[0]), &Value::Null)
        .await
        .expect(StatusCode::OK);
    assert_eq!(all().await, before, "one was withdrawn");

    // The poster is told, or else this test could not fail.
    let told = poster.json(&format!("/v1/projects/{project}")).await;
    assert_eq!(told["applicationCount"], 2);
    let list = poster
        .json(&format!("/v1/projects/{project}/applications?count=exact"))
        .await;
    assert_eq!(list["total"], 3);
    let texts = before.iter().flat_map(BTreeMap::values).map(|(bytes, _)| bytes);
    let text: String = texts.map(|bytes| String::from_utf8_lossy(bytes)).collect();
    assert!(
        text.contains(&marker) && text.contains("You have 1 of the 1 skills"),
        "{text}"
    );
    for secret in bids
        .iter()
        .cloned()
        .chain(people.iter().map(|one| one.id().to_string()))
    {
        assert!(!text.contains(&secret));
    }
}

/// What an answer says, but for what every answer has of its own.
fn said(reply: Reply) -> (StatusCode, Value) {
    let mut problem = reply.body;
    for own in ["instance", "requestId"] {
        problem.as_object_mut().unwrap().remove(own);
    }
    (reply.status, problem)
}

#[tokio::test]
async fn a_rivals_bid_is_as_if_there_were_none() {
    let (poster, rival, bidder) = (
        new_poster().await,
        Person::with(&["member"]).await,
        Person::with(&["member"]).await,
    );
    let other_poster = new_poster().await;
    let project = poster.open(json!({})).await;
    let bid = bidder.bid(&project, 5).await;
    rival.bid(&project, 6).await;
    let none = Uuid::now_v7().to_string();
    for person in [&rival, &other_poster] {
        for (method, part, body) in [
            (Method::PATCH, "", json!({"bidAmountCents": 1})),
            (Method::PATCH, "", json!({"status": "REJECTED"})),
            (Method::POST, "/withdraw", Value::Null),
        ] {
            let of = async |bid: &str| {
                let path = format!("/v1/applications/{bid}{part}");
                let headers = [("if-match", "\"7.x\"")];
                said(person.send(method.clone(), &path, Some(&body), &headers).await)
            };
            let (status, problem) = of(&bid).await;
            assert_eq!(status, StatusCode::NOT_FOUND);
            assert_eq!((status, problem), of(&none).await, "{method} {part}");
        }
        let award = json!({"applicationId": bid});
        person
            .post(&format!("/v1/projects/{project}/award"), &award)
            .await
            .expect(StatusCode::FORBIDDEN);
    }
    let seen = rival.json(&format!("/v1/projects/{project}/applications")).await;
    assert_eq!(seen["items"].as_array().unwrap().len(), 1);
    assert_eq!(seen["items"][0]["bidAmountCents"], 6);
    let nothing = other_poster
        .json(&format!("/v1/projects/{project}/applications?count=exact"))
        .await;
    assert_eq!((&nothing["items"], &nothing["total"]), (&json!([]), &json!(0)));
}

/// A bid that is there takes no longer to be refused than one that is not, as far as the way through the database goes.
#[tokio::test]
async fn a_refusal_takes_the_same_steps_whether_or_not_there_is_a_bid() {
    let (poster, rival, bidder) = (
        new_poster().await,
        Person::with(&["member"]).await,
        Person::with(&["member"]).await,
    );
    let project = poster.open(json!({})).await;
    let bid = bidder.bid(&project, 5).await;
    let none = Uuid::now_v7().to_string();
    let mut times: BTreeMap<&str, Vec<std::time::Duration>> = BTreeMap::new();
    for _ in 0..60 {
        for (name, id) in [("bid", &bid), ("none", &none)] {
            let began = std::time::Instant::now();
            let reply = rival
                .patch(&format!("/v1/applications/{id}"), &json!({"bidAmountCents": 1}))
                .await;
            times.entry(name).or_default().push(began.elapsed());
            assert_eq!(reply.status, StatusCode::NOT_FOUND);
        }
    }
    let median = |name: &str| {
        let mut times = times[name].clone();
        times.sort();
        times[times.len() / 2]
    };
    let (bid, none) = (median("bid"), median("none"));
    println!("refused in {bid:?} with a bid and {none:?} without");
    // Another round trip to the database takes a tenth of this here; what differs is far below.
    assert!(bid.abs_diff(none) < none / 2, "{bid:?} and {none:?}");
}

#[tokio::test]
async fn the_losers_learn_that_they_have_lost_and_not_to_whom() {
    let poster = new_poster().await;
    let (winner, loser) = (Person::with(&["member"]).await, Person::with(&["member"]).await);
    let project = poster.open(json!({})).await;
    let won = winner.bid(&project, 5).await;
    loser.bid(&project, 6).await;
    poster.act(&project, "close").await.expect(StatusCode::OK);
    poster
        .post(
            &format!("/v1/projects/{project}/award"),
            &json!({"applicationId": won}),
        )
        .await
        .expect(StatusCode::OK);
    for path in [
        format!("/v1/projects/{project}"),
        format!("/v1/projects/{project}/applications"),
        "/v1/applications".to_owned(),
    ] {
        let text = loser.json(&path).await.to_string();
        assert!(
            !text.contains(&won) && !text.contains(&winner.id().to_string()),
            "{path}"
        );
    }
    assert_eq!(
        loser.json("/v1/applications").await["items"][0]["status"],
        "REJECTED"
    );
}
