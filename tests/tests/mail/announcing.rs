//! Urgent announcements: a mail for everybody whom one is for, in batches that survive anything.

use std::time::Duration;

use portal_data::{RequestContext, Tx, announcements, outbox};
use portal_domain::Caller;
use portal_domain::mail::{Mail, MailKind};
use portal_tests::members::Member;
use serde_json::json;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::ses::{recipient, text};
use crate::support::{World, reset};

async fn announce(world: &mut World, author: Member, columns: &str, values: &str) {
    world
        .execute(&format!(
            "INSERT INTO announcements (id, author_id, title, content, {columns})
            VALUES (gen_random_uuid(), '{}', 'The office is closed', 'Today.', {values})",
            author.id
        ))
        .await;
}

#[tokio::test]
async fn an_urgent_one_is_mailed_once_it_is_due_to_those_whom_it_is_for() {
    let mut world = World::create().await;
    let staff = Member::add(&mut world.owner, "staff", &["support"]).await;
    Member::add(&mut world.owner, "ana", &["finance"]).await;
    Member::add(&mut world.owner, "new", &["finance"]).await;
    world
        .execute("UPDATE users SET approved_at = NULL WHERE first_name = 'new'")
        .await;
    let finance = "(SELECT id FROM roles WHERE name = 'finance')";
    announce(
        &mut world,
        staff,
        "is_urgent, audience, audience_role_id",
        &format!("true, 'ROLE', {finance}"),
    )
    .await;
    announce(
        &mut world,
        staff,
        "is_urgent, publish_at",
        "true, now() + interval '1 hour'",
    )
    .await;
    announce(&mut world, staff, "is_urgent", "false").await;
    announce(
        &mut world,
        staff,
        "is_urgent, publish_at, expires_at",
        "true, now() - interval '2 hours', now() - interval '1 hour'",
    )
    .await;
    announce(&mut world, staff, "is_urgent, deleted_at", "true, now()").await;
    let report = world.run().await;
    assert_eq!(report.sent, 1, "{report:?}");
    let mail = &world.ses.taken()[0];
    assert_eq!(recipient(mail), "ana@example.org");
    assert!(text(mail).contains("The office is closed"), "{}", text(mail));
    let waiting = world
        .scalar("SELECT jsonb_agg(publish_at > now()) FROM announcements WHERE notified_at IS NULL AND deleted_at IS NULL")
        .await;
    assert_eq!(waiting, json!([true]));
    let versions = world
        .scalar("SELECT to_jsonb(max(version)) FROM announcements")
        .await;
    assert_eq!(versions, json!(1), "that it went out is no new version");
    world
        .execute("UPDATE announcements SET publish_at = now() WHERE notified_at IS NULL")
        .await;
    assert_eq!(world.run().await.sent, 2);
    assert_eq!(world.run().await.sent, 0);
}

#[tokio::test]
async fn twenty_thousand_members_get_one_mail_each_however_often_the_work_is_cut() {
    let mut world = World::create().await;
    let staff = Member::add(&mut world.owner, "staff", &[]).await;
    world
        .execute(
            "INSERT INTO users (id, email, first_name, last_name, is_verified, approved_at)
            SELECT gen_random_uuid(), 'member' || n || '@example.org', 'Member', 'Test', true, now() FROM generate_series(1, 20000) AS n",
        )
        .await;
    announce(&mut world, staff, "is_urgent", "true").await;
    let jobs = world.database.open("portal_jobs", false).await;
    let context = RequestContext::new(Uuid::now_v7(), Caller::Anonymous);
    let batch = async |tx: &mut Tx| {
        announcements::publish(tx, OffsetDateTime::now_utc(), 1_000)
            .await
            .unwrap()
    };
    let mut batches = 0;
    loop {
        // A run that dies before its commit, and one that comes to its end.
        let mut lost = jobs.begin(&context).await.unwrap();
        batch(&mut lost).await;
        lost.rollback().await.unwrap();
        let mut tx = jobs.begin(&context).await.unwrap();
        let went_on = batch(&mut tx).await;
        tx.commit().await.unwrap();
        if !went_on {
            break;
        }
        batches += 1;
    }
    assert_eq!(batches, 22, "21 with members, and one that finds no more");
    let made = world
        .scalar("SELECT jsonb_build_array(count(*), count(DISTINCT user_id), count(DISTINCT recipient)) FROM outbox")
        .await;
    assert_eq!(made, json!([20001, 20001, 20001]));
}

#[tokio::test]
async fn a_new_password_waits_for_no_mail_that_goes_to_many() {
    let world = World::create().await;
    for kind in [
        MailKind::MessageDigest,
        MailKind::SavedSearchAlert,
        MailKind::UrgentAnnouncement,
    ] {
        world.add(&Mail::new(kind, "many@example.org")).await;
    }
    world.add(&reset("ana@example.org", "token")).await;
    let jobs = world.database.open("portal_jobs", false).await;
    let context = RequestContext::new(Uuid::now_v7(), Caller::Anonymous);
    let mut tx = jobs.begin(&context).await.unwrap();
    let mut claim = async || outbox::claim(&mut tx, 1, Duration::from_secs(60)).await.unwrap();
    assert_eq!(claim().await[0].recipient, "ana@example.org");
    assert_eq!(claim().await[0].recipient, "many@example.org");
}
