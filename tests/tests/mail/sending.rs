//! What goes out, to whom, and what is left of it.

use std::collections::BTreeSet;
use std::time::Duration;

use notify::Stopped;
use portal_domain::mail::{Mail, MailKind};
use portal_jobs::Deadline;
use portal_tests::members::Member;
use serde_json::json;

use crate::ses::{message_id, recipient, text};
use crate::support::{World, deadline_in, reset, schedule, settings};

#[tokio::test]
async fn a_mail_goes_out_once_with_its_words_and_its_id() {
    let mut world = World::create().await;
    let ana = Member::add(&mut world.owner, "Ana", &[]).await;
    let mut mail = reset("ana@example.org", "tok-1");
    mail.user_id = Some(ana.id.into());
    world.add(&mail).await;
    let report = world.run().await;
    assert_eq!((report.sent, report.stopped), (1, Stopped::Empty));
    assert_eq!(world.run().await.sent, 0);

    let taken = world.ses.taken();
    assert_eq!(taken.len(), 1);
    assert_eq!(recipient(&taken[0]), "ana@example.org");
    assert_eq!(taken[0]["FromEmailAddress"], settings().from);
    assert!(text(&taken[0]).starts_with("Hello Ana,\n"), "{}", text(&taken[0]));
    assert!(text(&taken[0]).contains("https://portal.example/reset-password#token=tok-1\n"));
    let row = world.row("ana@example.org").await;
    assert_eq!(row["id"], json!(message_id(&taken[0])));
    assert_eq!((&row["state"], &row["attempts"]), (&json!("SENT"), &json!(1)));
    assert!(row["provider_message_id"].is_string() && row["sent_at"].is_string());
}

#[tokio::test]
async fn a_mail_is_not_sent_when_its_cause_is_rolled_back_or_its_time_has_not_come() {
    let mut world = World::create().await;
    let context = portal_data::RequestContext::new(uuid::Uuid::now_v7(), portal_domain::Caller::Anonymous);
    let mut tx = world.portal.begin(&context).await.unwrap();
    let mail = Mail::new(MailKind::MfaEnabled, "never@example.org");
    portal_data::outbox::add(&mut tx, &world.sealer, &mail)
        .await
        .unwrap();
    tx.rollback().await.unwrap();
    let mut later = Mail::new(MailKind::MfaEnabled, "later@example.org");
    later.not_before = Some(time::OffsetDateTime::now_utc() + Duration::from_secs(3600));
    world.add(&later).await;

    assert_eq!(world.run().await.sent, 0);
    world.let_pauses_pass().await;
    assert_eq!(world.run().await.sent, 1);
    assert_eq!(recipient(&world.ses.taken()[0]), "later@example.org");
}

#[tokio::test]
async fn of_mails_with_one_key_the_first_is_kept() {
    let mut world = World::create().await;
    for (address, key) in [
        ("a@example.org", "k"),
        ("b@example.org", "k"),
        ("c@example.org", "l"),
    ] {
        let mut mail = Mail::new(MailKind::NewSignIn, address);
        mail.deduplication_key = Some(key.to_owned());
        world.add(&mail).await;
    }
    assert_eq!(world.run().await.sent, 2);
    let kept = world
        .scalar("SELECT jsonb_agg(recipient ORDER BY recipient) FROM outbox")
        .await;
    assert_eq!(kept, json!(["a@example.org", "c@example.org"]));
}

#[tokio::test]
async fn nothing_goes_out_for_an_account_that_was_deleted() {
    let mut world = World::create().await;
    let ana = Member::add(&mut world.owner, "Ana", &[]).await;
    let mut mail = reset("ana@example.org", "tok-1");
    mail.user_id = Some(ana.id.into());
    world.add(&mail).await;
    world.execute("UPDATE users SET deleted_at = now()").await;
    let report = world.run().await;
    assert_eq!((report.suppressed, report.sent, world.ses.asked()), (1, 0, 0));
    let row = world.row("ana@example.org").await;
    assert_eq!(
        (&row["state"], &row["secret"]),
        (&json!("SUPPRESSED"), &json!(null))
    );
}

#[tokio::test]
async fn two_runs_at_once_share_the_work_and_repeat_none_of_it() {
    let mut world = World::create().await;
    world.add_many(200).await;
    world.ses.set_latency(Duration::from_millis(5));
    // A small rate makes small claims, so that both get some.
    let slow = || notify::Settings {
        rate: 50,
        ..settings()
    };
    let (one, other) = (
        world.notifier_with(slow()).await,
        world.notifier_with(slow()).await,
    );
    let (one, other) = tokio::join!(
        one.serve(schedule(), Deadline::never()),
        other.serve(schedule(), Deadline::never())
    );
    let (one, other) = (one.unwrap(), other.unwrap());
    assert_eq!(one.sent + other.sent, 200, "{one:?} {other:?}");
    assert!(one.sent > 0 && other.sent > 0, "{one:?} {other:?}");
    assert_eq!(world.ses.counts().len(), 200);
    assert_eq!(world.ses.taken().len(), 200);
    assert_eq!(world.states().await, json!({ "SENT": 200 }));
}

#[tokio::test]
async fn a_run_stops_before_its_deadline_and_leaves_the_rest_as_it_was() {
    let mut world = World::create().await;
    world.add_many(60).await;
    let slow = notify::Settings {
        rate: 20,
        ..settings()
    };
    let notifier = world.notifier_with(slow).await;
    let report = notifier
        .serve(schedule(), deadline_in(Duration::from_millis(400)))
        .await
        .unwrap();
    assert_eq!(report.stopped, Stopped::Deadline);
    assert!(report.sent > 0 && report.released > 0, "{report:?}");
    let sent = report.sent;
    let untouched = world
        .scalar("SELECT to_jsonb(count(*)) FROM outbox WHERE state = 'PENDING' AND attempts = 0 AND claimed_until IS NULL")
        .await;
    assert_eq!(untouched, json!(60 - sent));
    assert_eq!(world.run().await.sent, 60 - sent);
    assert_eq!(world.ses.counts().len(), 60);
    assert_eq!(world.ses.taken().len(), 60);
}

#[tokio::test]
async fn a_deadline_that_has_come_takes_nothing_up() {
    let mut world = World::create().await;
    world.add_many(3).await;
    let notifier = world.notifier().await;
    let report = notifier
        .serve(schedule(), deadline_in(Duration::ZERO))
        .await
        .unwrap();
    assert_eq!(
        (report.stopped, report.sent, world.ses.asked()),
        (Stopped::Deadline, 0, 0)
    );
    let attempts = world
        .scalar("SELECT jsonb_agg(DISTINCT attempts) FROM outbox")
        .await;
    assert_eq!(attempts, json!([0]));
}

#[tokio::test]
async fn mails_go_out_at_the_rate_that_is_set() {
    let world = World::create().await;
    world.add_many(11).await;
    let notifier = world
        .notifier_with(notify::Settings {
            rate: 20,
            ..settings()
        })
        .await;
    let began = std::time::Instant::now();
    let report = notifier.serve(schedule(), Deadline::never()).await.unwrap();
    assert_eq!(report.sent, 11);
    // Ten times 50 ms between eleven mails.
    assert!(
        began.elapsed() >= Duration::from_millis(500),
        "{:?}",
        began.elapsed()
    );
    let to: BTreeSet<_> = world
        .ses
        .taken()
        .iter()
        .map(|mail| recipient(mail).to_owned())
        .collect();
    assert_eq!(to.len(), 11);
}
