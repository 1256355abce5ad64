//! What a payment does to an enrolment, as the webhook will call it: once, also late, and never for who has given the course up.

use portal_data::enrollments::Payment;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::people::{CourseCalls as _, Person, new_manager};
use crate::support::{alter, mailed, pay};

#[tokio::test]
async fn a_payment_opens_a_course_once() {
    let manager = new_manager().await;
    let (course, modules) = manager.publish(json!({"priceCents": 700}), 1).await;
    let member = Person::member().await;
    let enrollment = member.enroll(&course).await;
    assert_eq!(pay(&enrollment, 600).await, Payment::OtherAmount);
    assert_eq!(
        member.ask_to_record(&enrollment, &modules[0], 1).await.status,
        StatusCode::CONFLICT
    );
    assert_eq!(pay(&enrollment, 700).await, Payment::Opened);
    assert_eq!(pay(&enrollment, 700).await, Payment::PaidBefore);
    let own = member.json(&format!("/v1/enrollments/{enrollment}")).await;
    assert!(
        own["paidAt"].is_string() && own["holdExpiresAt"] == Value::Null,
        "{own}"
    );
    assert_eq!(
        mailed(member.id(), &course).await,
        ["COURSE_HELD", "COURSE_ENROLLED"]
    );
    assert_eq!(
        member.record(&enrollment, &modules[0], 100).await["status"],
        "COMPLETED"
    );
    assert_eq!(pay(&enrollment, 700).await, Payment::PaidBefore);
}

#[tokio::test]
async fn a_late_payment_counts_and_one_for_what_was_given_up_does_not() {
    let manager = new_manager().await;
    let (course, modules) = manager.publish(json!({"priceCents": 700}), 1).await;
    let (late, gone) = (Person::member().await, Person::member().await);
    let lapsed = late.enroll(&course).await;
    alter(
        "UPDATE course_enrollments SET status = 'DROPPED', hold_expires_at = NULL, hold_lapsed_at = now() WHERE id = $1",
        &lapsed,
    )
    .await;
    assert_eq!(pay(&lapsed, 700).await, Payment::Opened);
    assert_eq!(
        late.record(&lapsed, &modules[0], 5).await["status"],
        "IN_PROGRESS"
    );
    let dropped = gone.enroll(&course).await;
    gone.delete(&format!("/v1/courses/{course}/enrollment"))
        .await
        .expect(StatusCode::NO_CONTENT);
    assert_eq!(pay(&dropped, 700).await, Payment::GivenUp);
    let free = manager.publish(json!({}), 1).await.0;
    let enrollment = gone.enroll(&free).await;
    assert_eq!(
        pay(&enrollment, 0).await,
        Payment::OtherAmount,
        "there is nothing to pay"
    );
}
