//! What people and attackers send: whatever it is, the answer says what is wrong with it, and none is a fault of the service.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::odd_values::{FIELDS, IN_QUERIES, PARAMETERS, values};
use crate::people::{Person, ProjectCalls as _, new_poster};
use crate::support::alter;

/// Sends it, and wants an answer that is good or says what is wrong.
async fn answered(person: &Person, method: Method, path: &str, body: &Value) -> StatusCode {
    let reply = person.send(method.clone(), path, Some(body), &[]).await;
    let text: String = body.to_string().chars().take(200).collect();
    assert!(
        reply.status.as_u16() < 500,
        "{method} {path} {text}: {}",
        reply.body
    );
    if reply.status.is_client_error() {
        assert_eq!(reply.header("content-type"), "application/problem+json", "{text}");
    }
    reply.status
}

#[tokio::test]
async fn no_value_of_any_field_of_a_project_is_a_fault_of_the_service() {
    let poster = new_poster().await;
    let project = poster.open(json!({})).await;
    let path = format!("/v1/projects/{project}");
    let (mut taken, mut refused) = (0, 0);
    for field in FIELDS {
        for value in values() {
            let status = answered(&poster, Method::PATCH, &path, &json!({field: value})).await;
            taken += usize::from(status == StatusCode::OK);
            refused += usize::from(status == StatusCode::UNPROCESSABLE_ENTITY);
        }
        // What was taken is shown, in every form.
        for read in [&path, &format!("{path}/addenda")] {
            assert_eq!(poster.get(read).await.status, StatusCode::OK, "{field}");
        }
    }
    assert!(taken > 50 && refused > 500, "{taken} taken, {refused} refused");
    assert_eq!(taken + refused, FIELDS.len() * values().len());
}

#[tokio::test]
async fn no_body_of_any_other_route_is_a_fault_of_the_service() {
    let (staff, bidder) = (
        Person::with(&["project_manager"]).await,
        Person::with(&["member"]).await,
    );
    let project = staff.open(json!({})).await;
    let bid = bidder.bid(&project, 1).await;
    let path = format!("/v1/projects/{project}");
    let routes: [(&Person, Method, String, &[&str]); 9] = [
        (
            &staff,
            Method::POST,
            "/v1/projects".into(),
            &["title", "coordinates"],
        ),
        (
            &staff,
            Method::POST,
            "/v1/projects/import".into(),
            &["source", "publish", "items"],
        ),
        (&staff, Method::POST, format!("{path}/award"), &["applicationId"]),
        (
            &staff,
            Method::POST,
            format!("{path}/addenda"),
            &["summary", "changes"],
        ),
        (&staff, Method::POST, format!("{path}/invitations"), &["memberId"]),
        (
            &staff,
            Method::POST,
            format!("{path}/files"),
            &["name", "mediaType", "sizeBytes", "checksumSha256"],
        ),
        (
            &staff,
            Method::PATCH,
            format!("/v1/applications/{bid}"),
            &["status", "notes"],
        ),
        (
            &bidder,
            Method::PATCH,
            format!("/v1/applications/{bid}"),
            &["bidAmountCents", "coverLetter", "proposal"],
        ),
        (
            &bidder,
            Method::POST,
            format!("{path}/applications"),
            &["bidAmountCents", "coverLetter"],
        ),
    ];
    for (person, method, path, fields) in &routes {
        for value in values() {
            answered(person, method.clone(), path, &value).await;
            for field in *fields {
                answered(person, method.clone(), path, &json!({*field: value})).await;
            }
            let item = json!({"source": "TEST_BAD", "items": [value, {"externalId": value, "title": "x", "category": value}]});
            if path.ends_with("import") {
                answered(person, method.clone(), path, &item).await;
            }
        }
    }
}

#[tokio::test]
async fn what_is_no_json_is_told_so() {
    let poster = new_poster().await;
    let url = format!("{}/v1/projects", portal_tests::stack::Stack::get().api_url);
    let deep = "[".repeat(100_000);
    let numbers = format!(r#"{{"title": {}}}"#, "9".repeat(10_000));
    let token = poster.token();
    let broken = |text: &str| text.as_bytes().to_vec();
    for body in [
        broken(""),
        broken("{"),
        broken("null"),
        broken("[]"),
        broken(&deep),
        broken(&numbers),
        broken(r#"{"title": "\ud800"}"#),
        broken(r#"{"title": 1e999}"#),
        broken(r#"{"title": NaN}"#),
    ] {
        let request = reqwest::Client::builder().no_proxy().build().unwrap().post(&url);
        let response = request
            .bearer_auth(token)
            .header("content-type", "application/json")
            .body(body.clone())
            .send()
            .await
            .unwrap();
        let status = response.status().as_u16();
        let text = String::from_utf8_lossy(&body[..body.len().min(40)]).into_owned();
        assert!([400, 422].contains(&status), "{text}: {status}");
    }
    let large = json!({"title": "x".repeat(1_100_000)});
    poster
        .post("/v1/projects", &large)
        .await
        .expect(StatusCode::PAYLOAD_TOO_LARGE);
}

/// API Gateway hands bytes that are no text on in base64; the gateway of this machine does not take them at all.
#[tokio::test]
async fn bytes_that_are_no_text_are_no_json() {
    let poster = new_poster().await;
    let mut event: Value =
        serde_json::from_str(include_str!("../../../events/projects-geo-list-projects.json")).unwrap();
    event["rawQueryString"] = json!("");
    event["requestContext"]["http"]["method"] = json!("POST");
    event["headers"]["authorization"] = json!(format!("Bearer {}", poster.token()));
    event["headers"]["content-type"] = json!("application/json");
    event["isBase64Encoded"] = json!(true);
    let stack = portal_tests::stack::Stack::get();
    let url = format!("{}/projects-geo/invocations", stack.invocations_url);
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    for bytes in [
        &b"{\"title\": \"\xff\xfe\"}"[..],
        b"\x1f\x8b\x08\x00",
        b"\xef\xbb\xbf{}",
        b"\0",
    ] {
        event["body"] = json!(STANDARD.encode(bytes));
        let response = client.post(&url).json(&event).send().await.unwrap();
        let answer: Value = response.json().await.unwrap();
        assert_eq!(answer["statusCode"], 400, "{answer}");
        assert_eq!(answer["headers"]["content-type"], "application/problem+json");
    }
}

#[tokio::test]
async fn no_query_of_a_list_is_a_fault_of_the_service() {
    let poster = new_poster().await;
    let lists = [
        "/v1/projects?",
        "/v1/projects/near?near=37,-122&",
        "/v1/projects/matches?",
        "/v1/applications?",
        "/v1/geo/tiles/projects/3/1/2?",
    ];
    for list in lists {
        for parameter in PARAMETERS {
            for value in IN_QUERIES {
                let path = format!("{list}{parameter}={value}");
                let reply = poster.send(Method::GET, &path, None, &[]).await;
                let status = reply.status.as_u16();
                assert!(
                    [200, 400, 422].contains(&status),
                    "{path}: {status} {}",
                    reply.body
                );
            }
        }
    }
}

#[tokio::test]
async fn no_id_and_no_header_is_a_fault_of_the_service() {
    let poster = new_poster().await;
    let project = poster.open(json!({})).await;
    for id in [
        "0",
        "%00",
        "..%2F..",
        "🏗",
        "00000000-0000-0000-0000-000000000000",
        "urn:uuid:0198a7c0-0000-7000-8000-000000000001",
        &"a".repeat(3_000),
    ] {
        for (method, path) in [
            (Method::GET, format!("/v1/projects/{id}")),
            (Method::PATCH, format!("/v1/projects/{id}")),
            (Method::POST, format!("/v1/projects/{id}/publish")),
            (Method::GET, format!("/v1/projects/{id}/applications")),
            (Method::POST, format!("/v1/applications/{id}/withdraw")),
            (Method::POST, format!("/v1/addenda/{id}/acknowledge")),
            (Method::GET, format!("/v1/projects/{project}/files/{id}")),
        ] {
            let status = answered(&poster, method, &path, &json!({})).await;
            assert!([404, 405].contains(&status.as_u16()), "{path}: {status}");
        }
    }
    let path = format!("/v1/projects/{project}");
    for (name, value) in [
        ("if-match", "7"),
        ("if-match", "\"\""),
        ("if-match", "W/\"1.x\", *"),
        ("if-none-match", "x"),
        ("idempotency-key", " "),
        ("portal-consistency", "zz"),
        ("portal-consistency", "7fffffffffffffff"),
        ("accept", ";;q=9"),
        ("x-request-id", "' or 1"),
    ] {
        for method in [Method::GET, Method::PATCH] {
            let body = json!({"title": "A school"});
            let body = (method == Method::PATCH).then_some(&body);
            let reply = poster.send(method.clone(), &path, body, &[(name, value)]).await;
            assert!(
                reply.status.as_u16() < 500,
                "{method} {name}: {value}: {}",
                reply.body
            );
        }
    }
    alter("UPDATE projects SET title = 'Still here' WHERE id = $1", &project).await;
}

/// What was hidden would be everybody's, and what was asked of bidders no longer be asked.
#[tokio::test]
async fn what_has_a_default_is_not_cleared_to_it() {
    let poster = new_poster().await;
    let project = poster.draft(json!({"visibility": "MEMBERS_ONLY"})).await;
    let path = format!("/v1/projects/{project}");
    let patch = json!({"visibility": null, "bondingRequired": null, "priority": null});
    let refused = poster.patch(&path, &patch).await;
    assert_eq!(
        refused.pointers(),
        ["/body/bondingRequired", "/body/priority", "/body/visibility"]
    );
    assert_eq!(poster.json(&path).await["visibility"], "MEMBERS_ONLY");
}
