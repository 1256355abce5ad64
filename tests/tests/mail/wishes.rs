//! What members want to be told of, and when: asked as a mail is sent.

use portal_domain::mail::{Mail, MailKind};
use portal_tests::members::Member;
use serde_json::{Value, json};

use crate::ses::recipient;
use crate::support::{World, link_keys};

async fn add(world: &World, who: Member, kind: MailKind, address: &str) {
    let mut mail = Mail::new(kind, address);
    mail.user_id = Some(who.id.into());
    world.add(&mail).await;
}

fn header<'a>(mail: &'a Value, name: &str) -> Option<&'a str> {
    let headers = mail["Content"]["Simple"]["Headers"].as_array().unwrap();
    let header = headers.iter().find(|header| header["Name"] == name)?;
    header["Value"].as_str()
}

#[tokio::test]
async fn a_topic_that_is_off_is_not_mailed_and_the_account_always_is() {
    let mut world = World::create().await;
    let ana = Member::add(&mut world.owner, "ana", &[]).await;
    world
        .execute(
            "UPDATE users SET notification_preferences = '{\"projects\": {\"email\": false}, \"searches\": false, \"tickets\": true}'",
        )
        .await;
    for (kind, address) in [
        (MailKind::AwardWon, "project@example.org"),
        (MailKind::SavedSearchAlert, "search@example.org"),
        (MailKind::TicketReplied, "ticket@example.org"),
        (MailKind::UrgentAnnouncement, "news@example.org"),
        (MailKind::NewSignIn, "account@example.org"),
    ] {
        add(&world, ana, kind, address).await;
    }
    let report = world.run().await;
    assert_eq!((report.sent, report.suppressed), (3, 2));
    for address in ["project@example.org", "search@example.org"] {
        assert_eq!(world.row(address).await["state"], "SUPPRESSED");
    }
}

#[tokio::test]
async fn optional_mails_carry_a_link_that_ends_them_and_others_do_not() {
    let mut world = World::create().await;
    let ana = Member::add(&mut world.owner, "ana", &[]).await;
    add(&world, ana, MailKind::AwardWon, "project@example.org").await;
    add(&world, ana, MailKind::NewSignIn, "account@example.org").await;
    assert_eq!(world.run().await.sent, 2);
    for mail in world.ses.taken() {
        let link = header(&mail, "List-Unsubscribe");
        if recipient(&mail) == "account@example.org" {
            assert_eq!((link, header(&mail, "List-Unsubscribe-Post")), (None, None));
            continue;
        }
        assert_eq!(
            header(&mail, "List-Unsubscribe-Post"),
            Some("List-Unsubscribe=One-Click")
        );
        let begins = "<https://api.example/v1/notifications/unsubscribe?token=";
        let token = link.unwrap().strip_prefix(begins).unwrap().trim_end_matches('>');
        let named = link_keys().await.get().await.unwrap().verify(token).unwrap();
        assert_eq!(
            (named.member.as_uuid(), named.topic.as_str()),
            (ana.id, "projects")
        );
    }
}

#[tokio::test]
async fn mails_that_can_wait_do_so_until_quiet_hours_are_over() {
    let mut world = World::create().await;
    let ana = Member::add(&mut world.owner, "ana", &[]).await;
    // From an hour ago until in two hours, in a zone of its own; the minutes keep that apart from any real hour.
    world
        .execute(
            "INSERT INTO notification_settings (user_id, time_zone, quiet_from, quiet_until)
            SELECT id, 'Asia/Tokyo', ((now() - interval '1 hour') AT TIME ZONE 'Asia/Tokyo')::time,
                ((now() + interval '2 hours') AT TIME ZONE 'Asia/Tokyo')::time FROM users",
        )
        .await;
    add(&world, ana, MailKind::AwardWon, "project@example.org").await;
    add(&world, ana, MailKind::PasswordChanged, "account@example.org").await;
    let report = world.run().await;
    assert_eq!((report.sent, report.postponed), (1, 1), "{report:?}");
    let row = world.row("project@example.org").await;
    assert_eq!((&row["state"], &row["attempts"]), (&json!("PENDING"), &json!(0)));
    let waits = world
        .scalar("SELECT to_jsonb(round(extract(epoch FROM not_before - now()) / 60)) FROM outbox WHERE state = 'PENDING'")
        .await;
    assert!([119, 120].contains(&waits.as_i64().unwrap()), "{waits}");
    world.execute("DELETE FROM notification_settings").await;
    world.let_pauses_pass().await;
    assert_eq!(world.run().await.sent, 1);
}

#[tokio::test]
async fn what_was_postponed_comes_back_when_quiet_hours_change() {
    let mut world = World::create().await;
    let ana = Member::add(&mut world.owner, "ana", &[]).await;
    world
        .execute(
            "INSERT INTO notification_settings (user_id, time_zone, quiet_from, quiet_until)
            SELECT id, 'Asia/Tokyo', ((now() - interval '1 hour') AT TIME ZONE 'Asia/Tokyo')::time,
                ((now() + interval '2 hours') AT TIME ZONE 'Asia/Tokyo')::time FROM users",
        )
        .await;
    add(&world, ana, MailKind::AwardWon, "project@example.org").await;
    let written = world.row("project@example.org").await["not_before"].clone();
    assert_eq!(world.run().await.postponed, 1);
    // Other hours that it falls into as well: it waits for their end, and is in the line where it was.
    world
        .execute(
            "UPDATE notification_settings SET quiet_until = ((now() + interval '3 hours') AT TIME ZONE 'Asia/Tokyo')::time",
        )
        .await;
    assert_eq!(world.row("project@example.org").await["not_before"], written);
    assert_eq!(world.run().await.postponed, 1);
    assert_eq!(world.run().await.postponed, 0);
    world
        .execute("UPDATE notification_settings SET quiet_from = NULL, quiet_until = NULL")
        .await;
    let report = world.run().await;
    assert_eq!((report.sent, report.postponed), (1, 0), "{report:?}");
}

/// A mail that SES did not take waits for its pause, whatever becomes of quiet hours.
#[tokio::test]
async fn what_waits_for_another_try_is_not_brought_forward() {
    let mut world = World::create().await;
    let ana = Member::add(&mut world.owner, "ana", &[]).await;
    add(&world, ana, MailKind::AwardWon, "project@example.org").await;
    world
        .execute("UPDATE outbox SET not_before = now() + interval '10 minutes', attempts = 1, last_error = 'refused'")
        .await;
    world
        .execute("INSERT INTO notification_settings (user_id, time_zone) SELECT id, 'Asia/Tokyo' FROM users")
        .await;
    assert_eq!(world.run().await.sent, 0);
}

/// The clock of the member decides, also across midnight.
#[tokio::test]
async fn quiet_hours_end_when_the_members_clock_says_so() {
    let mut world = World::create().await;
    for (zone, from, until, at, end) in [
        ("America/Los_Angeles", "22:00", "07:00", "2026-01-10 05:59Z", None),
        (
            "America/Los_Angeles",
            "22:00",
            "07:00",
            "2026-01-10 06:00Z",
            Some("2026-01-10 15:00:00+00"),
        ),
        (
            "America/Los_Angeles",
            "22:00",
            "07:00",
            "2026-01-10 14:59Z",
            Some("2026-01-10 15:00:00+00"),
        ),
        ("America/Los_Angeles", "22:00", "07:00", "2026-01-10 15:00Z", None),
        (
            "America/Los_Angeles",
            "12:00",
            "13:00",
            "2026-07-10 19:30Z",
            Some("2026-07-10 20:00:00+00"),
        ),
        // The night that summer time begins in is an hour shorter.
        (
            "America/Los_Angeles",
            "22:00",
            "07:00",
            "2026-03-08 06:30Z",
            Some("2026-03-08 14:00:00+00"),
        ),
        (
            "UTC",
            "22:00",
            "07:00",
            "2026-03-08 06:30Z",
            Some("2026-03-08 07:00:00+00"),
        ),
    ] {
        let told: Option<String> = sqlx::query_scalar(
            "SELECT (app.quiet_until($1, $2::time, $3::time, $4::timestamptz) AT TIME ZONE 'UTC')::text || '+00'",
        )
        .bind(zone)
        .bind(from)
        .bind(until)
        .bind(at)
        .fetch_one(&mut world.owner)
        .await
        .unwrap();
        assert_eq!(told.as_deref(), end, "{zone} {at}");
    }
}
