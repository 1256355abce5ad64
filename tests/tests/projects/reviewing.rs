//! What those who run a project make of its bids, and the lists of bids.

use reqwest::StatusCode;
use serde_json::json;

use crate::bids::withdraw;
use crate::people::{Person, ProjectCalls as _, new_poster};
use crate::support::{alter, ids, license, owner};

#[tokio::test]
async fn a_bid_is_its_bidders_to_change_and_the_posters_to_decide_on() {
    let (poster, bidder) = (new_poster().await, Person::with(&["member"]).await);
    let project = poster.open(json!({})).await;
    let bid = bidder.bid(&project, 5).await;
    let path = format!("/v1/applications/{bid}");
    // Each has fields of the own.
    let decision = json!({"status": "REVIEWING", "notes": "Asked for references."});
    assert_eq!(
        bidder.patch(&path, &decision).await.pointers(),
        ["/body/notes", "/body/status"]
    );
    assert_eq!(
        poster
            .patch(&path, &json!({"bidAmountCents": 1}))
            .await
            .pointers(),
        ["/body/bidAmountCents"]
    );
    let reviewed = poster.patch(&path, &decision).await.expect(StatusCode::OK);
    assert_eq!(
        (&reviewed["status"], &reviewed["notes"]),
        (&json!("REVIEWING"), &json!("Asked for references."))
    );
    assert!(reviewed["reviewedAt"].is_string());
    let own = bidder.json("/v1/applications").await["items"][0].clone();
    assert_eq!(own["status"], "REVIEWING");
    assert!(own.get("notes").is_none(), "{own}");
    for status in ["APPROVED", "WITHDRAWN"] {
        poster
            .patch(&path, &json!({"status": status}))
            .await
            .expect(StatusCode::CONFLICT);
    }
    withdraw(&poster, &bid).await.expect(StatusCode::FORBIDDEN);
    let rejected = poster.patch(&path, &json!({"status": "REJECTED"})).await;
    assert_eq!(rejected.expect(StatusCode::OK)["notes"], "Asked for references.");
    bidder
        .patch(&path, &json!({"bidAmountCents": 1}))
        .await
        .expect(StatusCode::CONFLICT);
    withdraw(&bidder, &bid).await.expect(StatusCode::CONFLICT);
    let history = bidder.json("/v1/applications").await["items"][0]["history"].clone();
    let steps: Vec<_> = history
        .as_array()
        .unwrap()
        .iter()
        .map(|step| step["toStatus"].as_str().unwrap())
        .collect();
    assert_eq!(steps, ["PENDING", "REVIEWING", "REJECTED"]);
}

#[tokio::test]
async fn bids_stay_as_they_are_once_the_project_is_decided() {
    let (poster, winner, loser) = (
        new_poster().await,
        Person::with(&["member"]).await,
        Person::with(&["member"]).await,
    );
    let project = poster.open(json!({})).await;
    let (won, lost) = (winner.bid(&project, 5).await, loser.bid(&project, 6).await);
    poster.act(&project, "close").await.expect(StatusCode::OK);
    let award = json!({"applicationId": won});
    poster
        .post(&format!("/v1/projects/{project}/award"), &award)
        .await
        .expect(StatusCode::OK);
    for bid in [&won, &lost] {
        for status in ["PENDING", "REVIEWING", "REJECTED"] {
            let changed = poster
                .patch(&format!("/v1/applications/{bid}"), &json!({"status": status}))
                .await;
            assert_eq!(changed.status, StatusCode::CONFLICT, "{status}");
        }
    }
    withdraw(&winner, &won).await.expect(StatusCode::CONFLICT);
}

#[tokio::test]
async fn lists_of_bids_go_page_by_page_and_by_status() {
    let (poster, bidder) = (new_poster().await, Person::with(&["member"]).await);
    let project = poster.open(json!({})).await;
    let mut bids = Vec::new();
    for number in 0..5 {
        let person = if number == 0 {
            bidder.again()
        } else {
            Person::with(&["member"]).await
        };
        bids.push(person.bid(&project, number).await);
    }
    // All at one moment, so that their ids alone tell them apart.
    alter(
        "UPDATE project_applications SET submitted_at = '2026-01-01' WHERE project_id = $1",
        &project,
    )
    .await;
    poster
        .patch(
            &format!("/v1/applications/{}", bids[3]),
            &json!({"status": "REVIEWING"}),
        )
        .await
        .expect(StatusCode::OK);
    let list = format!("/v1/projects/{project}/applications");
    let items = poster.follow(&format!("{list}?limit=2")).await;
    let mut expected = bids.clone();
    expected.sort();
    expected.reverse();
    assert_eq!(ids(&items), expected);
    let reviewing = poster.json(&format!("{list}?status=REVIEWING&count=exact")).await;
    assert_eq!(
        (&reviewing["total"], &reviewing["items"][0]["id"]),
        (&json!(1), &json!(bids[3]))
    );
    let both = poster
        .follow(&format!("{list}?status=REVIEWING&status=PENDING&limit=1"))
        .await;
    assert_eq!(both.len(), 5);
    assert_eq!(
        poster.get(&format!("{list}?status=WON")).await.pointers(),
        ["/query/status"]
    );
    let own = bidder.json("/v1/applications?count=exact").await;
    assert_eq!(
        (&own["total"], &own["items"][0]["id"]),
        (&json!(1), &json!(bids[0]))
    );
}

#[tokio::test]
async fn a_licence_makes_a_bidder_eligible() {
    let (poster, bidder) = (new_poster().await, Person::with(&["member"]).await);
    let project = poster.open(json!({"licenseClasses": ["C-10"]})).await;
    let bid = bidder.bid(&project, 5).await;
    let eligible = async || {
        let list = poster.json(&format!("/v1/projects/{project}/applications")).await;
        assert_eq!(list["items"][0]["id"], bid);
        list["items"][0]["isEligible"].clone()
    };
    assert_eq!(eligible().await, false);
    let license = license(bidder.id(), &["B", "C-10"]).await;
    assert_eq!(eligible().await, true);
    sqlx::query("UPDATE california_contractors SET in_good_standing = false WHERE license_number = $1")
        .bind(&license)
        .execute(&mut owner().await)
        .await
        .unwrap();
    assert_eq!(eligible().await, false);
}
