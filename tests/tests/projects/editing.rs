//! How a project is written: entity tags, merge patches, keys of retries, and what cannot be taken.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::people::{Person, ProjectCalls as _, new_poster};
use crate::support::{id_of, value};

/// Every field that an owner writes.
fn full() -> Value {
    json!({
        "title": "A library", "description": "Two floors.\n\nOf wood.", "category": "NEW_CONSTRUCTION", "budgetMinCents": 100,
        "budgetMaxCents": 9_007_199_254_740_991_i64, "estimatedValueCents": 5, "fundingSource": "Bond measure", "location": "At the lake",
        "address": "1 Main St", "city": "Oakland", "state": "CA", "zip": "94607", "coordinates": {"lat": 37.75, "lng": -122.25},
        "startDate": "2030-01-01", "endDate": "2031-12-31", "deadlineDate": "2029-06-01T10:00:00.123456Z",
        "requirements": ["Hard hats", "Prevailing wage"], "skillsRequired": ["Concrete"], "licenseClasses": ["B", "C-10"],
        "experienceYears": 3, "bondingRequired": true, "insurance": {"liability": {"amount": 1_000_000}}, "priority": "URGENT",
        "visibility": "MEMBERS_ONLY", "maxApplications": 12, "contactName": "Ana Muñoz", "contactEmail": "ana@example.org",
        "contactPhone": "+1 510 555 0100",
    })
}

#[tokio::test]
async fn what_is_written_is_what_is_shown() {
    let poster = new_poster().await;
    let reply = poster.post("/v1/projects", &full()).await;
    let location = reply.header("location").to_owned();
    let (etag, token) = (
        reply.header("etag").to_owned(),
        reply.header("portal-consistency").to_owned(),
    );
    let created = reply.expect(StatusCode::CREATED);
    assert_eq!(location, format!("/v1/projects/{}", id_of(&created)));
    let shown = poster
        .send(Method::GET, &location, None, &[("portal-consistency", &token)])
        .await;
    assert_eq!(shown.header("etag"), etag);
    let shown = shown.expect(StatusCode::OK);
    assert_eq!(shown, created);
    for (name, value) in full().as_object().unwrap() {
        assert_eq!(&shown[name], value, "{name}");
    }
    assert_eq!(
        (
            &shown["source"],
            &shown["externalId"],
            &shown["currency"],
            &shown["applicationCount"]
        ),
        (&json!("MANUAL"), &Value::Null, &json!("USD"), &json!(0))
    );
    assert_eq!(shown["ownerId"], poster.id().to_string());
}

#[tokio::test]
async fn a_zip_code_places_a_project_until_it_has_a_place_of_its_own() {
    let poster = new_poster().await;
    let project = poster.draft(json!({"zip": "94607"})).await;
    let path = format!("/v1/projects/{project}");
    let place = async |patch: Value| {
        let shown = poster.patch(&path, &patch).await.expect(StatusCode::OK);
        (
            shown["coordinates"]["lat"].as_f64(),
            shown["coordinates"]["lng"].as_f64(),
        )
    };
    let (lat, lng) = place(json!({"title": "A school"})).await;
    assert!((lat.unwrap() - 37.8).abs() < 0.1 && (lng.unwrap() + 122.3).abs() < 0.1);
    let (lat, _) = place(json!({"zip": "95814"})).await;
    assert!((lat.unwrap() - 38.58).abs() < 0.1, "it moves with its ZIP code");
    assert_eq!(
        place(json!({"coordinates": {"lat": 40.0, "lng": -120.5}})).await,
        (Some(40.0), Some(-120.5))
    );
    assert_eq!(place(json!({"zip": "94607"})).await, (Some(40.0), Some(-120.5)));
    let (lat, _) = place(json!({"coordinates": null})).await;
    assert!((lat.unwrap() - 37.8).abs() < 0.1);
    assert_eq!(place(json!({"zip": null})).await, (None, None));
}

#[tokio::test]
async fn a_merge_patch_changes_what_it_names() {
    let poster = new_poster().await;
    let project = poster.draft(full()).await;
    let path = format!("/v1/projects/{project}");
    let patch = json!({
        "title": "A school", "description": null, "insurance": {"liability": {"amount": null}, "bond": 7}, "requirements": ["Boots"],
    });
    let patched = poster.patch(&path, &patch).await.expect(StatusCode::OK);
    let mut expected = full();
    let fields = expected.as_object_mut().unwrap();
    fields.insert("title".into(), json!("A school"));
    fields.insert("description".into(), json!(""));
    fields.insert("insurance".into(), json!({"liability": {}, "bond": 7}));
    fields.insert("requirements".into(), json!(["Boots"]));
    for (name, value) in fields.iter() {
        assert_eq!(&patched[name], value, "{name}");
    }
    assert_eq!(patched["version"], 2);
    let same = poster
        .patch(&path, &json!({"title": "A school"}))
        .await
        .expect(StatusCode::OK);
    assert_eq!(same["version"], 2, "what changes nothing is no new version");
    let media = [("content-type", "text/plain")];
    let refused = poster.send(Method::PATCH, &path, None, &media).await;
    refused.expect(StatusCode::UNSUPPORTED_MEDIA_TYPE);
}

#[tokio::test]
async fn a_stale_tag_changes_nothing() {
    let poster = new_poster().await;
    let project = poster.draft(json!({})).await;
    let path = format!("/v1/projects/{project}");
    let first = poster.get(&path).await.header("etag").to_owned();
    let not_modified = poster
        .send(Method::GET, &path, None, &[("if-none-match", &first)])
        .await;
    assert_eq!(not_modified.status, StatusCode::NOT_MODIFIED);
    assert!(not_modified.bytes.is_empty());
    let title = json!({"title": "A school"});
    let changed = poster
        .send(Method::PATCH, &path, Some(&title), &[("if-match", &first)])
        .await;
    let second = changed.header("etag").to_owned();
    changed.expect(StatusCode::OK);
    let publish = format!("{path}/publish");
    for (method, path, body) in [
        (Method::PATCH, &path, Some(&title)),
        (Method::POST, &publish, None),
        (Method::DELETE, &path, None),
    ] {
        let stale = poster
            .send(method.clone(), path, body, &[("if-match", &first)])
            .await;
        assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED, "{method}");
    }
    let unchanged = poster.json(&path).await;
    assert_eq!(
        (&unchanged["version"], &unchanged["status"]),
        (&json!(2), &json!("DRAFT"))
    );
    for tag in [second.as_str(), "*"] {
        let patched = poster
            .send(Method::PATCH, &path, Some(&title), &[("if-match", tag)])
            .await;
        assert_eq!(patched.status, StatusCode::OK, "{tag}");
    }
    let published = poster
        .send(Method::POST, &publish, None, &[("if-match", &second)])
        .await;
    published.expect(StatusCode::OK);
}

#[tokio::test]
async fn a_bid_does_not_spoil_an_edit() {
    let poster = new_poster().await;
    let project = poster.open(json!({})).await;
    let path = format!("/v1/projects/{project}");
    let before = poster.get(&path).await.header("etag").to_owned();
    Person::with(&["member"]).await.bid(&project, 1).await;
    let title = json!({"title": "A school"});
    let changed = poster
        .send(Method::PATCH, &path, Some(&title), &[("if-match", &before)])
        .await;
    assert_eq!(changed.expect(StatusCode::OK)["applicationCount"], 1);
}

#[tokio::test]
async fn a_retry_is_done_once_and_answers_the_same() {
    let poster = new_poster().await;
    let key = [("idempotency-key", "the-first-try")];
    let body = json!({"title": "A library", "category": "COMMERCIAL"});
    let post = async |body: &Value| poster.send(Method::POST, "/v1/projects", Some(body), &key).await;
    let first = post(&body).await;
    let again = post(&body).await;
    assert_eq!(first.status, StatusCode::CREATED);
    assert_eq!((first.status, &first.body), (again.status, &again.body));
    for name in ["location", "etag"] {
        assert_eq!(first.header(name), again.header(name), "{name}");
    }
    let other = post(&json!({"title": "A school", "category": "COMMERCIAL"})).await;
    assert_eq!(other.pointers(), ["/header/idempotency-key"]);
    // The key is this member's own.
    let elsewhere = new_poster().await;
    let theirs = elsewhere
        .send(Method::POST, "/v1/projects", Some(&body), &key)
        .await;
    assert_ne!(id_of(&theirs.expect(StatusCode::CREATED)), id_of(&first.body));
    let count: i64 = value(
        "SELECT count(*) FROM projects WHERE owner_id = $1",
        &poster.id().to_string(),
    )
    .await;
    assert_eq!(count, 1);
}

#[tokio::test]
async fn a_retried_bid_invitation_and_addendum_are_one() {
    let (poster, bidder) = (new_poster().await, Person::with(&["member"]).await);
    let project = poster.open(json!({})).await;
    let path = format!("/v1/projects/{project}");
    for (person, part, body, table) in [
        (
            &bidder,
            "applications",
            json!({"bidAmountCents": 5}),
            "project_applications",
        ),
        (
            &poster,
            "invitations",
            json!({"memberId": bidder.id()}),
            "project_invitations",
        ),
        (
            &poster,
            "addenda",
            json!({"summary": "The gate is on the left."}),
            "addenda",
        ),
    ] {
        let mut answers = Vec::new();
        for _ in 0..3 {
            let reply = person
                .send(
                    Method::POST,
                    &format!("{path}/{part}"),
                    Some(&body),
                    &[("idempotency-key", "k")],
                )
                .await;
            answers.push(reply.expect(StatusCode::CREATED));
        }
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{part}");
        let count: i64 = value(
            &format!("SELECT count(*) FROM {table} WHERE project_id = $1"),
            &project,
        )
        .await;
        assert_eq!(count, 1, "{part}");
    }
}

#[tokio::test]
async fn one_answer_names_everything_that_is_wrong() {
    let poster = new_poster().await;
    let wrong = json!({
        "title": " ", "category": "CASTLE", "budgetMinCents": -1, "coordinates": {"lat": 91, "lng": 0}, "startDate": "2030-02-30",
        "deadlineDate": "tomorrow", "licenseClasses": ["?"], "experienceYears": 101, "contactEmail": "ana at home", "colour": "red",
    });
    assert_eq!(
        poster.post("/v1/projects", &wrong).await.pointers(),
        [
            "/body/budgetMinCents",
            "/body/category",
            "/body/colour",
            "/body/coordinates",
            "/body/deadlineDate",
            "/body/licenseClasses/0",
            "/body/startDate",
            "/body/title"
        ]
    );
    let between = json!({
        "title": "A", "category": "SPECIALTY", "budgetMinCents": 2, "budgetMaxCents": 1, "startDate": "2030-01-02", "endDate": "2030-01-01",
        "experienceYears": 101, "contactEmail": "ana at home", "maxApplications": 0,
    });
    assert_eq!(
        poster.post("/v1/projects", &between).await.pointers(),
        [
            "/body/budgetMinCents",
            "/body/contactEmail",
            "/body/experienceYears",
            "/body/maxApplications",
            "/body/startDate"
        ]
    );
}

#[tokio::test]
async fn there_is_room_for_the_bids_that_are_there() {
    let poster = new_poster().await;
    let project = poster.open(json!({})).await;
    for cents in [1, 2] {
        Person::with(&["member"]).await.bid(&project, cents).await;
    }
    let path = format!("/v1/projects/{project}");
    let room = async |most: i32| poster.patch(&path, &json!({"maxApplications": most})).await;
    assert_eq!(room(1).await.pointers(), ["/body/maxApplications"]);
    let full = room(2).await.expect(StatusCode::OK);
    assert_eq!(full["acceptingApplications"], false);
}
