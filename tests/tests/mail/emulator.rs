//! The same through the emulator of SES, as `cargo xtask dev` runs it.

use notify::{Mailer, Notifier};
use portal_domain::mail::{Mail, MailKind};
use portal_jobs::Deadline;
use portal_tests::stack::Stack;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{World, schedule, settings};

/// What the emulator keeps of the mails to an address: their id, sender, subject and bodies, but none of their headers.
async fn kept(address: &str) -> Vec<Value> {
    let url = format!("{}/_ministack/ses/messages", Stack::get().aws_endpoint);
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let kept: Value = client.get(url).send().await.unwrap().json().await.unwrap();
    let accounts = kept["messages"].as_object().unwrap().values();
    let mails = accounts.flat_map(|mails| mails.as_array().unwrap().clone());
    mails.filter(|mail| mail["To"] == json!([address])).collect()
}

async fn notifier(world: &World, from: String) -> Notifier {
    let config = Stack::get().aws().await;
    Notifier::new(
        world.database.open("portal_jobs", false).await,
        world.sealer.clone(),
        crate::support::link_keys().await,
        Mailer::with_config(&aws_sdk_sesv2::config::Builder::from(&config)),
        notify::Settings { from, ..settings() },
        || 0.5,
    )
}

#[tokio::test]
async fn the_emulator_takes_and_keeps_a_mail() {
    let mut world = World::create().await;
    let address = format!("{}@example.org", Uuid::now_v7());
    world
        .add(&Mail::new(MailKind::MfaEnabled, address.as_str()))
        .await;
    let notifier = notifier(&world, settings().from).await;
    for sent in [1, 0] {
        let report = notifier.serve(schedule(), Deadline::never()).await.unwrap();
        assert_eq!(report.sent, sent, "{report:?}");
    }
    let kept = kept(&address).await;
    assert_eq!(kept.len(), 1);
    assert_eq!(kept[0]["Source"], settings().from);
    assert_eq!(kept[0]["Subject"], "Two-step sign-in is on");
    assert!(
        kept[0]["BodyText"]
            .as_str()
            .unwrap()
            .contains("authenticator app")
    );
    assert!(
        kept[0]["BodyHtml"]
            .as_str()
            .unwrap()
            .starts_with("<!DOCTYPE html>")
    );
    assert_eq!(
        world.row(&address).await["provider_message_id"],
        kept[0]["MessageId"]
    );
}

#[tokio::test]
async fn a_sender_that_is_not_verified_fails_no_mail() {
    let mut world = World::create().await;
    let address = format!("{}@example.org", Uuid::now_v7());
    world
        .add(&Mail::new(MailKind::MfaEnabled, address.as_str()))
        .await;
    let notifier = notifier(&world, "somebody@not-ours.example".to_owned()).await;
    let report = notifier.serve(schedule(), Deadline::never()).await.unwrap();
    assert_eq!((report.sent, report.retried, report.failed), (0, 1, 0));
    let row = world.row(&address).await;
    assert!(
        row["last_error"].as_str().unwrap().contains("not verified"),
        "{row}"
    );
    assert!(kept(&address).await.is_empty());
}
