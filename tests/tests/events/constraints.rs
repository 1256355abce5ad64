//! What the database itself refuses, whatever writes.

use portal_tests::database::TestDatabase;
use portal_tests::members::Member;
use sqlx::PgConnection;
use uuid::Uuid;

/// An event with one seat, and a registration that waits.
async fn waiting(owner: &mut PgConnection) -> (Uuid, Uuid) {
    let member = Member::add(owner, "waiting", &[]).await;
    let (event, registration) = (Uuid::now_v7(), Uuid::now_v7());
    sqlx::query(
        "INSERT INTO events (id, organizer_id, title, type, status, starts_at, ends_at, max_capacity)
        VALUES ($1, $2, 'A talk', 'TRAINING', 'REGISTRATION_OPEN', now() + interval '1 day', now() + interval '2 days', 1)",
    )
    .bind(event)
    .bind(member.id)
    .execute(&mut *owner)
    .await
    .unwrap();
    sqlx::query(
        "INSERT INTO event_registrations (id, event_id, user_id, status, waitlisted_at) VALUES ($1, $2, $3, 'WAITLISTED', now())",
    )
    .bind(registration)
    .bind(event)
    .bind(member.id)
    .execute(owner)
    .await
    .unwrap();
    (event, registration)
}

/// The constraint or the state that a statement about a row runs into.
async fn refused(owner: &mut PgConnection, sql: &str, id: Uuid) -> String {
    let error = sqlx::query(sql).bind(id).execute(owner).await.expect_err(sql);
    let error = error.into_database_error().unwrap();
    let constraint = error.constraint().map(str::to_owned);
    constraint.unwrap_or_else(|| error.code().unwrap().into_owned())
}

#[tokio::test]
async fn rows_that_cannot_be_are_refused() {
    let database = TestDatabase::create().await;
    let mut owner = database.connect("owner").await;
    let (event, registration) = waiting(&mut owner).await;
    for (change, constraint) in [
        ("price_kind = 'NONE'", "event_registrations_price_kind_check"),
        ("seat_version = 0", "event_registrations_seat_version_check"),
        ("unpaid_holds = -1", "event_registrations_unpaid_holds_check"),
        (
            "checked_in_at = now(), checked_in_from = 'ATTENDED'",
            "event_registrations_checked_in_from_check",
        ),
        (
            "checked_in_from = 'REGISTERED'",
            "event_registrations_from_when_in",
        ),
        (
            "status = 'ATTENDED', amount_cents = 500",
            "event_registrations_attended_paid",
        ),
        (
            "hold_expires_at = now()",
            "event_registrations_holds_of_registered",
        ),
        (
            "status = 'CANCELLED', offer_expires_at = now()",
            "event_registrations_offers_to_waiting",
        ),
    ] {
        let sql = format!("UPDATE event_registrations SET {change} WHERE id = $1");
        assert_eq!(refused(&mut owner, &sql, registration).await, constraint);
    }
    for (change, constraint) in [
        ("time_zone = 'Mars/Olympus'", "22023"),
        ("time_zone = 'Factory'", "22023"),
        (
            "registration_opens_at = now(), registration_deadline = now()",
            "events_registration_order",
        ),
        ("max_capacity = 1, registered_count = 2", "events_capacity"),
    ] {
        let sql = format!("UPDATE events SET {change} WHERE id = $1");
        assert_eq!(refused(&mut owner, &sql, event).await, constraint);
    }
    let short = "INSERT INTO calendar_tokens (user_id, token_hash) SELECT organizer_id, 'short' FROM events WHERE id = $1";
    assert_eq!(
        refused(&mut owner, short, event).await,
        "calendar_tokens_token_hash_check"
    );
}

#[tokio::test]
async fn seats_are_counted_whatever_writes_and_none_is_one_too_many() {
    let database = TestDatabase::create().await;
    let mut owner = database.connect("owner").await;
    let (event, registration) = waiting(&mut owner).await;
    let set = async |owner: &mut PgConnection, change: &str| -> (i32, i32) {
        sqlx::query(&format!("UPDATE event_registrations SET {change} WHERE id = $1"))
            .bind(registration)
            .execute(&mut *owner)
            .await
            .unwrap();
        sqlx::query_as(
            "SELECT e.registered_count, r.seat_version FROM events AS e JOIN event_registrations AS r ON r.event_id = e.id
            WHERE r.id = $1",
        )
        .bind(registration)
        .fetch_one(owner)
        .await
        .unwrap()
    };
    for (change, counted) in [
        ("offer_expires_at = now()", (1, 2)),
        ("status = 'REGISTERED', offer_expires_at = NULL", (1, 2)),
        ("status = 'NO_SHOW'", (0, 2)),
        ("status = 'ATTENDED'", (1, 2)),
        ("status = 'CANCELLED'", (0, 2)),
        ("status = 'REGISTERED'", (1, 3)),
    ] {
        assert_eq!(set(&mut owner, change).await, counted, "{change}");
    }
    let other = Member::add(&mut owner, "other", &[]).await;
    let one_more = "INSERT INTO event_registrations (id, event_id, user_id)
        SELECT gen_random_uuid(), id, (SELECT id FROM users WHERE email = 'other@example.org') FROM events WHERE id = $1";
    assert_eq!(refused(&mut owner, one_more, event).await, "PB409", "{other:?}");
}

#[tokio::test]
async fn what_is_no_draft_has_a_time_of_publication_whatever_writes() {
    let database = TestDatabase::create().await;
    let mut owner = database.connect("owner").await;
    let (event, _) = waiting(&mut owner).await;
    let published = async |owner: &mut PgConnection, change: &str| -> bool {
        sqlx::query_scalar(&format!(
            "UPDATE events SET {change} WHERE id = $1 RETURNING published_at IS NOT NULL"
        ))
        .bind(event)
        .fetch_one(owner)
        .await
        .unwrap()
    };
    assert!(published(&mut owner, "title = 'It was added without one'").await);
    assert!(published(&mut owner, "published_at = NULL").await);
    for (change, has_one) in [
        ("status = 'DRAFT', published_at = NULL", false),
        ("status = 'CANCELLED', cancelled_at = now()", false),
        ("status = 'REGISTRATION_OPEN'", true),
        ("status = 'CANCELLED'", true),
    ] {
        assert_eq!(published(&mut owner, change).await, has_one, "{change}");
    }
}

#[tokio::test]
async fn holds_that_were_not_paid_are_counted_and_no_money_stays_with_a_seat_that_is_gone() {
    let database = TestDatabase::create().await;
    let mut owner = database.connect("owner").await;
    let (_, registration) = waiting(&mut owner).await;
    let held = "status = 'REGISTERED', amount_cents = 500, hold_expires_at = now() + interval '1 hour'";
    let gone = "status = 'CANCELLED', hold_expires_at = NULL";
    for (change, holds, is_paid) in [
        (held, 0, false),
        (gone, 1, false),
        (held, 1, false),
        (
            "status = 'REGISTERED', paid_at = now(), hold_expires_at = NULL",
            0,
            true,
        ),
        (gone, 0, false),
        ("status = 'REGISTERED', paid_at = now()", 0, true),
    ] {
        let sql = format!(
            "UPDATE event_registrations SET {change} WHERE id = $1 RETURNING unpaid_holds, paid_at IS NOT NULL"
        );
        let after: (i32, bool) = sqlx::query_as(&sql)
            .bind(registration)
            .fetch_one(&mut owner)
            .await
            .unwrap();
        assert_eq!(after, (holds, is_paid), "{change}");
    }
}
