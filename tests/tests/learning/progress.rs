//! Progress in modules: it moves forward only.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::people::{CourseCalls as _, Person, new_manager};

/// How far each module of an enrolment has come.
fn percents(enrollment: &Value) -> Vec<i64> {
    let modules = enrollment["modules"].as_array().unwrap().iter();
    modules
        .map(|module| module["percent"].as_i64().unwrap())
        .collect()
}

#[tokio::test]
async fn less_than_was_noted_changes_nothing() {
    let manager = new_manager().await;
    let (course, modules) = manager.publish(json!({}), 2).await;
    let member = Person::member().await;
    let enrollment = member.enroll(&course).await;
    let begun = member.record(&enrollment, &modules[0], 0).await;
    assert_eq!(begun["status"], "ENROLLED", "nothing is begun yet");
    let half = member.record(&enrollment, &modules[0], 50).await;
    assert_eq!(
        (&half["status"], &half["progressPercent"], percents(&half)),
        (&json!("IN_PROGRESS"), &json!(25), vec![50, 0])
    );
    for less in [49, 0, 50] {
        assert_eq!(
            member.record(&enrollment, &modules[0], less).await,
            half,
            "{less}"
        );
    }
    let done = member.record(&enrollment, &modules[0], 100).await;
    assert!(done["modules"][0]["completedAt"].is_string(), "{done}");
    assert_eq!(member.record(&enrollment, &modules[0], 10).await, done);
}

#[tokio::test]
async fn progress_is_the_members_own_to_note() {
    let manager = new_manager().await;
    let (course, modules) = manager.publish(json!({}), 1).await;
    let (_, elsewhere) = manager.publish(json!({}), 1).await;
    let (member, other) = (Person::member().await, Person::member().await);
    let enrollment = member.enroll(&course).await;
    for (person, module, status) in [
        (&other, &modules[0], StatusCode::NOT_FOUND),
        (&manager, &modules[0], StatusCode::FORBIDDEN),
        (&member, &elsewhere[0], StatusCode::NOT_FOUND),
    ] {
        let reply = person.ask_to_record(&enrollment, module, 100).await;
        assert_eq!(reply.status, status, "{}", reply.body);
    }
    let own = member.json(&format!("/v1/enrollments/{enrollment}")).await;
    assert_eq!((&own["status"], percents(&own)), (&json!("ENROLLED"), vec![0]));
}

#[tokio::test]
async fn a_percent_is_from_0_to_100() {
    let manager = new_manager().await;
    let (course, modules) = manager.publish(json!({}), 1).await;
    let member = Person::member().await;
    let enrollment = member.enroll(&course).await;
    let path = format!("/v1/enrollments/{enrollment}/modules/{}", modules[0]);
    for body in [
        json!({"percent": 101}),
        json!({"percent": -1}),
        json!({"percent": 1.5}),
        json!({"percent": null}),
        json!({}),
    ] {
        let refused = member.send(Method::PUT, &path, Some(&body), &[]).await;
        assert_eq!(refused.pointers(), ["/body/percent"], "{body}");
    }
    let stale = member
        .send(
            Method::PUT,
            &path,
            Some(&json!({"percent": 5})),
            &[("if-match", "\"9.x\"")],
        )
        .await;
    assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED);
}
