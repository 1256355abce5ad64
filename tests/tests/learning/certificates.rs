//! Verifying certificates without signing in, and revoking them.

use reqwest::header::ACCEPT;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::people::{CourseCalls as _, Person, new_manager};
use crate::support::{alter, mailed, text_of};

/// A completed course: who did it, the course, and the enrolment.
async fn completed(manager: &Person) -> (Person, String, Value) {
    let (course, modules) = manager
        .publish(json!({"certificateValidMonths": 24, "title": "Reading plans"}), 1)
        .await;
    let member = Person::member().await;
    let done = member.complete(&course, &modules).await;
    (member, course, done)
}

#[tokio::test]
async fn anyone_verifies_a_certificate_by_its_number() {
    let manager = new_manager().await;
    let (member, course, done) = completed(&manager).await;
    let number = text_of(&done, "certificateNumber");
    let stranger = Person::stranger();
    let shown = stranger.json(&format!("/v1/certificates/{number}")).await;
    let mut names: Vec<_> = shown.as_object().unwrap().keys().cloned().collect();
    names.sort();
    assert_eq!(
        names,
        [
            "courseTitle",
            "expiresAt",
            "holderName",
            "issuedAt",
            "number",
            "revokedAt",
            "status"
        ],
        "nothing else is told"
    );
    assert_eq!(
        (
            &shown["status"],
            &shown["number"],
            &shown["courseTitle"],
            &shown["issuedAt"]
        ),
        (
            &json!("VALID"),
            &json!(number),
            &json!("Reading plans"),
            &done["completedAt"]
        )
    );
    let written = number.to_lowercase().replace('-', "");
    assert_eq!(stranger.json(&format!("/v1/certificates/{written}")).await, shown);
    // What is called otherwise later stays on the certificate as it was.
    alter("UPDATE courses SET title = 'Other' WHERE id = $1", &course).await;
    alter(
        "UPDATE users SET first_name = 'Other' WHERE id = $1",
        &member.id().to_string(),
    )
    .await;
    assert_eq!(stranger.json(&format!("/v1/certificates/{number}")).await, shown);
}

#[tokio::test]
async fn a_number_that_is_none_says_whether_it_is_mistyped() {
    let stranger = Person::stranger();
    for (number, detail) in [
        ("8Q2T-M4XA-0V7K-PD33", "There is no certificate by this number."),
        ("8Q2T-M4XA-0V7K-PD34", "mistyped"),
        ("Q82T-M4XA-0V7K-PD33", "changed places"),
        ("1234", "four groups of four"),
    ] {
        let told = stranger
            .get(&format!("/v1/certificates/{number}"))
            .await
            .detail(StatusCode::NOT_FOUND);
        assert!(told.contains(detail), "{number}: {told}");
    }
}

#[tokio::test]
async fn a_browser_at_a_mistyped_number_gets_a_page_too() {
    let stranger = Person::stranger();
    for (number, told) in [
        ("8Q2T-M4XA-0V7K-PD33", "There is no certificate by this number."),
        ("8Q2T-M4XA-0V7K-PD34", "mistyped"),
    ] {
        let path = format!("/v1/certificates/{number}");
        let reply = stranger
            .send(Method::GET, &path, None, &[(ACCEPT.as_str(), "text/html")])
            .await;
        assert_eq!(
            (reply.status, reply.header("content-type")),
            (StatusCode::NOT_FOUND, "text/html; charset=utf-8")
        );
        let page = String::from_utf8(reply.bytes).unwrap();
        assert!(
            page.contains("cannot be verified") && page.contains(told),
            "{page}"
        );
    }
}

#[tokio::test]
async fn a_browser_gets_a_page() {
    let manager = new_manager().await;
    let (_, _, done) = completed(&manager).await;
    let path = format!("/v1/certificates/{}", text_of(&done, "certificateNumber"));
    let stranger = Person::stranger();
    let accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    let newest = crate::support::newest_write().await;
    let reply = stranger
        .send(
            Method::GET,
            &path,
            None,
            &[(ACCEPT.as_str(), accept), ("portal-consistency", &newest)],
        )
        .await;
    assert_eq!(
        (reply.status, reply.header("content-type")),
        (StatusCode::OK, "text/html; charset=utf-8")
    );
    assert!(
        reply
            .header("content-security-policy")
            .contains("default-src 'none'")
    );
    let page = String::from_utf8(reply.bytes).unwrap();
    assert!(
        page.contains("This certificate is valid") && page.contains("Reading plans"),
        "{page}"
    );
}

#[tokio::test]
async fn a_certificate_that_has_run_out_or_was_revoked_says_so() {
    let manager = new_manager().await;
    let (member, course, done) = completed(&manager).await;
    let (id, number) = (text_of(&done, "id"), text_of(&done, "certificateNumber"));
    let path = format!("/v1/certificates/{number}");
    let status = async || Person::stranger().json(&path).await["status"].clone();
    alter(
        "UPDATE course_enrollments SET certificate_expires_at = now() WHERE id = $1",
        &id,
    )
    .await;
    assert_eq!(status().await, "EXPIRED");
    let revocation = format!("{path}/revocation");
    let reason = json!({"reason": "Given by mistake"});
    let own = format!("/v1/enrollments/{id}");
    let told_why = async |person: &Person| person.json(&own).await["certificateRevocationReason"].clone();
    assert_eq!(told_why(&member).await, Value::Null);
    let denied = member.send(Method::PUT, &revocation, Some(&reason), &[]).await;
    assert_eq!(denied.status, StatusCode::FORBIDDEN);
    let faulty = manager
        .send(Method::PUT, &revocation, Some(&json!({"reason": " "})), &[])
        .await;
    assert_eq!(faulty.pointers(), ["/body/reason"]);
    let revoked = manager
        .send(Method::PUT, &revocation, Some(&reason), &[])
        .await
        .expect(StatusCode::OK);
    assert_eq!(revoked["status"], "REVOKED");
    assert!(
        !revoked.to_string().contains("mistake"),
        "the reason is not for everybody"
    );
    let again = manager
        .send(Method::PUT, &revocation, Some(&reason), &[])
        .await
        .expect(StatusCode::OK);
    assert_eq!(again["revokedAt"], revoked["revokedAt"]);
    let other = json!({"reason": "Of another member"});
    manager
        .send(Method::PUT, &revocation, Some(&other), &[])
        .await
        .expect(StatusCode::OK);
    for person in [&member, &manager] {
        assert_eq!(told_why(person).await, "Of another member");
    }
    assert_eq!(status().await, "REVOKED");
    let told = mailed(member.id(), &course).await;
    assert_eq!(
        told,
        ["COURSE_ENROLLED", "COURSE_COMPLETED", "CERTIFICATE_REVOKED"],
        "once"
    );
    let document = member.get(&format!("/v1/enrollments/{id}/certificate")).await;
    assert_eq!(
        document.detail(StatusCode::CONFLICT),
        "This certificate was revoked."
    );
    let gone = manager.delete(&revocation).await;
    gone.expect(StatusCode::NO_CONTENT);
    assert_eq!(status().await, "EXPIRED");
    assert_eq!(told_why(&member).await, Value::Null);
    // Taken back once more there is nothing, and nothing to tell.
    manager.delete(&revocation).await.expect(StatusCode::NO_CONTENT);
    assert_eq!(
        mailed(member.id(), &course).await,
        [
            "COURSE_ENROLLED",
            "COURSE_COMPLETED",
            "CERTIFICATE_REVOKED",
            "CERTIFICATE_REINSTATED"
        ]
    );
    let unknown = manager
        .send(
            Method::PUT,
            "/v1/certificates/8Q2T-M4XA-0V7K-PD33/revocation",
            Some(&reason),
            &[],
        )
        .await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
}
