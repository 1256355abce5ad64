//! What the job of every minute does: it gives up what was not paid in time, and reminds who has a certificate that runs out; twice is as
//! good as once.

use portal_data::enrollments;
use serde_json::json;
use time::OffsetDateTime;

use crate::people::{CourseCalls as _, Person, new_manager};
use crate::support::{alter, jobs, mailed, nobody, text_of};

/// Does what is due, as `notify` does.
async fn tick() {
    let jobs = jobs().await;
    let now = OffsetDateTime::now_utc();
    let mut tx = jobs.begin(&nobody()).await.unwrap();
    enrollments::lapse(&mut tx, now, 10_000).await.unwrap();
    enrollments::remind(&mut tx, now, 10_000).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn what_is_not_paid_in_time_is_given_up_once() {
    let manager = new_manager().await;
    let (course, _) = manager.publish(json!({"priceCents": 700}), 1).await;
    let member = Person::member().await;
    let enrollment = member.enroll(&course).await;
    let path = format!("/v1/enrollments/{enrollment}");
    tick().await;
    assert_eq!(member.json(&path).await["status"], "ENROLLED", "there is time");
    alter(
        "UPDATE course_enrollments SET hold_expires_at = now() - interval '1 second' WHERE id = $1",
        &enrollment,
    )
    .await;
    tick().await;
    tick().await;
    let now = member.json(&path).await;
    assert_eq!(
        (&now["status"], now["holdExpiresAt"].is_null()),
        (&json!("DROPPED"), true)
    );
    assert_eq!(
        mailed(member.id(), &course).await,
        ["COURSE_HELD", "COURSE_HOLD_EXPIRED"]
    );
    let again = member.enroll(&course).await;
    assert_eq!(again, enrollment);
    assert_eq!(member.json(&path).await["status"], "ENROLLED");
}

#[tokio::test]
async fn a_member_is_reminded_30_and_7_days_before_a_certificate_runs_out() {
    let manager = new_manager().await;
    let (course, modules) = manager.publish(json!({"certificateValidMonths": 12}), 1).await;
    let member = Person::member().await;
    let id = text_of(&member.complete(&course, &modules).await, "id");
    let reminders = async |days: i32| {
        alter(
            &format!("UPDATE course_enrollments SET certificate_expires_at = now() + interval '{days} days' WHERE id = $1"),
            &id,
        )
        .await;
        tick().await;
        tick().await;
        let kinds = mailed(member.id(), &course).await;
        kinds
            .iter()
            .filter(|kind| *kind == "CERTIFICATE_EXPIRING")
            .count()
    };
    assert_eq!(reminders(31).await, 0);
    assert_eq!(reminders(30).await, 1);
    assert_eq!(reminders(8).await, 1);
    assert_eq!(reminders(7).await, 2);
    assert_eq!(reminders(1).await, 2);
    assert_eq!(reminders(-1).await, 2, "it has run out");
}

#[tokio::test]
async fn who_has_a_newer_certificate_or_a_revoked_one_is_not_reminded() {
    let manager = new_manager().await;
    let (course, modules) = manager.publish(json!({"certificateValidMonths": 12}), 1).await;
    let (renewed, revoked) = (Person::member().await, Person::member().await);
    let soon =
        "UPDATE course_enrollments SET certificate_expires_at = now() + interval '20 days' WHERE id = $1";
    let first = text_of(&renewed.complete(&course, &modules).await, "id");
    // In the past by then, so that it can be taken again.
    alter(
        "UPDATE course_enrollments SET certificate_expires_at = now() WHERE id = $1",
        &first,
    )
    .await;
    renewed.complete(&course, &modules).await;
    alter(soon, &first).await;
    let taken_back = text_of(&revoked.complete(&course, &modules).await, "id");
    alter(
        "UPDATE course_enrollments SET certificate_revoked_at = now(), certificate_revocation_reason = 'x' WHERE id = $1",
        &taken_back,
    )
    .await;
    alter(soon, &taken_back).await;
    tick().await;
    for member in [&renewed, &revoked] {
        let kinds = mailed(member.id(), &course).await;
        assert!(!kinds.contains(&"CERTIFICATE_EXPIRING".to_owned()), "{kinds:?}");
    }
}
