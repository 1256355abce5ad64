//! The function killed in the middle of its work, again and again.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use rand::{Rng as _, SeedableRng as _};
use serde_json::json;
use uuid::Uuid;

use crate::process::Process;
use crate::support::World;

/// How many mails there are.
const MAILS: usize = 300;
/// How often the function is killed before it is let finish.
const KILLS: usize = 8;
/// How many mails are on their way at once.
const AT_ONCE: usize = 16;
const PATIENCE: Duration = Duration::from_secs(60);
const LOOK: Duration = Duration::from_millis(1);

#[tokio::test(flavor = "multi_thread")]
async fn kills_lose_no_mail_and_repeat_only_what_was_on_its_way() {
    let mut world = World::create().await;
    world.add_many(MAILS).await;
    world.ses.set_latency(Duration::from_millis(8));
    let mut chance = rand::rngs::StdRng::seed_from_u64(20_260_824);
    // How often each mail went out in vain: it was on its way, and its row does not say so.
    let mut in_vain: BTreeMap<Uuid, usize> = BTreeMap::new();
    for _ in 0..KILLS {
        let before = world.ses.counts();
        let enough = world.ses.taken().len() + chance.random_range(1..30);
        let mut process = Process::start(&world, &[("PORTAL_MAIL_RATE", "500")]).await;
        until(|| world.ses.taken().len() >= enough, &process).await;
        process.kill();
        settle(&mut world).await;
        let unmarked = unmarked(&mut world).await;
        let new: usize = unmarked
            .iter()
            .map(|(id, count)| count - before.get(id).copied().unwrap_or(0))
            .sum();
        assert!(new <= AT_ONCE, "{new} mails were sent and not marked");
        in_vain.extend(unmarked);
        // What time does.
        world
            .execute("UPDATE outbox SET claimed_until = now() WHERE state = 'PENDING' AND claimed_until IS NOT NULL")
            .await;
    }
    let unfinished = world.states().await;
    assert!(
        unfinished["PENDING"].as_u64().unwrap() > 0,
        "the kills came too late: {unfinished}"
    );
    assert!(
        !in_vain.is_empty(),
        "no kill came between SES and the mark: the test shows nothing"
    );

    let last = Process::start(&world, &[("PORTAL_MAIL_RATE", "500")]).await;
    assert_eq!(last.answer().await["stopped"], "empty");
    assert_eq!(world.states().await, json!({ "SENT": MAILS }));
    let counts = world.ses.counts();
    assert_eq!(counts.len(), MAILS, "every mail went out");
    for (id, count) in counts {
        let vain = in_vain.get(&id).copied().unwrap_or(0);
        assert_eq!(
            count,
            vain + 1,
            "{id} went out again though its row said that it had"
        );
    }
}

/// Waits for what the process is to do.
async fn until(reached: impl Fn() -> bool, process: &Process) {
    let began = Instant::now();
    while !reached() {
        assert!(began.elapsed() < PATIENCE, "{}", process.log());
        assert!(
            !process.has_answered(),
            "it ended before it was killed: {}",
            process.log()
        );
        tokio::time::sleep(LOOK).await;
    }
}

/// Waits until the database has dealt with whatever the process had sent it.
async fn settle(world: &mut World) {
    let busy = "SELECT to_jsonb(count(*)) FROM pg_stat_activity
        WHERE datname = current_database() AND usename = 'portal_jobs' AND state <> 'idle'";
    let began = Instant::now();
    while world.scalar(busy).await != json!(0) {
        assert!(
            began.elapsed() < PATIENCE,
            "the pooler keeps a transaction of a dead client"
        );
        tokio::time::sleep(LOOK).await;
    }
}

/// The mails that SES has taken and whose rows do not say so, with how often it has.
async fn unmarked(world: &mut World) -> BTreeMap<Uuid, usize> {
    let pending = "SELECT COALESCE(jsonb_object_agg(id, true), '{}') FROM outbox WHERE state = 'PENDING'";
    let pending = world.scalar(pending).await;
    let mut counts = world.ses.counts();
    counts.retain(|id, _| pending.get(id.to_string()).is_some());
    counts
}
