//! Modules: their order, their changes, and who reads what they teach.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::people::{CourseCalls as _, Person, new_manager};
use crate::support::{alter, id_of, pay, with_defaults};

async fn order(person: &Person, course: &str) -> Vec<(i64, String)> {
    let items = person
        .follow(&format!("/v1/courses/{course}/modules?limit=2"))
        .await;
    items
        .iter()
        .map(|module| (module["position"].as_i64().unwrap(), id_of(module)))
        .collect()
}

fn numbered(ids: &[&String]) -> Vec<(i64, String)> {
    (1..).zip(ids.iter().map(|id| (*id).clone())).collect()
}

#[tokio::test]
async fn modules_stand_in_their_order_whatever_is_moved_or_taken_away() {
    let manager = new_manager().await;
    let (course, ids) = manager.publish(json!({}), 4).await;
    let [a, b, c, d] = ids.as_slice() else { panic!() };
    assert_eq!(order(&manager, &course).await, numbered(&[a, b, c, d]));
    let path = format!("/v1/courses/{course}/modules/order");
    let put = async |ids: Value| {
        manager
            .send(Method::PUT, &path, Some(&json!({"moduleIds": ids})), &[])
            .await
    };
    put(json!([d, a, c, b])).await.expect(StatusCode::NO_CONTENT);
    assert_eq!(order(&manager, &course).await, numbered(&[d, a, c, b]));
    for wrong in [
        json!([d, a, c]),
        json!([d, a, c, c]),
        json!([d, a, c, b, b]),
        json!([]),
    ] {
        let detail = put(wrong).await.detail(StatusCode::CONFLICT);
        assert!(detail.contains("each module of the course once"), "{detail}");
    }
    let gone = manager.delete(&format!("/v1/courses/{course}/modules/{a}")).await;
    gone.expect(StatusCode::NO_CONTENT);
    assert_eq!(order(&manager, &course).await, numbered(&[d, c, b]));
    let last = manager.add_module(&course, json!({"title": "Last"})).await;
    assert_eq!(order(&manager, &course).await, numbered(&[d, c, b, &last]));
}

#[tokio::test]
async fn a_module_is_changed_guarded_by_its_tag() {
    let manager = new_manager().await;
    let (course, ids) = manager.publish(json!({}), 1).await;
    let path = format!("/v1/courses/{course}/modules/{}", ids[0]);
    let changed = manager
        .patch(&path, &json!({"content": "Begin here.", "isRequired": false}))
        .await;
    let tag = changed.header("etag").to_owned();
    let body = changed.expect(StatusCode::OK);
    assert_eq!(
        (&body["content"], &body["isRequired"]),
        (&json!("Begin here."), &json!(false))
    );
    let other = manager
        .patch(&path, &json!({"title": "Other"}))
        .await
        .expect(StatusCode::OK);
    assert_eq!(other["version"], body["version"].as_i64().unwrap() + 1);
    for method in [Method::PATCH, Method::DELETE] {
        let stale = manager
            .send(method, &path, Some(&json!({"title": "x"})), &[("if-match", &tag)])
            .await;
        assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED);
    }
    let refused = manager
        .patch(&path, &json!({"title": null, "durationMinutes": 0}))
        .await;
    assert_eq!(refused.pointers(), ["/body/durationMinutes", "/body/title"]);
    let cleared = manager.patch(&path, &json!({"isRequired": null})).await;
    assert_eq!(cleared.pointers(), ["/body/isRequired"], "it would count again");
    let elsewhere = manager.draft(json!({})).await;
    let reply = manager
        .patch(
            &format!("/v1/courses/{elsewhere}/modules/{}", ids[0]),
            &json!({"title": "x"}),
        )
        .await;
    assert_eq!(reply.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_module_is_where_its_answer_says_and_has_a_tag() {
    let manager = new_manager().await;
    let (course, _) = manager.publish(json!({"priceCents": 900}), 1).await;
    let fields = json!({"title": "Two", "content": "The secret of studs."});
    let added = manager
        .post(&format!("/v1/courses/{course}/modules"), &fields)
        .await;
    let location = added.header("location").to_owned();
    let id = id_of(&added.expect(StatusCode::CREATED));
    assert_eq!(location, format!("/v1/courses/{course}/modules/{id}"));
    let shown = manager.get(&location).await;
    let tag = shown.header("etag").to_owned();
    assert_eq!(shown.expect(StatusCode::OK)["content"], "The secret of studs.");
    let again = manager
        .send(Method::GET, &location, None, &[("if-none-match", &tag)])
        .await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
    let changed = manager
        .send(
            Method::PATCH,
            &location,
            Some(&json!({"title": "Second"})),
            &[("if-match", &tag)],
        )
        .await;
    changed.expect(StatusCode::OK);
    let stranger = Person::stranger().json(&location).await;
    assert_eq!(
        (&stranger["title"], &stranger["content"]),
        (&json!("Second"), &Value::Null)
    );
    let elsewhere = manager.draft(json!({})).await;
    let none = manager
        .get(&format!("/v1/courses/{elsewhere}/modules/{id}"))
        .await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_course_in_the_catalogue_has_a_module_at_least() {
    let manager = new_manager().await;
    let published = with_defaults(json!({"isPublished": true}));
    let refused = manager.post("/v1/courses", &published).await;
    assert!(refused.detail(StatusCode::CONFLICT).contains("a module at least"));
    let course = manager.draft(json!({})).await;
    let path = format!("/v1/courses/{course}");
    let publish = async || manager.patch(&path, &json!({"isPublished": true})).await;
    assert_eq!(publish().await.status, StatusCode::CONFLICT);
    assert_eq!(manager.json(&path).await["isPublished"], false);
    let module = manager.add_module(&course, json!({"title": "One"})).await;
    publish().await.expect(StatusCode::OK);
    let last = format!("{path}/modules/{module}");
    assert_eq!(manager.delete(&last).await.status, StatusCode::CONFLICT);
    manager.add_module(&course, json!({"title": "Two"})).await;
    assert_eq!(manager.delete(&last).await.status, StatusCode::NO_CONTENT);
}

/// What of the first module's content somebody is told.
async fn content(person: &Person, course: &str) -> Value {
    let modules = person.json(&format!("/v1/courses/{course}/modules")).await;
    modules["items"][0]["content"].clone()
}

#[tokio::test]
async fn what_a_module_teaches_is_for_who_takes_the_course_and_has_paid() {
    let manager = new_manager().await;
    let (course, modules) = manager.publish(json!({"priceCents": 900}), 1).await;
    let path = format!("/v1/courses/{course}/modules/{}", modules[0]);
    manager
        .patch(&path, &json!({"content": "The secret of studs."}))
        .await
        .expect(StatusCode::OK);
    let taught = json!("The secret of studs.");
    let (member, other) = (Person::member().await, Person::member().await);
    assert_eq!(content(&manager, &course).await, taught);
    for outsider in [&Person::stranger(), &member, &other] {
        assert_eq!(content(outsider, &course).await, Value::Null);
    }
    let enrollment = member.enroll(&course).await;
    assert_eq!(content(&member, &course).await, Value::Null, "held is not paid");
    pay(&enrollment, 900).await;
    assert_eq!(content(&member, &course).await, taught);
    assert_eq!(
        content(&other, &course).await,
        Value::Null,
        "another member's payment"
    );
    let dropped = member.delete(&format!("/v1/courses/{course}/enrollment")).await;
    dropped.expect(StatusCode::NO_CONTENT);
    assert_eq!(content(&member, &course).await, Value::Null, "given up");
    member.enroll(&course).await;
    assert_eq!(content(&member, &course).await, taught, "paid before");
}

#[tokio::test]
async fn an_author_reads_a_course_that_staff_run() {
    let (author, manager) = (new_manager().await, new_manager().await);
    let course = author.draft(json!({})).await;
    manager
        .add_module(&course, json!({"title": "One", "content": "Studs."}))
        .await;
    alter(
        "DELETE FROM user_roles WHERE user_id = (SELECT author_id FROM courses WHERE id = $1)",
        &course,
    )
    .await;
    assert_eq!(content(&author, &course).await, "Studs.");
    let refused = author
        .patch(&format!("/v1/courses/{course}"), &json!({"title": "x"}))
        .await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let stranger = Person::stranger()
        .get(&format!("/v1/courses/{course}/modules"))
        .await;
    assert_eq!(stranger.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_course_has_room_for_so_many_modules() {
    let manager = new_manager().await;
    let course = manager.draft(json!({})).await;
    alter(
        "INSERT INTO course_modules (id, course_id, position, title)
        SELECT gen_random_uuid(), $1, n, 'x' FROM generate_series(1, 200) AS n",
        &course,
    )
    .await;
    let refused = manager
        .post(&format!("/v1/courses/{course}/modules"), &json!({"title": "x"}))
        .await;
    assert!(refused.detail(StatusCode::CONFLICT).contains("at most 200"));
}
