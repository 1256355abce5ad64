//! Many at once: one enrolment for each, one certificate, and no completion by modules that are being taken away.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use reqwest::StatusCode;
use serde_json::json;

use crate::people::{CourseCalls as _, Person, new_manager};
use crate::support::{id_of, mailed, owner, text_of};

#[tokio::test]
async fn who_takes_a_course_up_many_times_at_once_takes_it_once() {
    let manager = new_manager().await;
    let (course, _) = manager.publish(json!({}), 1).await;
    let member = Person::member().await;
    let replies = join_all((0..8).map(|_| member.ask_to_enroll(&course))).await;
    let taken = replies
        .iter()
        .filter(|reply| reply.status == StatusCode::CREATED)
        .count();
    let refused = replies
        .iter()
        .filter(|reply| reply.status == StatusCode::CONFLICT)
        .count();
    assert_eq!((taken, refused), (1, 7));
    let list = member.json("/v1/enrollments").await;
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn the_last_module_done_many_times_at_once_gives_one_certificate() {
    let manager = new_manager().await;
    let (course, modules) = manager.publish(json!({}), 3).await;
    let member = Person::member().await;
    let enrollment = member.enroll(&course).await;
    // Every module several times at once, in any order, with steps back among them.
    let requests = modules
        .iter()
        .flat_map(|module| [100, 40, 100].map(|percent| member.ask_to_record(&enrollment, module, percent)));
    let replies = join_all(requests).await;
    let numbers: BTreeSet<String> = replies
        .into_iter()
        .map(|reply| reply.expect(StatusCode::OK))
        .filter(|enrollment| enrollment["status"] == "COMPLETED")
        .map(|enrollment| text_of(&enrollment, "certificateNumber"))
        .collect();
    assert_eq!(numbers.len(), 1, "{numbers:?}");
    let now = member.json(&format!("/v1/enrollments/{enrollment}")).await;
    assert_eq!(
        (&now["status"], &now["progressPercent"]),
        (&json!("COMPLETED"), &json!(100))
    );
    assert_eq!(
        mailed(member.id(), &course).await,
        ["COURSE_ENROLLED", "COURSE_COMPLETED"]
    );
}

#[tokio::test]
async fn members_who_finish_while_modules_change_are_left_neither_done_nor_undone() {
    let manager = new_manager().await;
    let (course, modules) = manager.publish(json!({}), 2).await;
    let mut members = Vec::new();
    for _ in 0..6 {
        let member = Person::member().await;
        let enrollment = member.enroll(&course).await;
        members.push((member, enrollment));
    }
    // Each does the first module while the second, which they have not done, is taken away.
    let finish = join_all(
        members
            .iter()
            .map(|(member, enrollment)| member.ask_to_record(enrollment, &modules[0], 100)),
    );
    let path = format!("/v1/courses/{course}/modules/{}", modules[1]);
    let (finished, removed) = tokio::join!(finish, manager.delete(&path));
    removed.expect(StatusCode::NO_CONTENT);
    for reply in finished {
        reply.expect(StatusCode::OK);
    }
    for (member, enrollment) in &members {
        let now = member.json(&format!("/v1/enrollments/{enrollment}")).await;
        assert_eq!(now["status"], "COMPLETED", "whichever was first: {now}");
        assert_eq!(id_of(&now), *enrollment);
    }
    let distinct: i64 = sqlx::query_scalar(
        "SELECT count(DISTINCT certificate_number) FROM course_enrollments WHERE course_id = $1::uuid AND certificate_number IS NOT NULL",
    )
    .bind(course.parse::<uuid::Uuid>().unwrap())
    .fetch_one(&mut owner().await)
    .await
    .unwrap();
    assert_eq!(distinct, 6);
}
