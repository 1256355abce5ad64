//! A run passes on seats whose time has run out, closes what is over, and sends the mails that this causes.

use std::collections::BTreeSet;

use notify::Report;
use portal_tests::members::Member;
use serde_json::json;
use uuid::Uuid;

use crate::ses::recipient;
use crate::support::World;

/// An event with one seat that begins and ends so many hours from now.
async fn event(world: &mut World, starts_in: i32, ends_in: i32) -> Uuid {
    let organizer = Member::add(&mut world.owner, &Uuid::new_v4().to_string(), &[]).await;
    let event = Uuid::now_v7();
    sqlx::query(
        "INSERT INTO events (id, organizer_id, title, type, status, starts_at, ends_at, max_capacity)
        VALUES ($1, $2, 'A talk', 'TRAINING', 'REGISTRATION_OPEN', now() + $3 * interval '1 hour', now() + $4 * interval '1 hour', 1)",
    )
    .bind(event)
    .bind(organizer.id)
    .bind(starts_in)
    .bind(ends_in)
    .execute(&mut world.owner)
    .await
    .unwrap();
    event
}

/// A member's registration for it, in a state.
async fn register(world: &mut World, event: Uuid, name: &str, status: &str, hold: Option<&str>) {
    let member = Member::add(&mut world.owner, name, &[]).await;
    sqlx::query(
        "INSERT INTO event_registrations (id, event_id, user_id, status, amount_cents, waitlisted_at, hold_expires_at)
        VALUES ($1, $2, $3, $4, 700, CASE WHEN $4 = 'WAITLISTED' THEN clock_timestamp() END, now() + $5::text::interval)",
    )
    .bind(Uuid::now_v7())
    .bind(event)
    .bind(member.id)
    .bind(status)
    .bind(hold)
    .execute(&mut world.owner)
    .await
    .unwrap();
}

/// An event whose seat was held by one for too long, while another waits.
async fn run_out(world: &mut World, holder: &str, waiting: &str) -> Uuid {
    let event = event(world, 24, 26).await;
    register(world, event, holder, "REGISTERED", Some("-1 second")).await;
    register(world, event, waiting, "WAITLISTED", None).await;
    event
}

#[tokio::test]
async fn what_has_run_out_is_passed_on_and_told_in_one_run() {
    let mut world = World::create().await;
    run_out(&mut world, "ana", "ben").await;
    let over = event(&mut world, -3, -1).await;
    register(&mut world, over, "carl", "REGISTERED", None).await;
    let report = world.run().await;
    assert_eq!(
        (
            report.events_settled,
            report.events_closed,
            report.events_failed,
            report.sent
        ),
        (1, 1, 0, 2)
    );
    let taken = world.ses.taken();
    let told: BTreeSet<_> = taken
        .iter()
        .map(|mail| {
            (
                recipient(mail),
                mail["Content"]["Simple"]["Subject"]["Data"].as_str().unwrap(),
            )
        })
        .collect();
    let expected = [
        ("ana@example.org", "Your seat is no longer held: A talk"),
        ("ben@example.org", "A seat is free for you: A talk"),
    ];
    assert_eq!(told, BTreeSet::from(expected));
    let stand = "SELECT jsonb_object_agg(u.first_name, r.status) FROM event_registrations AS r JOIN users AS u ON u.id = r.user_id";
    assert_eq!(
        world.scalar(stand).await,
        json!({"ana": "CANCELLED", "ben": "WAITLISTED", "carl": "NO_SHOW"})
    );
    assert_eq!(world.run().await, Report::default(), "nothing is left to do");
}

#[tokio::test]
async fn one_event_that_cannot_be_settled_keeps_no_other_waiting() {
    let mut world = World::create().await;
    let odd = run_out(&mut world, "odd", "waits").await;
    run_out(&mut world, "ana", "ben").await;
    world
        .execute(&format!(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$;
            CREATE TRIGGER refuse BEFORE UPDATE ON event_registrations FOR EACH ROW
                WHEN (OLD.event_id = '{odd}') EXECUTE FUNCTION refuse()"
        ))
        .await;
    let report = world.run().await;
    assert_eq!(
        (report.events_settled, report.events_failed, report.sent),
        (1, 1, 2)
    );
}

#[tokio::test]
async fn who_has_a_seat_is_reminded_a_day_before_once_for_each_start() {
    let mut world = World::create().await;
    let soon = event(&mut world, 23, 25).await;
    let later = event(&mut world, 30, 32).await;
    world
        .execute("UPDATE events SET max_capacity = NULL, city = 'Oakland'")
        .await;
    register(&mut world, soon, "ana", "REGISTERED", None).await;
    world
        .execute("UPDATE event_registrations SET amount_cents = 0")
        .await;
    register(&mut world, soon, "unpaid", "REGISTERED", Some("1 hour")).await;
    register(&mut world, later, "ben", "REGISTERED", None).await;
    world
        .execute("UPDATE event_registrations SET paid_at = now() WHERE hold_expires_at IS NULL AND amount_cents > 0")
        .await;
    let report = world.run().await;
    assert_eq!((report.members_reminded, report.sent), (1, 1));
    let taken = world.ses.taken();
    assert_eq!(recipient(&taken[0]), "ana@example.org");
    let said = &taken[0]["Content"]["Simple"];
    assert_eq!(said["Subject"]["Data"], "Your event begins soon: A talk");
    assert!(
        said["Body"]["Text"]["Data"]
            .as_str()
            .unwrap()
            .contains("Where: Oakland")
    );
    assert_eq!(world.run().await, Report::default(), "once");
    // An event that is moved is another day: of that its members are reminded anew.
    world
        .execute(&format!(
            "UPDATE events SET starts_at = starts_at - interval '1 hour' WHERE id = '{soon}'"
        ))
        .await;
    let report = world.run().await;
    assert_eq!((report.members_reminded, report.sent), (1, 1));
    let version = format!("SELECT to_jsonb(version) FROM events WHERE id = '{soon}'");
    assert_eq!(
        world.scalar(&version).await,
        json!(3),
        "two changes; to be reminded of is none"
    );
}

#[tokio::test]
async fn who_wants_no_mails_about_events_is_not_reminded() {
    let mut world = World::create().await;
    let soon = event(&mut world, 23, 25).await;
    register(&mut world, soon, "ana", "REGISTERED", None).await;
    world
        .execute(
            "UPDATE event_registrations SET amount_cents = 0;
            UPDATE users SET notification_preferences = '{\"events\": {\"email\": false}}' WHERE first_name = 'ana'",
        )
        .await;
    let report = world.run().await;
    assert_eq!((report.sent, report.suppressed), (0, 1));
}

#[tokio::test]
async fn a_free_seat_that_only_a_suspended_member_waits_for_is_no_work() {
    let mut world = World::create().await;
    let event = event(&mut world, 48, 50).await;
    register(&mut world, event, "ana", "WAITLISTED", None).await;
    world
        .execute("UPDATE users SET is_active = false WHERE first_name = 'ana'")
        .await;
    assert_eq!(world.run().await, Report::default());
}
