//! What was paid for something that a merge puts away is found by people.

use reqwest::StatusCode;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::people::{Person, StaffCalls, entry, new_administrator};
use crate::support::{one, owner, run};

#[tokio::test]
async fn what_was_paid_and_is_put_away_is_named_and_found() {
    let staff = new_administrator().await;
    let (keep, merge) = (Person::member().await, Person::member().await);
    let event = Uuid::now_v7();
    let seats = [Uuid::now_v7(), Uuid::now_v7()];
    run(&format!(
        "INSERT INTO events (id, organizer_id, title, type, status, starts_at, ends_at) VALUES ('{event}', '{0}', 'E', 'MEETING', 'REGISTRATION_OPEN', '2120-01-01', '2120-01-02');
        INSERT INTO event_registrations (id, event_id, user_id, status, amount_cents, paid_at) VALUES
            ('{2}', '{event}', '{0}', 'REGISTERED', 500, now()), ('{3}', '{event}', '{1}', 'REGISTERED', 500, now());
        INSERT INTO payments (id, user_id, type, status, amount_cents, registration_id, completed_at, granted_at, delivery, seat_version)
        VALUES (gen_random_uuid(), '{1}', 'EVENT_REGISTRATION', 'COMPLETED', 500, '{3}', now(), now(), 'GIVEN', 1)",
        keep.id(), merge.id(), seats[0], seats[1]
    ))
    .await;
    let report = staff.merged(keep.id(), merge.id()).await;
    assert_eq!(
        entry(&report, "event_registrations")["clashes"][0]["rule"],
        "REFUND_DUE"
    );
    let payment: (Uuid, i64, Uuid) = sqlx::query_as(
        "SELECT user_id, refunded_amount_cents, registration_id FROM payments WHERE registration_id = $1",
    )
    .bind(seats[1])
    .fetch_one(&mut owner().await)
    .await
    .unwrap();
    assert_eq!(
        payment,
        (keep.id(), 0, seats[1]),
        "the payment is the kept account's, for staff to give back"
    );
    assert_eq!(put_away(keep.id()).await, [500]);
}

/// What the findings say of payments for what was put away: how many cents are left of each.
async fn put_away(who: Uuid) -> Vec<i64> {
    sqlx::query_scalar(
        "SELECT p.amount_cents - p.refunded_amount_cents FROM payment_findings AS f JOIN payments AS p ON p.id = f.payment_id
        WHERE p.user_id = $1 AND f.kind = 'PUT_AWAY' AND f.subject = p.id::text AND f.resolved_at IS NULL ORDER BY 1",
    )
    .bind(who)
    .fetch_all(&mut owner().await)
    .await
    .unwrap()
}

#[tokio::test]
async fn money_that_loses_to_what_was_free_is_found_too() {
    let staff = new_administrator().await;
    let (keep, merge) = (Person::member().await, Person::member().await);
    let (event, course) = (Uuid::now_v7(), Uuid::now_v7());
    let (seat, way) = (Uuid::now_v7(), Uuid::now_v7());
    run(&format!(
        "INSERT INTO events (id, organizer_id, title, type, status, starts_at, ends_at) VALUES ('{event}', '{0}', 'E', 'MEETING', 'REGISTRATION_OPEN', '2120-01-01', '2120-01-02');
        INSERT INTO event_registrations (id, event_id, user_id, status, amount_cents, paid_at) VALUES
            (gen_random_uuid(), '{event}', '{0}', 'ATTENDED', 0, NULL), ('{seat}', '{event}', '{1}', 'REGISTERED', 50000, now());
        INSERT INTO courses (id, author_id, title, difficulty) VALUES ('{course}', '{0}', 'C', 'BEGINNER');
        INSERT INTO course_enrollments (id, course_id, user_id, status, progress_percent, amount_cents, paid_at) VALUES
            (gen_random_uuid(), '{course}', '{0}', 'IN_PROGRESS', 5, 0, NULL), ('{way}', '{course}', '{1}', 'ENROLLED', 0, 30000, now());
        INSERT INTO payments (id, user_id, type, status, amount_cents, refunded_amount_cents, registration_id, enrollment_id, completed_at, granted_at, delivery, seat_version) VALUES
            (gen_random_uuid(), '{1}', 'EVENT_REGISTRATION', 'COMPLETED', 50000, 0, '{seat}', NULL, now(), now(), 'GIVEN', 1),
            (gen_random_uuid(), '{1}', 'TRAINING', 'COMPLETED', 30000, 10000, NULL, '{way}', now(), now(), 'GIVEN', NULL)",
        keep.id(), merge.id()
    ))
    .await;
    let preview = staff.preview(keep.id(), merge.id()).await.expect(StatusCode::OK);
    assert_eq!(put_away(merge.id()).await, [0; 0], "a preview finds nothing");
    let report = staff.merged(keep.id(), merge.id()).await;
    assert_eq!(report["entries"], preview["entries"]);
    for table in ["event_registrations", "course_enrollments"] {
        assert_eq!(
            entry(&report, table)["clashes"][0]["rule"],
            "REFUND_DUE",
            "{table}"
        );
    }
    assert_eq!(put_away(keep.id()).await, [20_000, 50_000]);
}

#[tokio::test]
async fn what_is_paid_late_for_a_hold_that_was_put_away_buys_no_second_seat() {
    let staff = new_administrator().await;
    let (keep, merge) = (Person::member().await, Person::member().await);
    let (event, seat) = (Uuid::now_v7(), Uuid::now_v7());
    run(&format!(
        "INSERT INTO events (id, organizer_id, title, type, status, starts_at, ends_at) VALUES ('{event}', '{0}', 'E', 'MEETING', 'REGISTRATION_OPEN', '2120-01-01', '2120-01-02');
        INSERT INTO event_registrations (id, event_id, user_id, status, amount_cents, hold_lapsed_at, cancelled_at) VALUES
            (gen_random_uuid(), '{event}', '{0}', 'REGISTERED', 0, NULL, NULL), ('{seat}', '{event}', '{1}', 'CANCELLED', 700, now(), now());
        INSERT INTO payments (id, user_id, type, status, amount_cents, registration_id) VALUES
            (gen_random_uuid(), '{1}', 'EVENT_REGISTRATION', 'PROCESSING', 700, '{seat}')",
        keep.id(), merge.id()
    ))
    .await;
    staff.merged(keep.id(), merge.id()).await;
    let lapsed: Option<OffsetDateTime> = one(
        "SELECT hold_lapsed_at FROM event_registrations WHERE id = $1 AND status = 'CANCELLED'",
        &seat.to_string(),
    )
    .await;
    assert_eq!(lapsed, None, "only what has lapsed is given to who pays late");
}
