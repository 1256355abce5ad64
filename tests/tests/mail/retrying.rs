//! What SES does not take: tried again later, in longer and longer steps, or given up with the reason.

use notify::Stopped;
use portal_domain::mail::{Mail, MailKind};
use serde_json::{Value, json};

use crate::ses::Mood;
use crate::support::{World, reset};

const PAUSE: &str = "SELECT to_jsonb(round(extract(epoch FROM not_before - now()))::int) FROM outbox";

#[tokio::test]
async fn an_outage_is_waited_out_without_wearing_out_the_whole_backlog() {
    let mut world = World::create().await;
    world.add_many(100).await;
    world.ses.set_mood(Mood::Broken);
    let report = world.run().await;
    assert_eq!(
        (report.sent, report.failed, report.stopped),
        (0, 0, Stopped::Outage)
    );
    assert!(report.retried >= 5, "{report:?}");
    assert!(
        world.ses.asked() < 40,
        "{} mails were tried: the run did not stop",
        world.ses.asked()
    );
    let retried = world
        .scalar(
            "SELECT to_jsonb(count(*)) FROM outbox WHERE attempts = 1 AND state = 'PENDING' AND claimed_until IS NULL
            AND not_before > now() AND last_error LIKE '%InternalFailure%' AND secret IS NOT NULL",
        )
        .await;
    assert_eq!(retried, json!(report.retried));
    let untouched = world
        .scalar("SELECT to_jsonb(count(*)) FROM outbox WHERE attempts = 0 AND claimed_until IS NULL AND last_error IS NULL")
        .await;
    assert_eq!(untouched, json!(100 - report.retried));

    world.ses.set_mood(Mood::Takes);
    world.let_pauses_pass().await;
    assert_eq!(world.run().await.sent, 100);
    assert_eq!(world.ses.counts().len(), 100);
    assert_eq!(world.ses.taken().len(), 100);
    let errors = world
        .scalar("SELECT to_jsonb(count(last_error)) FROM outbox")
        .await;
    assert_eq!(errors, json!(0), "what went out in the end has no error");
}

#[tokio::test]
async fn too_high_a_rate_ends_the_run_at_once() {
    let world = World::create().await;
    world.add_many(100).await;
    world.ses.set_mood(Mood::Throttles);
    let report = world.run().await;
    assert_eq!(
        (report.sent, report.failed, report.stopped),
        (0, 0, Stopped::Outage)
    );
    assert!(world.ses.asked() <= 20, "{}", world.ses.asked());
}

#[tokio::test]
async fn the_pause_doubles_and_the_mail_is_given_up_in_the_end_with_the_reason() {
    let mut world = World::create().await;
    world.add(&reset("poison@example.org", "tok-1")).await;
    // Half of the jitter: three quarters of 30 and of 60 seconds.
    for pause in [22..=23, 44..=45] {
        assert_eq!(world.run().await.retried, 1);
        let seconds = world.scalar(PAUSE).await.as_i64().unwrap();
        assert!(pause.contains(&seconds), "{seconds} s");
        assert_eq!(
            world.run().await,
            notify::Report::default(),
            "not before its time"
        );
        world.let_pauses_pass().await;
    }
    assert_eq!(world.run().await.failed, 1);
    let row = world.row("poison@example.org").await;
    assert_eq!((&row["state"], &row["attempts"]), (&json!("FAILED"), &json!(3)));
    assert_eq!(
        (&row["secret"], &row["claimed_until"]),
        (&Value::Null, &Value::Null)
    );
    let reason = row["last_error"].as_str().unwrap();
    assert!(
        reason.starts_with("given up after 3 tries") && reason.contains("InternalFailure"),
        "{reason}"
    );
    world.let_pauses_pass().await;
    assert_eq!(world.run().await, notify::Report::default());
}

#[tokio::test]
async fn a_refused_address_is_given_up_at_once() {
    let mut world = World::create().await;
    world.add(&reset("rejected@example.org", "tok-1")).await;
    world.add(&reset("ana@example.org", "tok-2")).await;
    let report = world.run().await;
    assert_eq!((report.failed, report.sent, world.ses.asked()), (1, 1, 2));
    let row = world.row("rejected@example.org").await;
    assert_eq!(
        (&row["state"], &row["attempts"], &row["secret"]),
        (&json!("FAILED"), &json!(1), &Value::Null)
    );
    assert!(
        row["last_error"]
            .as_str()
            .unwrap()
            .contains("BadRequestException"),
        "{row}"
    );
}

#[tokio::test]
async fn a_poisoned_mail_holds_up_no_other() {
    let mut world = World::create().await;
    for n in 0..3 {
        world.add(&reset(&format!("poison{n}@example.org"), "tok")).await;
    }
    world.add_many(50).await;
    let report = world.run().await;
    assert_eq!(
        (report.sent, report.retried, report.stopped),
        (50, 3, Stopped::Empty)
    );
    world.add(&reset("late@example.org", "tok")).await;
    world.let_pauses_pass().await;
    let report = world.run().await;
    assert_eq!((report.sent, report.retried), (1, 3));
}

#[tokio::test]
async fn rows_that_cannot_be_written_are_settled_each_in_its_way() {
    let mut world = World::create().await;
    // A token that is missing stays missing; one that was sealed for another row is not opened; a kind of a newer version waits.
    world
        .add(&Mail::new(MailKind::VerifyEmail, "none@example.org"))
        .await;
    world.add(&reset("one@example.org", "tok-1")).await;
    world.add(&reset("other@example.org", "tok-2")).await;
    world
        .add(&Mail::new(MailKind::MfaEnabled, "newer@example.org"))
        .await;
    world
        .execute(
            "UPDATE outbox SET secret = (SELECT secret FROM outbox WHERE recipient = 'one@example.org')
                WHERE recipient = 'other@example.org';
            UPDATE outbox SET kind = 'OF_A_NEWER_VERSION' WHERE recipient = 'newer@example.org'",
        )
        .await;
    let report = world.run().await;
    assert_eq!(
        (report.sent, report.failed, report.retried),
        (1, 2, 1),
        "{report:?}"
    );
    for (address, state, reason) in [
        ("none@example.org", "FAILED", "carries a token"),
        ("other@example.org", "FAILED", "sealed for another place"),
        ("newer@example.org", "PENDING", "OF_A_NEWER_VERSION"),
    ] {
        let row = world.row(address).await;
        assert_eq!(row["state"], state, "{row}");
        assert!(row["last_error"].as_str().unwrap().contains(reason), "{row}");
    }
}

#[tokio::test]
async fn a_row_that_every_run_dies_of_is_given_up() {
    let mut world = World::create().await;
    world.add(&reset("ana@example.org", "tok-1")).await;
    world
        .execute("UPDATE outbox SET attempts = 3, claimed_until = now() - interval '1 second'")
        .await;
    assert_eq!((world.run().await.failed, world.ses.asked()), (1, 0));
    let row = world.row("ana@example.org").await;
    assert!(row["last_error"].as_str().unwrap().contains("died"), "{row}");
}
