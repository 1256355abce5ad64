//! How often a member may take courses up and give them up.

use reqwest::StatusCode;
use serde_json::json;

use crate::people::{CourseCalls as _, Person, new_manager};
use crate::support::{alter, mailed, owner};

#[tokio::test]
async fn who_takes_a_course_up_again_and_again_is_stopped_and_mailed_once_at_a_time() {
    let manager = new_manager().await;
    let (course, _) = manager.publish(json!({}), 1).await;
    let member = Person::member().await;
    let path = format!("/v1/courses/{course}/enrollment");
    for round in 0..5 {
        let taken = member.ask_to_enroll(&course).await;
        assert_eq!(taken.status, StatusCode::CREATED, "{round}: {}", taken.body);
        let left = 9 - 2 * round;
        assert!(
            taken
                .header("ratelimit")
                .contains(&format!("\"courses-minute\";r={left};")),
            "{}",
            taken.header("ratelimit")
        );
        member.delete(&path).await.expect(StatusCode::NO_CONTENT);
    }
    let refused = member.ask_to_enroll(&course).await;
    let wait: u64 = refused.header("retry-after").parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(mailed(member.id(), &course).await.len(), 5);
    // Of the mails one waits at the most, the last.
    let waiting: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM outbox WHERE user_id = $1 AND kind = 'COURSE_ENROLLED' AND state = 'PENDING'",
    )
    .bind(member.id())
    .fetch_one(&mut owner().await)
    .await
    .unwrap();
    assert!(waiting <= 1, "{waiting}");
    // Another member is not held up, and time passes.
    Person::member().await.enroll(&course).await;
    alter(
        "UPDATE member_turns SET taken = ARRAY(SELECT t - interval '2 minutes' FROM unnest(taken) AS t) WHERE user_id = $1",
        &member.id().to_string(),
    )
    .await;
    member.enroll(&course).await;
}

#[tokio::test]
async fn what_is_refused_for_another_reason_is_no_turn() {
    let manager = new_manager().await;
    let (course, _) = manager.publish(json!({}), 1).await;
    let member = Person::member().await;
    member.enroll(&course).await;
    for _ in 0..12 {
        assert_eq!(member.ask_to_enroll(&course).await.status, StatusCode::CONFLICT);
    }
}
