//! Rotating the data keys while requests run.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use portal_data::sealing::KEYS_STAY;
use portal_data::{mfa, outbox};
use portal_domain::ids::UserId;
use portal_domain::secure_data::SecureKind;
use portal_jobs::Deadline;
use portal_tests::members::Member;
use tokio::task::JoinHandle;

use crate::support::{World, begin, put};

/// How long the functions of these tests hold their keys.
const HELD: Duration = Duration::from_millis(200);

/// Longer than that and any of their requests takes.
const SETTLING: Duration = Duration::from_secs(3);

/// Values that are not under a key.
const OTHERS: &str = "
    SELECT (SELECT count(*) FROM secure_data WHERE key_id <> 'k2' OR substring(ciphertext FROM 3 FOR 2) <> 'k2')
        + (SELECT count(*) FROM users WHERE substring(mfa_secret FROM 3 FOR 2) <> 'k2')
        + (SELECT count(*) FROM outbox WHERE substring(secret FROM 3 FOR 2) <> 'k2')";

/// A Social Security number by its count.
fn number(count: usize) -> String {
    format!("123-{:02}-{:04}", 1 + count / 9000 % 99, 1 + count % 9000)
}

/// A function that goes on changing one member's number; it returns the last one.
async fn writer(world: &World, member: Member, stop: &Arc<AtomicBool>) -> JoinHandle<String> {
    let portal = world.database.open("portal_api", false).await;
    let sealer = world.keys.sealer(HELD).await;
    let stop = Arc::clone(stop);
    tokio::spawn(async move {
        let mut count = 0;
        loop {
            let last = number(count);
            put(&portal, &sealer, member, SecureKind::Ssn, &last)
                .await
                .unwrap();
            if stop.load(Ordering::Relaxed) {
                return last;
            }
            count += 1;
        }
    })
}

/// Everything that [`World::fill_other_places`] has stored can be read.
async fn other_places_are_readable(world: &World, members: &[Member]) {
    let mut tx = world.auth().await;
    for member in members {
        let stored = mfa::lock(&mut tx, &world.sealer, UserId::from(member.id))
            .await
            .unwrap();
        assert_eq!(stored.unwrap().secret, member.id.as_bytes());
    }
    tx.rollback().await.unwrap();
    let mut tx = begin(&world.database.open("portal_jobs", false).await).await;
    let mails = outbox::claim(&mut tx, 1000, Duration::from_secs(60))
        .await
        .unwrap();
    assert_eq!(mails.len(), members.len());
    let mut tokens = Vec::new();
    for mail in mails {
        tokens.push(mail.secret(&world.sealer).await.unwrap().unwrap());
    }
    tokens.sort();
    let mut expected: Vec<_> = members
        .iter()
        .map(|member| format!("token of {}", member.id))
        .collect();
    expected.sort();
    assert_eq!(tokens, expected);
}

#[tokio::test]
async fn everything_ends_under_the_new_key_while_members_write() {
    let mut world = World::create().await;
    let members = world.members(60).await;
    for (count, member) in members.iter().enumerate() {
        world.put(*member, SecureKind::Ssn, &number(count)).await.unwrap();
        world
            .put(*member, SecureKind::BankRouting, "121000248")
            .await
            .unwrap();
    }
    world.fill_other_places(&members).await;
    let stop = Arc::new(AtomicBool::new(false));
    let mut writers = Vec::new();
    for member in &members[..4] {
        writers.push(writer(&world, *member, &stop).await);
    }

    world.keys.put(&["k2", "k1"]).await;
    let report = world.reencrypt(SETTLING, Deadline::never()).await;
    stop.store(true, Ordering::Relaxed);
    let mut last = Vec::new();
    for writer in writers {
        last.push(writer.await.unwrap());
    }
    assert!(report.complete, "{report:?}");
    assert_eq!(report.key_id, "k2");
    // All but what the writers have sealed anew themselves.
    assert!(report.resealed >= 60 * 4 - 4, "{report:?}");
    let others: i64 = world.look(OTHERS).await;
    assert_eq!(others, 0);

    // The old key is not needed for anything any more.
    world.keys.put(&["k2"]).await;
    world.sealer = world.keys.sealer(KEYS_STAY).await;
    last.extend((4..60).map(number));
    for (member, number) in members.iter().zip(&last) {
        let expected = [format!("SSN {}", &number[7..]), "BANK_ROUTING 0248".to_owned()];
        assert_eq!(world.shown(*member).await.unwrap(), expected);
    }
    other_places_are_readable(&world, &members).await;
}

#[tokio::test]
async fn a_run_that_is_cut_short_is_taken_up_by_the_next() {
    let mut world = World::create().await;
    let members = world.members(500).await;
    world.fill_other_places(&members).await;
    world.keys.put(&["k2", "k1"]).await;

    let over = SystemTime::now().duration_since(UNIX_EPOCH).unwrap() + Duration::from_secs(1);
    let over = Deadline::of_invocation(u64::try_from(over.as_millis()).unwrap(), Duration::from_secs(5));
    let report = world.reencrypt(SETTLING, over).await;
    assert_eq!(
        (report.complete, report.resealed),
        (false, 0),
        "no batch is begun after the deadline"
    );

    // Killed as soon as something has been committed.
    let work = world.reencrypt(SETTLING, Deadline::never());
    let mut watch = world.database.connect("owner").await;
    let seen = async {
        loop {
            let others: i64 = sqlx::query_scalar(OTHERS).fetch_one(&mut watch).await.unwrap();
            if others < 1000 {
                return others;
            }
        }
    };
    let left = tokio::select! {
        biased;
        left = seen => left,
        report = work => panic!("it was done before anybody looked: {report:?}"),
    };
    assert!(left > 0, "it was cut short");

    let report = world.reencrypt(Duration::ZERO, Deadline::never()).await;
    assert!(report.complete, "{report:?}");
    assert!(
        report.resealed < 1000,
        "what was committed is not done again: {report:?}"
    );
    let others: i64 = world.look(OTHERS).await;
    assert_eq!(others, 0);
    world.sealer = world.keys.sealer(KEYS_STAY).await;
    other_places_are_readable(&world, &members).await;
}

#[tokio::test]
async fn two_runs_at_once_do_each_value_once() {
    let mut world = World::create().await;
    let members = world.members(100).await;
    world.fill_other_places(&members).await;
    world.keys.put(&["k2", "k1"]).await;
    let (one, other) = tokio::join!(
        world.reencrypt(Duration::ZERO, Deadline::never()),
        world.reencrypt(Duration::ZERO, Deadline::never()),
    );
    assert!(one.complete && other.complete);
    assert_eq!(one.resealed + other.resealed, 200, "{one:?} {other:?}");
    other_places_are_readable(&world, &members).await;
}

#[tokio::test]
async fn what_no_key_opens_is_named_and_the_rest_is_done() {
    let mut world = World::create().await;
    let members = world.members(3).await;
    for member in &members {
        world.put(*member, SecureKind::Ssn, "123-45-6789").await.unwrap();
    }
    world
        .run(&format!(
            "UPDATE secure_data SET ciphertext = '\\xdeadbeef' WHERE user_id = '{}'",
            members[1].id
        ))
        .await;
    world.keys.put(&["k2", "k1"]).await;
    let report = world.reencrypt(Duration::ZERO, Deadline::never()).await;
    assert_eq!(report.unreadable, [format!("secure_data.SSN/{}", members[1].id)]);
    assert_eq!((report.resealed, report.complete), (2, false));
}

#[tokio::test]
async fn a_value_under_another_key_is_the_same_version_of_its_row() {
    let mut world = World::create().await;
    let member = world.member().await;
    world.put(member, SecureKind::Ssn, "123-45-6789").await.unwrap();
    world.fill_other_places(&[member]).await;
    let rows = "SELECT jsonb_agg(jsonb_build_array(version, updated_at)) FROM (
        SELECT version, updated_at FROM secure_data UNION ALL SELECT version, updated_at FROM users) AS row";
    let before: serde_json::Value = world.look(rows).await;
    world.keys.put(&["k2", "k1"]).await;
    assert_eq!(
        world.reencrypt(Duration::ZERO, Deadline::never()).await.resealed,
        3
    );
    let after: serde_json::Value = world.look(rows).await;
    assert_eq!(before, after);
    let audited: i64 = world
        .look("SELECT count(*) FROM audit_log WHERE database_role = 'portal_maintenance' AND request_id IS NOT NULL")
        .await;
    assert_eq!(audited, 2, "the audit tells of it, with the run");
}
