//! Mails whose cause is gone, or that another has overtaken, do not go out.

use portal_data::{RequestContext, announcements};
use portal_domain::Caller;
use portal_tests::members::Member;
use serde_json::{Value, json};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::support::World;

/// An urgent announcement, and its mails put in and not sent.
async fn announced(world: &mut World) -> Uuid {
    let staff = Member::add(&mut world.owner, "staff", &[]).await;
    for name in ["ana", "ben"] {
        Member::add(&mut world.owner, name, &[]).await;
    }
    let id = Uuid::now_v7();
    world
        .execute(&format!(
            "INSERT INTO announcements (id, author_id, title, content, is_urgent)
            VALUES ('{id}', '{}', 'The office is closed', 'Today.', true)",
            staff.id
        ))
        .await;
    let jobs = world.database.open("portal_jobs", false).await;
    let context = RequestContext::new(Uuid::now_v7(), Caller::Anonymous);
    let mut tx = jobs.begin(&context).await.unwrap();
    assert!(
        announcements::publish(&mut tx, OffsetDateTime::now_utc(), 10)
            .await
            .unwrap()
    );
    tx.commit().await.unwrap();
    assert_eq!(world.states().await, json!({"PENDING": 3}));
    id
}

#[tokio::test]
async fn an_announcement_that_is_withdrawn_or_ended_takes_its_mails_with_it() {
    for change in [
        "deleted_at = now()",
        "publish_at = now() - interval '1 hour', expires_at = now()",
    ] {
        let mut world = World::create().await;
        let id = announced(&mut world).await;
        // One is on its way already.
        world
            .execute(
                "UPDATE outbox SET claimed_until = now() + interval '1 minute'
                WHERE id = (SELECT min(id::text)::uuid FROM outbox)",
            )
            .await;
        world
            .execute(&format!("UPDATE announcements SET {change} WHERE id = '{id}'"))
            .await;
        assert_eq!(
            world.states().await,
            json!({"PENDING": 1, "SUPPRESSED": 2}),
            "{change}"
        );
    }
}

#[tokio::test]
async fn an_announcement_that_stays_keeps_its_mails() {
    let mut world = World::create().await;
    let id = announced(&mut world).await;
    world
        .execute(&format!(
            "UPDATE announcements SET title = 'Other', expires_at = now() + interval '1 hour' WHERE id = '{id}'"
        ))
        .await;
    assert_eq!(world.run().await.sent, 3);
}

#[tokio::test]
async fn an_announcement_that_runs_out_while_its_mails_wait_is_mailed_no_more() {
    let mut world = World::create().await;
    let id = announced(&mut world).await;
    // As the clock does it: no statement touches the announcement at the moment of its end.
    world
        .execute(&format!(
            "ALTER TABLE announcements DISABLE TRIGGER withdraw_mails;
            UPDATE announcements SET publish_at = now() - interval '2 hours', expires_at = now() - interval '1 hour' WHERE id = '{id}';
            ALTER TABLE announcements ENABLE TRIGGER withdraw_mails"
        ))
        .await;
    let report = world.run().await;
    assert_eq!((report.sent, report.suppressed), (0, 3), "{report:?}");
}

/// An event, a member's registration for it in a state, and mails to the member about it.
async fn seat(
    world: &mut World,
    status: &str,
    columns: &str,
    values: &str,
    kinds: &[&str],
) -> (Uuid, Member) {
    let member = Member::add(&mut world.owner, &Uuid::new_v4().to_string(), &[]).await;
    let event = Uuid::now_v7();
    world
        .execute(&format!(
            "INSERT INTO events (id, organizer_id, title, type, status, starts_at, ends_at)
            VALUES ('{event}', '{0}', 'A talk', 'TRAINING', 'REGISTRATION_OPEN', now() + interval '1 day', now() + interval '2 days');
            INSERT INTO event_registrations (id, event_id, user_id, status, {columns})
            VALUES (gen_random_uuid(), '{event}', '{0}', '{status}', {values})",
            member.id
        ))
        .await;
    for kind in kinds {
        write(world, event, member, kind).await;
    }
    (event, member)
}

async fn write(world: &mut World, event: Uuid, member: Member, kind: &str) {
    world
        .execute(&format!(
            "INSERT INTO outbox (id, user_id, kind, recipient, payload) VALUES (gen_random_uuid(), '{}', '{kind}', '{kind}@example.org',
                '{{\"eventId\": \"{event}\", \"title\": \"A talk\"}}')",
            member.id
        ))
        .await;
}

/// What became of the mails, by their kinds.
async fn fates(world: &mut World) -> Value {
    world
        .scalar("SELECT COALESCE(jsonb_object_agg(kind, state), '{}') FROM outbox WHERE recipient = kind || '@example.org'")
        .await
}

#[tokio::test]
async fn a_mail_about_a_seat_takes_the_place_of_those_before_it() {
    let mut world = World::create().await;
    let kinds = [
        "EVENT_REGISTERED",
        "EVENT_WAITLISTED",
        "EVENT_SEAT_OFFERED",
        "EVENT_CHANGED",
    ];
    let (event, member) = seat(&mut world, "REGISTERED", "amount_cents", "0", &kinds).await;
    let other = Member::add(&mut world.owner, "other", &[]).await;
    write(&mut world, event, other, "EVENT_HOLD_EXPIRED").await;
    write(&mut world, event, member, "EVENT_HELD").await;
    assert_eq!(
        fates(&mut world).await,
        json!({
            "EVENT_REGISTERED": "SUPPRESSED", "EVENT_WAITLISTED": "SUPPRESSED", "EVENT_SEAT_OFFERED": "SUPPRESSED",
            // Another's, and another story.
            "EVENT_HOLD_EXPIRED": "PENDING", "EVENT_CHANGED": "PENDING", "EVENT_HELD": "PENDING",
        })
    );
}

#[tokio::test]
async fn a_mail_that_is_not_so_any_more_does_not_go_out() {
    let now_held = (
        "REGISTERED",
        "amount_cents, hold_expires_at",
        "5, now() + interval '1 hour'",
    );
    let registered = ("REGISTERED", "amount_cents", "0");
    let gone = ("CANCELLED", "cancelled_at", "now()");
    let waiting = ("WAITLISTED", "waitlisted_at", "now()");
    let offered = (
        "WAITLISTED",
        "waitlisted_at, offer_expires_at",
        "now(), now() + interval '1 hour'",
    );
    for ((status, columns, values), kind, goes_out) in [
        (registered, "EVENT_REGISTERED", true),
        (gone, "EVENT_REGISTERED", false),
        (now_held, "EVENT_HELD", true),
        (registered, "EVENT_HELD", false),
        (waiting, "EVENT_WAITLISTED", true),
        (offered, "EVENT_WAITLISTED", false),
        (offered, "EVENT_SEAT_OFFERED", true),
        (registered, "EVENT_SEAT_OFFERED", false),
        (waiting, "EVENT_SEAT_OFFERED", false),
    ] {
        let mut world = World::create().await;
        seat(&mut world, status, columns, values, &[kind]).await;
        let report = world.run().await;
        assert_eq!(
            fates(&mut world).await[kind],
            if goes_out { "SENT" } else { "SUPPRESSED" },
            "{status} {values} {kind}: {report:?}"
        );
    }
}

#[tokio::test]
async fn of_an_event_that_is_gone_it_is_only_said_that_it_was_called_off() {
    for change in ["deleted_at = now()", "status = 'CANCELLED', cancelled_at = now()"] {
        let mut world = World::create().await;
        let kinds = ["EVENT_REGISTERED", "EVENT_CHANGED", "EVENT_CANCELLED"];
        let (event, _) = seat(&mut world, "REGISTERED", "amount_cents", "0", &kinds).await;
        world
            .execute(&format!("UPDATE events SET {change} WHERE id = '{event}'"))
            .await;
        world.run().await;
        assert_eq!(
            fates(&mut world).await,
            json!({"EVENT_REGISTERED": "SUPPRESSED", "EVENT_CHANGED": "SUPPRESSED", "EVENT_CANCELLED": "SENT"}),
            "{change}"
        );
    }
}
