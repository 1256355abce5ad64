//! What comes of the sample events that are requests.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::bundle::Bundle;
use crate::events::ID;
use crate::sample::Answer;

pub(crate) async fn auth(bundle: &Bundle, event: &str) {
    let answer = Answer::to(bundle, "auth", event).await;
    match event {
        "auth-log-in.json" => {
            let problem: Value = serde_json::from_str(&answer.body).unwrap();
            assert_eq!(
                (answer.status, &problem["status"]),
                (401, &json!(401)),
                "there is no such account"
            );
        }
        "auth-show-jwks.json" => {
            let keys = answer.json("application/json");
            assert_eq!(keys["keys"][0]["alg"], "RS256", "{keys}");
        }
        other => panic!("events/{other} has no expectation: say here what comes of it"),
    }
}

pub(crate) async fn directory(bundle: &mut Bundle, event: &str) {
    bundle.await_replica().await;
    let answer = Answer::to(bundle, "directory", event).await;
    match event {
        "directory-list-contractors.json" => {
            let list = answer.json("application/geo+json");
            assert_eq!(list["type"], "FeatureCollection");
            let features = list["features"].as_array().unwrap();
            let ids: BTreeSet<_> = features
                .iter()
                .map(|feature| feature["id"].as_str().unwrap())
                .collect();
            assert_eq!(ids, BTreeSet::from(["1", "1999001", "2"]));
            for feature in features {
                assert_eq!(feature["geometry"]["type"], "Point");
                let miles = feature["properties"]["distanceMiles"].as_f64().unwrap();
                assert!(
                    miles > 1.0 && miles < 20.0,
                    "from San Francisco to Oakland: {miles}"
                );
            }
        }
        "directory-show-contractor.json" => {
            let contractor = answer.json("application/json");
            assert_eq!(
                (&contractor["licenseNumber"], &contractor["displayName"]),
                (&json!("1999001"), &json!("GAMMA"))
            );
            assert_eq!(contractor["classifications"], json!(["B", "C-10"]));
        }
        other => panic!("events/{other} has no expectation: say here what comes of it"),
    }
}

pub(crate) async fn docs(bundle: &Bundle, event: &str) {
    let answer = Answer::to(bundle, "docs", event).await;
    match event {
        "docs-list-problem-types.json" => {
            assert_eq!(
                (answer.status, answer.content_type.as_str()),
                (200, "text/html; charset=utf-8")
            );
            assert!(
                answer.body.contains("href=\"/v1/problems/invalid-values\""),
                "{}",
                answer.body
            );
        }
        "docs-show-openapi.json" => {
            let document = answer.json("application/json");
            assert_eq!(document["openapi"], "3.1.0");
            assert_eq!(
                document["paths"]["/v1/contractors"]["get"]["operationId"],
                "list_contractors"
            );
        }
        "docs-show-problem-type.json" => {
            let kind = answer.json("application/json");
            assert_eq!(
                (&kind["type"], &kind["status"]),
                (&json!("/v1/problems/invalid-values"), &json!(422))
            );
        }
        other => panic!("events/{other} has no expectation: say here what comes of it"),
    }
}

pub(crate) async fn learning(bundle: &Bundle, event: &str) {
    let answer = Answer::to(bundle, "learning", event).await;
    let body: Value = serde_json::from_str(&answer.body).unwrap();
    match event {
        "learning-list-courses.json" => {
            assert_eq!((answer.status, &body["items"]), (200, &json!([])), "{body}");
        }
        // A number that reads as one, and that no certificate has.
        "learning-verify-certificate.json" => {
            assert_eq!((answer.status, &body["status"]), (404, &json!(404)), "{body}");
        }
        other => panic!("events/{other} has no expectation: say here what comes of it"),
    }
}

pub(crate) async fn payments(bundle: &Bundle, event: &str) {
    let answer = Answer::to(bundle, "payments", event).await;
    let body: Value = serde_json::from_str(&answer.body).unwrap();
    match event {
        "payments-list-membership-tiers.json" => {
            assert!(answer.status == 200 && body["items"].is_array(), "{body}");
        }
        // Stripe signs with more than zeros.
        "payments-take-webhook.json" => {
            assert_eq!((answer.status, &body["status"]), (400, &json!(400)), "{body}");
            assert_eq!(body["errors"][0]["pointer"], "/header/stripe-signature", "{body}");
        }
        other => panic!("events/{other} has no expectation: say here what comes of it"),
    }
}

pub(crate) async fn admin(bundle: &Bundle, event: &str) {
    let answer = Answer::to(bundle, "admin", event).await;
    let status = match event {
        // Nobody has signed in.
        "admin-list-users.json" | "admin-show-health.json" => 401,
        other => panic!("events/{other} has no expectation: say here what comes of it"),
    };
    let problem: Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(
        (answer.status, &problem["status"]),
        (status, &json!(status)),
        "{problem}"
    );
}

pub(crate) async fn messaging(bundle: &Bundle, event: &str) {
    let answer = Answer::to(bundle, "messaging", event).await;
    let expected = match event {
        // Nobody has signed in.
        "messaging-list-conversations.json" => 401,
        // Nobody signs a token with four bytes.
        "messaging-unsubscribe.json" => 422,
        other => panic!("events/{other} has no expectation: say here what comes of it"),
    };
    let problem: Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(
        (answer.status, &problem["status"]),
        (expected, &json!(expected)),
        "{problem}"
    );
}

pub(crate) async fn events(bundle: &Bundle, event: &str) {
    let answer = Answer::to(bundle, "events", event).await;
    match event {
        "events-list-events.json" => {
            let list = answer.json("application/json");
            let items = list["items"].as_array().unwrap();
            assert_eq!(items.len(), 1, "{list}");
            assert_eq!(
                (&items[0]["title"], &items[0]["status"]),
                (&json!("A dinner"), &json!("REGISTRATION_OPEN"))
            );
        }
        "events-show-event-calendar.json" => {
            assert_eq!(answer.content_type, "text/calendar; charset=utf-8");
            let start = "DTSTART;TZID=America/Los_Angeles:21200701T180000\r\n";
            assert!(answer.body.contains(start), "{}", answer.body);
        }
        other => panic!("events/{other} has no expectation: say here what comes of it"),
    }
}

pub(crate) async fn projects_geo(bundle: &Bundle, event: &str) {
    let answer = Answer::to(bundle, "projects-geo", event)
        .await
        .json("application/json");
    let only = |list: &Value| {
        assert_eq!(list["items"].as_array().map(Vec::len), Some(1), "{list}");
        list["items"][0].clone()
    };
    let project = match event {
        "projects-geo-list-projects.json" => {
            assert!(answer["total"].is_number(), "{answer}");
            only(&answer)
        }
        "projects-geo-list-projects-near.json" => {
            let project = only(&answer);
            let miles = project["distanceMiles"].as_f64().unwrap();
            assert!(miles > 0.0 && miles < 1.0, "within Oakland: {miles}");
            project
        }
        "projects-geo-show-project.json" => answer,
        other => panic!("events/{other} has no expectation: say here what comes of it"),
    };
    assert_eq!(
        (&project["id"], &project["title"], &project["status"]),
        (&json!(ID), &json!("A new roof"), &json!("BIDDING_OPEN"))
    );
}

pub(crate) async fn search(bundle: &mut Bundle, event: &str) {
    bundle.await_replica().await;
    let answer = Answer::to(bundle, "search", event).await.json("application/json");
    match event {
        "search-search-everything.json" => {
            let items = answer["items"].as_array().unwrap();
            assert_eq!(items.len(), 1, "{answer}");
            assert_eq!(
                (&items[0]["type"], &items[0]["id"]),
                (&json!("PROJECT"), &json!(ID))
            );
            assert_eq!(
                items[0]["highlights"]["title"],
                "A <mark>new</mark> <mark>roof</mark>"
            );
        }
        "search-suggest-searches.json" => {
            let texts: Vec<_> = answer["suggestions"]
                .as_array()
                .unwrap()
                .iter()
                .map(|one| &one["text"])
                .collect();
            assert_eq!(texts, ["gamma", "GAMMA"], "{answer}");
        }
        other => panic!("events/{other} has no expectation: say here what comes of it"),
    }
}
