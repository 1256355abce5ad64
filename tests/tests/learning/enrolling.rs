//! Taking a course up, giving it up, and lists of who does.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::people::{CourseCalls as _, Person, new_manager};
use crate::support::{alter, id_of, mailed, marker, pay};

#[tokio::test]
async fn a_free_course_is_open_at_once() {
    let manager = new_manager().await;
    let (course, modules) = manager.publish(json!({}), 2).await;
    let member = Person::member().await;
    let taken = member.ask_to_enroll(&course).await;
    assert_eq!(taken.status, StatusCode::CREATED, "{}", taken.body);
    let id = id_of(&taken.body);
    assert_eq!(taken.header("location"), format!("/v1/enrollments/{id}"));
    let shown = member.json(&format!("/v1/enrollments/{id}")).await;
    assert_eq!(shown, taken.body);
    assert_eq!(
        (
            &shown["status"],
            &shown["progressPercent"],
            &shown["holdExpiresAt"],
            &shown["courseTitle"]
        ),
        (&json!("ENROLLED"), &json!(0), &Value::Null, &json!("Estimating"))
    );
    let listed: Vec<_> = shown["modules"]
        .as_array()
        .unwrap()
        .iter()
        .map(|module| module["moduleId"].clone())
        .collect();
    assert_eq!(listed, modules);
    assert_eq!(mailed(member.id(), &course).await, ["COURSE_ENROLLED"]);
    let again = member.ask_to_enroll(&course).await.detail(StatusCode::CONFLICT);
    assert!(again.contains("your enrolment is ENROLLED"), "{again}");
}

#[tokio::test]
async fn a_course_that_costs_something_is_held_at_the_price_of_the_day() {
    let manager = new_manager().await;
    let (course, modules) = manager
        .publish(json!({"priceCents": 9900, "memberPriceCents": 4900}), 1)
        .await;
    let (member, guest) = (Person::member().await, Person::member().await);
    alter(
        "UPDATE users SET membership_expires_at = now() + interval '1 day' WHERE id = $1",
        &member.id().to_string(),
    )
    .await;
    alter(
        "UPDATE users SET membership_expires_at = now() - interval '1 day' WHERE id = $1",
        &guest.id().to_string(),
    )
    .await;
    for (person, price) in [(&member, 4900), (&guest, 9900)] {
        let taken = person.ask_to_enroll(&course).await.expect(StatusCode::CREATED);
        assert_eq!(
            (&taken["amountCents"], &taken["currency"]),
            (&json!(price), &json!("USD"))
        );
        assert!(
            taken["holdExpiresAt"].is_string() && taken["paidAt"].is_null(),
            "{taken}"
        );
        assert_eq!(mailed(person.id(), &course).await, ["COURSE_HELD"]);
        let closed = person.ask_to_record(&id_of(&taken), &modules[0], 10).await;
        assert_eq!(
            closed.detail(StatusCode::CONFLICT),
            "This course is not paid yet."
        );
    }
    manager
        .patch(&format!("/v1/courses/{course}"), &json!({"priceCents": 20000}))
        .await
        .expect(StatusCode::OK);
    let own = member.json("/v1/enrollments").await;
    assert_eq!(
        own["items"][0]["amountCents"], 4900,
        "what it costs who has taken it up stays"
    );
}

#[tokio::test]
async fn who_comes_back_goes_on_where_they_were() {
    let manager = new_manager().await;
    let (course, modules) = manager.publish(json!({"priceCents": 900}), 2).await;
    let member = Person::member().await;
    let enrollment = member.enroll(&course).await;
    pay(&enrollment, 900).await;
    member.record(&enrollment, &modules[0], 100).await;
    let path = format!("/v1/courses/{course}/enrollment");
    member.delete(&path).await.expect(StatusCode::NO_CONTENT);
    let twice = member.delete(&path).await.detail(StatusCode::CONFLICT);
    assert!(twice.contains("your enrolment is DROPPED"), "{twice}");
    let closed = member.ask_to_record(&enrollment, &modules[1], 100).await;
    assert!(
        closed
            .detail(StatusCode::CONFLICT)
            .contains("given this course up")
    );
    let back = member.ask_to_enroll(&course).await.expect(StatusCode::CREATED);
    assert_eq!(
        (
            id_of(&back),
            &back["status"],
            &back["progressPercent"],
            &back["holdExpiresAt"]
        ),
        (enrollment, &json!("IN_PROGRESS"), &json!(50), &Value::Null),
        "it was paid before"
    );
}

#[tokio::test]
async fn only_what_is_in_the_catalogue_is_taken_up_and_who_takes_it_keeps_it() {
    let manager = new_manager().await;
    let (course, modules) = manager.publish(json!({}), 1).await;
    let (member, late) = (Person::member().await, Person::member().await);
    let enrollment = member.enroll(&course).await;
    manager
        .patch(&format!("/v1/courses/{course}"), &json!({"isPublished": false}))
        .await
        .expect(StatusCode::OK);
    assert_eq!(late.ask_to_enroll(&course).await.status, StatusCode::NOT_FOUND);
    let detail = manager.ask_to_enroll(&course).await.detail(StatusCode::CONFLICT);
    assert_eq!(detail, "This course cannot be taken up now.");
    assert_eq!(
        member.json(&format!("/v1/courses/{course}")).await["isPublished"],
        false
    );
    let done = member.record(&enrollment, &modules[0], 100).await;
    assert_eq!(done["status"], "COMPLETED");
}

#[tokio::test]
async fn requests_are_guarded_and_repeated_safely() {
    let manager = new_manager().await;
    let (course, _) = manager.publish(json!({}), 1).await;
    let member = Person::member().await;
    let path = format!("/v1/courses/{course}/enrollment");
    assert_eq!(
        member.delete(&path).await.status,
        StatusCode::NOT_FOUND,
        "nothing to give up"
    );
    let key = marker();
    let headers = [("idempotency-key", key.as_str())];
    let once = member.send(Method::POST, &path, None, &headers).await;
    let twice = member.send(Method::POST, &path, None, &headers).await;
    assert_eq!((once.status, once.body), (StatusCode::CREATED, twice.body));
    let stale = member
        .send(Method::DELETE, &path, None, &[("if-match", "\"9.x\"")])
        .await;
    assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED);
    let unknown = member.ask_to_enroll("0198a7c0-0000-7000-8000-0000000000ff").await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    assert_eq!(
        Person::stranger().ask_to_enroll(&course).await.status,
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn lists_show_the_own_and_to_staff_all_of_a_course() {
    let manager = new_manager().await;
    let (course, modules) = manager.publish(json!({}), 1).await;
    let (other_course, _) = manager.publish(json!({}), 1).await;
    let (ana, bo) = (Person::member().await, Person::member().await);
    let first = ana.enroll(&course).await;
    let second = ana.enroll(&other_course).await;
    let third = bo.enroll(&course).await;
    bo.record(&third, &modules[0], 100).await;
    let ids = |items: &[Value]| items.iter().map(id_of).collect::<Vec<_>>();
    assert_eq!(
        ids(&ana.follow("/v1/enrollments?limit=1").await),
        [second, first.clone()]
    );
    let all = format!("/v1/courses/{course}/enrollments?limit=1");
    assert_eq!(ids(&manager.follow(&all).await), [third.clone(), first.clone()]);
    assert_eq!(
        ids(&manager.follow(&format!("{all}&status=COMPLETED")).await),
        [third]
    );
    let counted = manager.json(&format!("{all}&count=exact")).await;
    assert_eq!(counted["total"], 2);
    let unseen = bo.get(&format!("/v1/enrollments/{first}")).await;
    assert_eq!(unseen.status, StatusCode::NOT_FOUND);
    assert_eq!(
        manager.json(&format!("/v1/enrollments/{first}")).await["userId"],
        ana.id().to_string()
    );
}

#[tokio::test]
async fn of_an_unknown_course_nobody_is_listed() {
    let manager = new_manager().await;
    let path = format!("/v1/courses/{}/enrollments", uuid::Uuid::now_v7());
    assert_eq!(manager.get(&path).await.status, StatusCode::NOT_FOUND);
    let draft = manager.draft(json!({})).await;
    let none = manager.json(&format!("/v1/courses/{draft}/enrollments")).await;
    assert_eq!(none["items"], json!([]));
}
