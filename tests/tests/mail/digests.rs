//! The daily digest: one mail for a day's unread messages, never two, and none forgotten.

use std::time::{Duration, Instant};

use portal_data::{Database, messages};
use portal_domain::message::NewMessage;
use portal_tests::members::Member;
use serde_json::json;

use crate::process::Process;
use crate::ses::{recipient, text};
use crate::support::World;

/// How long the server may take to notice that a client is gone.
const PATIENCE: Duration = Duration::from_secs(30);

async fn write(api: &Database, from: Member, to: Member) {
    let mut tx = api.begin(&from.request()).await.unwrap();
    let thread = messages::hold(&mut tx, to.id.into()).await.unwrap();
    let new = NewMessage {
        receiver_id: to.id.into(),
        subject: None,
        content: "hello".to_owned().try_into().unwrap(),
    };
    messages::add(&mut tx, from.id.into(), &new, thread.is_first)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

/// It is morning wherever somebody waits for a digest.
async fn let_morning_come(world: &mut World) {
    world.execute("UPDATE message_digests SET due_at = now()").await;
}

#[tokio::test]
async fn a_days_messages_are_one_mail_and_none_before_morning() {
    let mut world = World::create().await;
    let api = world.database.open("portal_api", false).await;
    let ana = Member::add(&mut world.owner, "ana", &[]).await;
    let bo = Member::add(&mut world.owner, "bo", &[]).await;
    let cy = Member::add(&mut world.owner, "cy", &[]).await;
    for from in [bo, bo, cy] {
        write(&api, from, ana).await;
    }
    assert_eq!(world.run().await.sent, 0);
    let morning = world
        .scalar(
            "SELECT to_jsonb((due_at AT TIME ZONE 'America/Los_Angeles')::time::text) FROM message_digests",
        )
        .await;
    assert_eq!(morning, json!("08:00:00"));
    let_morning_come(&mut world).await;
    let report = world.run().await;
    assert_eq!((report.digests, report.sent), (1, 1));
    let mail = &world.ses.taken()[0];
    assert_eq!(recipient(mail), "ana@example.org");
    assert!(text(mail).contains("3 messages from 2 members"), "{}", text(mail));
    assert_eq!(world.run().await.sent, 0);

    // What was told of is not told of again; what comes later is, the next morning.
    write(&api, cy, ana).await;
    assert_eq!(world.run().await.sent, 0);
    let_morning_come(&mut world).await;
    assert_eq!(world.run().await.sent, 1);
    assert!(text(&world.ses.taken()[1]).contains("There is a message that"));
}

#[tokio::test]
async fn who_has_read_everything_or_wants_no_digest_gets_none() {
    let mut world = World::create().await;
    let api = world.database.open("portal_api", false).await;
    let ana = Member::add(&mut world.owner, "ana", &[]).await;
    let bo = Member::add(&mut world.owner, "bo", &[]).await;
    write(&api, bo, ana).await;
    write(&api, ana, bo).await;
    world.execute("UPDATE messages SET status = 'READ', read_at = now() WHERE content = 'hello' AND receiver_id IN (SELECT id FROM users WHERE first_name = 'ana')").await;
    world
        .execute("UPDATE users SET notification_preferences = '{\"digest\": false}' WHERE first_name = 'bo'")
        .await;
    let_morning_come(&mut world).await;
    let report = world.run().await;
    assert_eq!((report.digests, report.sent, report.suppressed), (2, 0, 1));
}

#[tokio::test]
async fn two_runs_at_once_and_one_that_is_killed_make_each_digest_once() {
    let mut world = World::create().await;
    let api = world.database.open("portal_api", false).await;
    let bo = Member::add(&mut world.owner, "bo", &[]).await;
    for number in 0..30 {
        let member = Member::add(&mut world.owner, &format!("member{number}"), &[]).await;
        write(&api, bo, member).await;
    }
    let_morning_come(&mut world).await;
    let mut killed = Process::start(&world, &[]).await;
    // However far it has come.
    killed.kill();
    world
        .execute("UPDATE outbox SET claimed_until = NULL WHERE state = 'PENDING'")
        .await;
    tokio::join!(world.run(), world.run());
    // Until the server has noticed that the killed one is gone, its rows are locked.
    let began = Instant::now();
    while world
        .scalar("SELECT to_jsonb(count(*)) FROM message_digests")
        .await
        != json!(0)
    {
        assert!(began.elapsed() < PATIENCE, "some digests are never made");
        world.run().await;
    }
    let made = world
        .scalar("SELECT jsonb_build_array(count(*), count(DISTINCT user_id)) FROM outbox WHERE kind = 'MESSAGE_DIGEST'")
        .await;
    assert_eq!(made, json!([30, 30]));
}

/// Messages that are written while digests are made are in them, or in the next ones.
#[tokio::test]
async fn no_message_falls_between_two_digests() {
    let mut world = World::create().await;
    let api = world.database.open("portal_api", false).await;
    let ana = Member::add(&mut world.owner, "ana", &[]).await;
    let bo = Member::add(&mut world.owner, "bo", &[]).await;
    for _ in 0..15 {
        write(&api, bo, ana).await;
        let_morning_come(&mut world).await;
        tokio::join!(write(&api, bo, ana), world.run());
    }
    let_morning_come(&mut world).await;
    world.run().await;
    let told = world
        .scalar(
            "SELECT to_jsonb(sum((payload ->> 'messages')::int)) FROM outbox WHERE kind = 'MESSAGE_DIGEST'",
        )
        .await;
    assert_eq!(told, json!(30));
}
