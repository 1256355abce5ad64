//! The token that a mail carries is in the mail, and nowhere else.

use portal_domain::mail::{Mail, MailKind};
use serde_json::{Value, json};

use crate::process::Process;
use crate::ses::{Mood, text};
use crate::support::{World, reset};

const TOKEN: &str = "hunter2-never-to-be-seen";
/// Everything of the outbox and of the audit log, bytes as text too.
const EVERYTHING: &str = "SELECT to_jsonb(concat(
        (SELECT string_agg(o::text || COALESCE(encode(o.secret, 'escape'), ''), ' ') FROM outbox AS o),
        (SELECT string_agg(a::text, ' ') FROM audit_log AS a)))";

async fn is_nowhere(world: &mut World) {
    let everything = world.scalar(EVERYTHING).await;
    let everything = everything.as_str().unwrap();
    assert!(
        everything.contains("@example.org"),
        "there is something to look at"
    );
    assert!(!everything.contains("hunter2"), "{everything}");
}

#[tokio::test]
async fn a_secret_is_sealed_while_it_waits_and_gone_afterwards() {
    let mut world = World::create().await;
    let mut suppressed = reset("gone@example.org", TOKEN);
    let ana = portal_tests::members::Member::add(&mut world.owner, "Ana", &[]).await;
    suppressed.user_id = Some(ana.id.into());
    world.add(&suppressed).await;
    world.execute("UPDATE users SET deleted_at = now()").await;
    for address in ["ana@example.org", "rejected@example.org", "poison@example.org"] {
        world.add(&reset(address, TOKEN)).await;
    }
    is_nowhere(&mut world).await;
    let sealed = "SELECT to_jsonb(count(secret)) FROM outbox";
    assert_eq!(world.scalar(sealed).await, json!(4));

    world.run().await;
    is_nowhere(&mut world).await;
    assert_eq!(
        world.scalar(sealed).await,
        json!(1),
        "only the mail that is tried again keeps it"
    );
    assert!(text(&world.ses.taken()[0]).contains(TOKEN));
    for _ in 0..2 {
        world.let_pauses_pass().await;
        world.run().await;
    }
    assert_eq!(
        world.states().await,
        json!({ "SENT": 1, "FAILED": 2, "SUPPRESSED": 1 })
    );
    assert_eq!(world.scalar(sealed).await, json!(0));
    is_nowhere(&mut world).await;
}

#[tokio::test]
async fn each_row_seals_in_its_own_way() {
    let mut world = World::create().await;
    for address in ["a@example.org", "b@example.org"] {
        world.add(&reset(address, TOKEN)).await;
    }
    let distinct = world
        .scalar("SELECT to_jsonb(count(DISTINCT secret)) FROM outbox")
        .await;
    assert_eq!(distinct, json!(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_log_line_names_a_secret_or_an_address() {
    let mut world = World::create().await;
    let broken = Mail {
        secret: Some(TOKEN.to_owned()),
        ..Mail::new(MailKind::VerifyEmail, "poison-hidden@example.org")
    };
    world.add(&broken).await;
    world.add(&reset("rejected-hidden@example.org", TOKEN)).await;
    world.add(&reset("hidden@example.org", TOKEN)).await;
    for mood in [Mood::Takes, Mood::Broken, Mood::Throttles] {
        world.ses.set_mood(mood);
        world.add(&reset("another-hidden@example.org", TOKEN)).await;
        world.let_pauses_pass().await;
        let process = Process::start(&world, &[("AWS_LAMBDA_LOG_LEVEL", "DEBUG")]).await;
        let answer = process.answer().await;
        let tried = ["sent", "retried", "failed"].map(|name| answer[name].as_u64().unwrap());
        assert!(tried.iter().sum::<u64>() > 0, "{answer}");
        let log = process.log();
        assert!(
            log.contains("MailsSent") && log.contains("the row says why"),
            "{log}"
        );
        for never in ["hunter2", "hidden@"] {
            assert!(!log.contains(never), "{never} stands in the log, {mood:?}: {log}");
        }
    }
    let rows = world.scalar("SELECT jsonb_agg(state) FROM outbox").await;
    assert_ne!(rows, Value::Null);
    is_nowhere(&mut world).await;
}
