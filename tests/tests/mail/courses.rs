//! What the clock does to courses becomes mail: what was not paid in time, and certificates that run out.

use portal_tests::members::Member;
use uuid::Uuid;

use crate::ses::{recipient, text};
use crate::support::World;

#[tokio::test]
async fn who_did_not_pay_and_who_has_a_certificate_that_runs_out_are_told_once() {
    let mut world = World::create().await;
    let slow = Member::add(&mut world.owner, "slow", &[]).await;
    let certified = Member::add(&mut world.owner, "certified", &[]).await;
    let course = Uuid::now_v7();
    world
        .execute(&format!(
            "INSERT INTO courses (id, author_id, title, difficulty, price_cents) VALUES ('{course}', '{0}', 'Reading plans', 'BEGINNER', 5);
            INSERT INTO course_enrollments (id, course_id, user_id, amount_cents, hold_expires_at)
                VALUES (gen_random_uuid(), '{course}', '{0}', 5, now() - interval '1 minute');
            INSERT INTO course_enrollments (id, course_id, user_id, status, completed_at, certificate_number, certificate_holder,
                certificate_course, certificate_expires_at)
                VALUES (gen_random_uuid(), '{course}', '{1}', 'COMPLETED', now() - interval '1 year', '8Q2T-M4XA-0V7K-PD33', 'Certified Member',
                'Reading plans', now() + interval '20 days')",
            slow.id, certified.id
        ))
        .await;
    let report = world.run().await;
    assert_eq!((report.enrollments_lapsed, report.certificates_reminded), (1, 1));
    // What is put in goes out by the next run at the latest.
    let report = world.run().await;
    assert_eq!((report.enrollments_lapsed, report.certificates_reminded), (0, 0));
    world.run().await;
    let mails = world.ses.taken();
    let mut told: Vec<_> = mails.iter().map(|mail| (recipient(mail), text(mail))).collect();
    told.sort();
    let [(first, reminder), (second, lapsed)] = told.as_slice() else {
        panic!("{told:?}")
    };
    assert_eq!((*first, *second), ("certified@example.org", "slow@example.org"));
    assert!(
        reminder.contains("runs out within 30 days") && reminder.contains("8Q2T-M4XA-0V7K-PD33"),
        "{reminder}"
    );
    assert!(
        lapsed.contains("not paid in time") && lapsed.contains("Reading plans"),
        "{lapsed}"
    );
}
