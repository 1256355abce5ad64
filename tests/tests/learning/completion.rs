//! When a course is completed: by its rule, once, for good, and also by a change of its modules.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::people::{CourseCalls as _, Person, new_manager};
use crate::support::{alter, mailed, text_of};

#[tokio::test]
async fn enough_of_the_required_modules_complete_a_course() {
    let manager = new_manager().await;
    let (course, modules) = manager
        .publish(json!({"completionPercent": 60, "certificateValidMonths": 12}), 3)
        .await;
    let optional = manager
        .add_module(&course, json!({"title": "More", "isRequired": false}))
        .await;
    let member = Person::member().await;
    let enrollment = member.enroll(&course).await;
    member.record(&enrollment, &optional, 100).await;
    let one = member.record(&enrollment, &modules[0], 100).await;
    assert_eq!(
        (&one["status"], &one["progressPercent"]),
        (&json!("IN_PROGRESS"), &json!(33))
    );
    let nearly = member.record(&enrollment, &modules[1], 99).await;
    assert_eq!(
        (&nearly["status"], &nearly["certificateNumber"]),
        (&json!("IN_PROGRESS"), &Value::Null)
    );
    let done = member.record(&enrollment, &modules[1], 100).await;
    assert_eq!(
        (&done["status"], &done["progressPercent"]),
        (&json!("COMPLETED"), &json!(66))
    );
    assert!(
        done["completedAt"].is_string() && done["certificateExpiresAt"].is_string(),
        "{done}"
    );
    assert_eq!(text_of(&done, "certificateNumber").len(), 19);
    // Who goes on keeps the certificate as it is.
    let whole = member.record(&enrollment, &modules[2], 100).await;
    assert_eq!(whole["progressPercent"], 100);
    for field in [
        "certificateNumber",
        "completedAt",
        "certificateExpiresAt",
        "status",
    ] {
        assert_eq!(whole[field], done[field], "{field}");
    }
    assert_eq!(
        mailed(member.id(), &course).await,
        ["COURSE_ENROLLED", "COURSE_COMPLETED"]
    );
    let dropped = member.delete(&format!("/v1/courses/{course}/enrollment")).await;
    assert!(
        dropped
            .detail(StatusCode::CONFLICT)
            .contains("your enrolment is COMPLETED")
    );
}

#[tokio::test]
async fn a_module_that_is_added_later_takes_no_certificate_away() {
    let manager = new_manager().await;
    let (course, modules) = manager.publish(json!({}), 1).await;
    let (done, late) = (Person::member().await, Person::member().await);
    let completed = done.complete(&course, &modules).await;
    let under_way = late.enroll(&course).await;
    late.record(&under_way, &modules[0], 50).await;
    let added = manager.add_module(&course, json!({"title": "New"})).await;
    let id = text_of(&completed, "id");
    let still = done.json(&format!("/v1/enrollments/{id}")).await;
    for field in ["status", "certificateNumber", "completedAt", "version"] {
        assert_eq!(still[field], completed[field], "{field}");
    }
    assert_eq!(
        late.json(&format!("/v1/enrollments/{under_way}")).await["progressPercent"],
        25
    );
    let more = late.record(&under_way, &modules[0], 100).await;
    assert_eq!(
        more["status"], "IN_PROGRESS",
        "the new module counts for who is under way"
    );
    assert_eq!(late.record(&under_way, &added, 100).await["status"], "COMPLETED");
}

#[tokio::test]
async fn how_far_who_is_done_has_come_follows_what_is_taken_away_and_never_falls() {
    let manager = new_manager().await;
    let (course, modules) = manager.publish(json!({"completionPercent": 60}), 3).await;
    let member = Person::member().await;
    let enrollment = member.enroll(&course).await;
    member.record(&enrollment, &modules[0], 100).await;
    let done = member.record(&enrollment, &modules[1], 100).await;
    assert_eq!(
        (&done["status"], &done["progressPercent"]),
        (&json!("COMPLETED"), &json!(66))
    );
    let path = format!("/v1/enrollments/{enrollment}");
    manager.add_module(&course, json!({"title": "More"})).await;
    assert_eq!(member.json(&path).await["progressPercent"], 66, "it never falls");
    for module in [
        &modules[2],
        &manager.add_module(&course, json!({"title": "And more"})).await,
    ] {
        let gone = manager
            .delete(&format!("/v1/courses/{course}/modules/{module}"))
            .await;
        gone.expect(StatusCode::NO_CONTENT);
    }
    assert_eq!(member.json(&path).await["progressPercent"], 66, "two of three");
    let list = manager.json(&format!("/v1/courses/{course}/modules")).await;
    let last = text_of(&list["items"][2], "id");
    let gone = manager
        .delete(&format!("/v1/courses/{course}/modules/{last}"))
        .await;
    gone.expect(StatusCode::NO_CONTENT);
    let now = member.json(&path).await;
    assert_eq!(now["progressPercent"], 100);
    for field in ["certificateNumber", "completedAt", "status"] {
        assert_eq!(now[field], done[field], "{field}");
    }
}

#[tokio::test]
async fn who_has_done_enough_by_a_change_of_the_course_completes_it() {
    let manager = new_manager().await;
    // Three ways to ask for less; each leaves a member who has done the first of two modules with enough.
    for way in 0..3 {
        let (course, modules) = manager.publish(json!({}), 2).await;
        let (member, idle) = (Person::member().await, Person::member().await);
        let enrollment = member.enroll(&course).await;
        let waiting = idle.enroll(&course).await;
        member.record(&enrollment, &modules[0], 100).await;
        let module = format!("/v1/courses/{course}/modules/{}", modules[1]);
        let changed = match way {
            0 => manager.delete(&module).await.status,
            1 => manager.patch(&module, &json!({"isRequired": false})).await.status,
            _ => {
                let path = format!("/v1/courses/{course}");
                manager
                    .patch(&path, &json!({"completionPercent": 50}))
                    .await
                    .status
            }
        };
        assert!(changed.is_success(), "{way}: {changed}");
        let now = member.json(&format!("/v1/enrollments/{enrollment}")).await;
        assert_eq!(now["status"], "COMPLETED", "{way}: {now}");
        assert!(now["certificateNumber"].is_string());
        assert_eq!(
            mailed(member.id(), &course).await.last().unwrap(),
            "COURSE_COMPLETED"
        );
        let other = idle.json(&format!("/v1/enrollments/{waiting}")).await;
        assert_eq!(other["status"], "ENROLLED", "{way}");
    }
}

#[tokio::test]
async fn who_gave_up_is_not_completed_and_completes_by_coming_back() {
    let manager = new_manager().await;
    let (course, modules) = manager.publish(json!({}), 2).await;
    let member = Person::member().await;
    let enrollment = member.enroll(&course).await;
    member.record(&enrollment, &modules[0], 100).await;
    let path = format!("/v1/courses/{course}/enrollment");
    member.delete(&path).await.expect(StatusCode::NO_CONTENT);
    let gone = manager
        .delete(&format!("/v1/courses/{course}/modules/{}", modules[1]))
        .await;
    gone.expect(StatusCode::NO_CONTENT);
    assert_eq!(
        member.json(&format!("/v1/enrollments/{enrollment}")).await["status"],
        "DROPPED"
    );
    member.enroll(&course).await;
    let now = member.record(&enrollment, &modules[0], 100).await;
    assert_eq!(now["status"], "COMPLETED", "what was done counts: {now}");
}

#[tokio::test]
async fn a_course_is_taken_again_when_its_certificate_runs_out() {
    let manager = new_manager().await;
    let (course, modules) = manager.publish(json!({"certificateValidMonths": 12}), 1).await;
    let member = Person::member().await;
    let first = member.complete(&course, &modules).await;
    let early = member.ask_to_enroll(&course).await.detail(StatusCode::CONFLICT);
    assert!(early.contains("from 60 days before"), "{early}");
    alter(
        "UPDATE course_enrollments SET certificate_expires_at = now() + interval '59 days' WHERE id = $1",
        &text_of(&first, "id"),
    )
    .await;
    let second = member.complete(&course, &modules).await;
    assert_ne!(first["id"], second["id"]);
    assert_ne!(first["certificateNumber"], second["certificateNumber"]);
    let stranger = Person::stranger();
    for number in [
        text_of(&first, "certificateNumber"),
        text_of(&second, "certificateNumber"),
    ] {
        assert_eq!(
            stranger.json(&format!("/v1/certificates/{number}")).await["status"],
            "VALID"
        );
    }
    let again = member.ask_to_enroll(&course).await;
    assert_eq!(
        again.status,
        StatusCode::CONFLICT,
        "the newer one is good for long"
    );
}
